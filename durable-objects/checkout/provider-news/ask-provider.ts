import { providerKey } from "../../../payments/idempotency-key.ts";
import type { Authorization, ProviderCall, ReturnProof } from "../../../payments/provider.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import { regionOf } from "../../../schema/ids.ts";
import { assert, isRefusal } from "../../../schema/outcome.ts";
import { actKey, doneAct, doneValues, findAct, type Run } from "../../saga/run.ts";
import type { CaptureInput } from "../after-sale/capture.input.ts";
import { CAPTURE_OUTCOME } from "../after-sale/captures.ts";
import { captureRequest, paymentName, refundRequest } from "../after-sale/provider-requests.ts";
import type { RefundInput } from "../after-sale/refund.input.ts";
import { REFUND_OUTCOME } from "../after-sale/refunds.ts";
import type { PayInput } from "../paying/pay.input.ts";
import { PAYMENT_CONFIRMED, paidIn, wholeOf } from "../paying/pay.saga.ts";
import type { CheckoutDeps, Sale } from "../sale/ports.ts";

/** An event for a run that waits: what its provider said. */
export type RunEvent = {
  readonly runId: string;
  readonly event: { readonly name: string; readonly key: string; readonly payload: unknown };
};

type Asking = {
  readonly deps: CheckoutDeps;
  readonly heard: readonly Notice[];
  readonly nowMs: number;
};

/**
 * Asks the provider of a run that waits how what it waits for stands. Undefined when the run waits
 * for nothing, or when there is nothing new.
 *
 * Throws: when the provider cannot be asked now; whoever comes next asks again.
 */
export async function askFor(run: Run, asking: Asking): Promise<RunEvent | undefined> {
  const waiting = run.acts.find(({ state }) => state === "waiting");
  if (!waiting || run.ended || run.turned) return undefined;
  if (waiting.step === "shopper") return askAfterShopper(run, asking);
  if (waiting.step === "captureSettled") return askAfterCapture(run, asking);
  assert(waiting.step === "refundSettled", `${waiting.step} is asked for by somebody`);
  return askAfterRefund(run, asking);
}

/** The shopper is back with something that only the provider can read. */
export async function showProof(
  run: Run,
  proof: ReturnProof,
  asking: Asking,
): Promise<RunEvent | undefined> {
  const { authorization, name, key } = shopperWait(run);
  const call = { ...callOf(run, asking), key: providerKey(key, "return"), proof };
  const provider = asking.deps.payments[authorization.provider];
  const payload = await provider.shopperReturned(name, authorization, call);
  if (!isRefusal(payload) && payload.shopper === "awaited") return undefined;
  return { runId: run.runId, event: { name: PAYMENT_CONFIRMED, key, payload } };
}

export function awaitsShopper(run: Run): boolean {
  return !run.ended && !run.turned && findAct(run, "shopper")?.state === "waiting";
}

async function askAfterShopper(run: Run, asking: Asking): Promise<RunEvent | undefined> {
  const { authorization, name, key } = shopperWait(run);
  const provider = asking.deps.payments[authorization.provider];
  const payload = await provider.shopperOutcome(name, authorization, callOf(run, asking));
  if (!isRefusal(payload) && payload.shopper === "awaited") return undefined;
  return { runId: run.runId, event: { name: PAYMENT_CONFIRMED, key, payload } };
}

function shopperWait(run: Run) {
  const act = doneAct(run, "authorize");
  assert(act, "the shopper is waited for once an authorize is done");
  const { sale, attempt } = run.input as PayInput;
  return {
    authorization: act.value as Authorization,
    name: paymentName(sale, attempt),
    key: actKey(run.runId, act.step, act.option),
  };
}

async function askAfterCapture(run: Run, asking: Asking): Promise<RunEvent | undefined> {
  const { request, pending, provider } = captureWait(run);
  const wire = asking.deps.payments[provider];
  const payload = await wire.captureOutcome(request, pending, callOf(run, asking));
  if (payload.capture === "pending") return undefined;
  const key = actKey(run.runId, "capture");
  return { runId: run.runId, event: { name: CAPTURE_OUTCOME, key, payload } };
}

/** The pay saga's own capture, or one that was asked for. */
function captureWait(run: Run) {
  const done = doneValues(run) as { capture: { readonly reference: string } };
  const key = actKey(run.runId, "capture");
  const input = run.saga === "pay" ? paidInRun(run) : (run.input as CaptureInput);
  const request = captureRequest(input, input, key);
  return { request, pending: done.capture.reference, provider: request.secured.provider };
}

function paidInRun(run: Run): CaptureInput {
  const done = doneValues(run) as Parameters<typeof paidIn>[1];
  const input = run.input as PayInput;
  return { ...paidIn(input, done), ...wholeOf(input) };
}

async function askAfterRefund(run: Run, asking: Asking): Promise<RunEvent | undefined> {
  const done = doneValues(run) as { refund: { readonly reference: string } };
  const input = run.input as RefundInput;
  const key = actKey(run.runId, "refund");
  const request = refundRequest(input, input, key);
  const wire = asking.deps.payments[request.secured.provider];
  const payload = await wire.refundOutcome(request, done.refund.reference, callOf(run, asking));
  if (payload.refund === "pending") return undefined;
  return { runId: run.runId, event: { name: REFUND_OUTCOME, key, payload } };
}

function callOf(run: Run, { heard, nowMs }: Asking): ProviderCall {
  const { sale } = run.input as { readonly sale: Sale };
  const { startedAtMs } = run;
  return { region: regionOf(sale.checkoutId), startedAtMs, nowMs, nthTry: 1, heard };
}
