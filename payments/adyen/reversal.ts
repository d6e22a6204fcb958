import { type Money, sum } from "../../schema/money.ts";
import { providerKey } from "../idempotency-key.ts";
import type {
  Authorization,
  AuthorizeRequest,
  PaymentName,
  ProviderCall,
  ReversalResult,
} from "../provider.ts";
import { toAdyenAmount } from "./amounts.ts";
import type { Adyen } from "./client.ts";
import { type HeardPayment, heardPayment } from "./heard-payment.ts";
import { isOnePhase } from "./mapping.ts";

/**
 * How long a request of ours may still be on its way to Adyen after we gave it up: what is asked
 * until then and finds no such payment is no end.
 */
export const ON_ITS_WAY_MS = 15_000;

/**
 * After so long without an outcome a void is asked for by a new key: the old one may repeat a stored
 * error for ever. Voids do no harm twice; a refund keeps its key.
 */
const ASKED_ANEW_MS = 600_000;

/** The payment that has to go back, and how Adyen is asked. */
type GivingBack = Adyen & {
  readonly request: PaymentName & Pick<AuthorizeRequest, "key" | "method">;
  readonly known: Authorization | undefined;
  readonly call: ProviderCall;
};

/**
 * Gives back whatever a payment holds or took. Adyen answers every such call with "received", and
 * tells the outcome by webhook: each call asks for the next thing that is due, by a key of its own,
 * and throws until the webhooks have told that no money can come any more.
 *
 * Source: https://docs.adyen.com/online-payments/cancel and https://docs.adyen.com/online-payments/reversal
 */
export async function giveBack(back: GivingBack): Promise<ReversalResult> {
  const { request, known, call } = back;
  // The request's own method: what was looked up may not know it.
  const payment = heardPayment(request, { ...known, method: request.method }, call.heard);
  const references = referencesOf(back, payment);
  if (references.length === 0) return giveBackByOurReference(back, payment);
  const ends = references.map((reference) => payment.givenBack(reference));
  if (!ends.includes(undefined)) {
    const taken = references.flatMap((reference) => payment.taken(reference) ?? []);
    const [first] = taken;
    return {
      reversal: ends.includes("refunded") ? "refunded" : "voided",
      ...(first ? { taken: sum(taken, first.currency) } : {}),
    };
  }
  for (const reference of references) {
    if (!payment.givenBack(reference)) await giveBackOne(back, payment, reference);
  }
  throw untold(back);
}

/** Adyen's names of what may hold money: what it answered, what it told, what a cancel ran into. */
function referencesOf({ known }: GivingBack, payment: HeardPayment): readonly string[] {
  const isSecured = known?.shopper === undefined;
  // What only waited for its shopper, and was refused or closed, holds nothing.
  if (payment.closed && !(known?.reference && isSecured)) return [];
  const answered = known?.reference ? [known.reference] : [];
  return [...new Set([...answered, ...payment.authorised, ...payment.found])];
}

async function giveBackByOurReference(
  back: GivingBack,
  payment: HeardPayment,
): Promise<ReversalResult> {
  if (payment.closed) return { reversal: "never_existed" };
  if (payment.isCancelledByOurs) return { reversal: "voided" };
  const { notFound } = payment;
  const isComing = canStillCome(back);
  // The first may have been sent while the payment was on its way; every further one is sent later.
  if (!isComing && notFound > 1) return { reversal: "never_existed" };
  const { api, config, request } = back;
  const { merchantAccount } = config;
  const { paymentReference } = request;
  const cancelled = isComing ? ["technical_cancel"] : ["technical_cancel", String(notFound)];
  const answer = await api.modifications.cancelAuthorisedPayment(
    { merchantAccount, paymentReference, reference: paymentReference },
    { idempotencyKey: voidKey(back, ...cancelled) },
  );
  assertReceived(answer);
  throw untold(back);
}

/**
 * Whether a payment that Adyen does not know yet may come: while a request of ours is on its way,
 * and while a shopper has a page or an app that pays it without us. A card is charged only when we
 * send in what its page brought back, and for a payment that goes back nobody does any more.
 */
function canStillCome({ request, known, call }: GivingBack): boolean {
  if (known?.shopper && request.method !== "card") return true;
  return call.nowMs - (call.lastSentAtMs ?? call.startedAtMs) < ON_ITS_WAY_MS;
}

/** Voids what is only held; reverses what may be taken; refunds what a reversal left. */
async function giveBackOne(back: GivingBack, payment: HeardPayment, reference: string) {
  const { api, config, request } = back;
  const { merchantAccount } = config;
  const asked = { merchantAccount, reference: request.paymentReference };
  const failedCancels = payment.failures(reference, ["CANCELLATION", "TECHNICAL_CANCEL"]);
  const failedReversals = payment.failures(reference, ["CANCEL_OR_REFUND"]);
  const failedRefunds = payment.failures(reference, ["REFUND", "REFUND_FAILED"]);
  const left = payment.left(reference);
  const isOnlyHeld = !isOnePhase(request.method) && !payment.hasCaptures(reference);
  if (isOnlyHeld && failedCancels === 0) {
    const idempotencyKey = voidKey(back, "cancel", reference);
    const { modifications } = api;
    assertReceived(
      await modifications.cancelAuthorisedPaymentByPspReference(reference, asked, {
        idempotencyKey,
      }),
    );
  } else if (failedReversals > 0 && left) {
    await refundOne(back, { reference, amount: left, failed: failedRefunds });
  } else {
    // A reversal that failed is asked for anew: another key, for the old one would repeat its answer.
    const idempotencyKey = voidKey(back, "reverse", reference, String(failedReversals));
    assertReceived(
      await api.modifications.refundOrCancelPayment(reference, asked, { idempotencyKey }),
    );
  }
}

function voidKey({ request, call }: GivingBack, ...parts: readonly string[]): string {
  const round = Math.floor((call.nowMs - call.startedAtMs) / ASKED_ANEW_MS);
  return providerKey(request.key, ...parts, String(round));
}

async function refundOne(
  { api, config, request }: GivingBack,
  refund: { readonly reference: string; readonly amount: Money; readonly failed: number },
) {
  const { reference, amount, failed } = refund;
  const parts = ["refund", reference, String(amount.amountMinor), String(failed)];
  assertReceived(
    await api.modifications.refundCapturedPayment(
      reference,
      {
        merchantAccount: config.merchantAccount,
        reference: request.paymentReference,
        amount: toAdyenAmount(amount),
      },
      { idempotencyKey: providerKey(request.key, ...parts) },
    ),
  );
}

/** What Adyen calls a modification that it took; throws for anything that is no such answer. */
export function assertReceived(answer: {
  readonly pspReference?: string;
  readonly status?: unknown;
}): string {
  const { pspReference, status } = answer;
  if (status === "received" && pspReference) return pspReference;
  throw new Error(`Adyen gave no answer to a modification: ${String(status)}`);
}

function untold({ request }: GivingBack): Error {
  return new Error(`Adyen has not told yet how ${request.paymentReference} went back`);
}
