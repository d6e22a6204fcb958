import { sameMoney } from "../../schema/money.ts";
import { assert, beforeSending, Unrepeatable } from "../../schema/outcome.ts";
import { keysLastMs } from "../method-capabilities.ts";
import { partReference } from "../payment-reference.ts";
import type {
  CaptureRequest,
  CaptureResult,
  ProviderCall,
  RefundRequest,
  RefundResult,
} from "../provider.ts";
import { toAdyenAmount } from "./amounts.ts";
import type { Adyen } from "./client.ts";
import { definiteNo } from "./declines.ts";
import { heardPayment } from "./heard-payment.ts";
import { assertReceived } from "./reversal.ts";

/** Asks for a capture, unless a webhook has told what came of it: "received" is all that an answer says. */
export async function capture(
  { api, config }: Adyen,
  request: CaptureRequest,
  call: ProviderCall,
): Promise<CaptureResult> {
  const heard = captureHeard(request, undefined, call);
  if (heard) return heard;
  const wanted = beforeSending(() => modificationOf(request, "c", config.merchantAccount));
  const asked = await ask(request.key, call, (options) =>
    api.modifications.captureAuthorisedPayment(request.secured.reference, wanted, options),
  );
  if ("reason" in asked) return { capture: "refused", reason: asked.reason };
  return { capture: "pending", reference: asked.reference };
}

/** As the webhooks tell a capture, found by Adyen's name for it or by ours. */
export function captureHeard(
  request: CaptureRequest,
  pending: string | undefined,
  call: ProviderCall,
): CaptureResult | undefined {
  const outcome = outcomeOf("CAPTURE", request, { pending, call });
  if (!outcome) return undefined;
  if (outcome.is === "done") return { capture: "captured", amount: request.amount };
  const { secured, paymentReference } = request;
  const standing = heardPayment({ paymentReference }, secured, call.heard).taken(secured.reference);
  return { capture: "refused", reason: outcome.reason, ...(standing ? { standing } : {}) };
}

/** Asks for a refund, unless a webhook has told what came of it. */
export async function refund(
  { api, config }: Adyen,
  request: RefundRequest,
  call: ProviderCall,
): Promise<RefundResult> {
  const heard = refundHeard(request, undefined, call);
  if (heard) return heard;
  const wanted = beforeSending(() => modificationOf(request, "r", config.merchantAccount));
  const asked = await ask(request.key, call, (options) =>
    api.modifications.refundCapturedPayment(request.secured.reference, wanted, options),
  );
  if ("reason" in asked) return { refund: "refused", reason: asked.reason };
  return { refund: "pending", reference: asked.reference };
}

/** As the webhooks tell a refund: one that bounced later was none. */
export function refundHeard(
  request: RefundRequest,
  pending: string | undefined,
  call: ProviderCall,
): RefundResult | undefined {
  const outcome = outcomeOf("REFUND", request, { pending, call });
  if (!outcome) return undefined;
  if (outcome.is === "refused") return { refund: "refused", reason: outcome.reason };
  return { refund: "refunded", amount: request.amount, reference: outcome.reference };
}

type Modification = CaptureRequest | RefundRequest;
type Received = { readonly pspReference?: string; readonly status?: unknown };

function modificationOf(
  { amount, paymentReference, n }: Modification,
  kind: "c" | "r",
  merchantAccount: string,
) {
  const reference = partReference(paymentReference, kind, n);
  return { merchantAccount, amount: toAdyenAmount(amount), reference };
}

async function ask(
  idempotencyKey: string,
  { nowMs, startedAtMs }: ProviderCall,
  send: (options: { idempotencyKey: string }) => Promise<Received>,
): Promise<{ readonly reference: string } | { readonly reason: string }> {
  if (nowMs - startedAtMs > keysLastMs.adyen) {
    throw new Unrepeatable("Adyen may have forgotten the key: sent again, it would act twice");
  }
  try {
    return { reference: assertReceived(await send({ idempotencyKey })) };
  } catch (error) {
    const reason = definiteNo(error);
    if (reason === undefined) throw error;
    return { reason };
  }
}

/** Over another amount than it was sent with is a bug. */
function outcomeOf(
  type: "CAPTURE" | "REFUND",
  { paymentReference, secured, amount, n }: Modification,
  { pending, call }: { readonly pending: string | undefined; readonly call: ProviderCall },
) {
  const ours = partReference(paymentReference, type === "CAPTURE" ? "c" : "r", n);
  const payment = heardPayment({ paymentReference }, secured, call.heard);
  const outcome = payment.outcome(type, { ours, reference: pending });
  if (outcome?.is !== "done") return outcome;
  assert(outcome.amount && sameMoney(outcome.amount, amount), "Adyen moved what was asked for");
  return outcome;
}
