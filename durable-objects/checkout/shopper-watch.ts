import type { Authorization } from "../../payments/provider.ts";
import { assert, isRefusal } from "../../schema/outcome.ts";
import { actKey, doneValues } from "../saga/run.ts";
import type { Runner } from "../saga/runner.ts";
import type { CheckoutDeps } from "./checkout.deps.ts";
import { type Checkout, latestPayment } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { PAYMENT_CONFIRMED } from "./pay.saga.ts";

/**
 * Asks the provider how the payment stands that its shopper was sent away for, and tells its run.
 * Answers what the run does with it, or undefined when there is nothing new.
 *
 * Throws: when the provider cannot be asked now; whoever comes next asks again.
 */
export async function askAfterShopper(
  checkout: Checkout | undefined,
  runner: Runner<CheckoutDeps, CheckoutTx>,
  payments: CheckoutDeps["payments"],
): Promise<(() => Promise<void>) | undefined> {
  const payment = checkout && latestPayment(checkout);
  if (checkout?.status !== "awaiting_shopper" || !payment?.provider) return undefined;
  const { runId, provider } = payment;
  const run = runner.read(runId);
  assert(run, "a payment that waits has its run");
  const { reference } = doneValues(run).authorize as Authorization;
  const payload = await payments[provider].shopperOutcome(reference);
  if (!isRefusal(payload) && payload.shopper === "awaited") return undefined;
  const key = actKey(runId, "authorize", provider);
  return () => runner.deliver(runId, { name: PAYMENT_CONFIRMED, key, payload });
}
