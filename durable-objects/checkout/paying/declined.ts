import type { Refusal } from "../../../schema/outcome.ts";
import { ProviderName } from "../../../schema/payment.ts";
import { refuse } from "../../../schema/refusals.ts";
import { BUG_BEFORE_SENDING } from "../../saga/next-action.ts";
import type { Begin } from "../../saga/step.ts";
import { closing } from "../ending/close.saga.ts";
import type { RoutedAttempt } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withPaymentChange, withStatus } from "../sale/checkout-changes.ts";
import { refusedReply } from "../view/replies.ts";

/** Only a "no" that is the provider's, or our own, and not the bank's leaves room for another. */
export function goesOn({ refused, detail }: Refusal): boolean {
  return refused === BUG_BEFORE_SENDING || detail?.retryable === true;
}

type TurnedBack = {
  readonly tx: CheckoutTx;
  readonly input: RoutedAttempt;
  readonly because: Refusal;
  readonly begin: Begin;
};

/**
 * No money is held any more. The checkout is open again, unless the shopper called it off: maybe
 * only when the payment was on its way back for another reason.
 */
export function declined({ tx, input, because, begin }: TurnedBack): void {
  // Whatever it went back for: the shopper may have called it off on its way.
  const isCancelled = because.refused === "cancelled" || tx.checkout.status === "cancelling";
  const refusal = refusalForShopper(because, input);
  const isDeclined = refusal.refused === "payment_declined";
  const status = isDeclined ? ("declined" as const) : ("voided" as const);
  const change = { status, refusal, nextAction: undefined };
  const checkout = withPaymentChange(tx.checkout, input.attempt, change);
  tx.save(isCancelled ? checkout : withStatus(checkout, "open"));
  tx.answerPayment((route) => refusedReply(route, tx.checkout, refusal));
  if (!isCancelled) return;
  const close = closing(tx.checkout, "cancelled");
  begin(close.saga, close.runId, close.input);
}

/** What the shopper is told: the engine's own reasons all mean that no money was taken. */
function refusalForShopper(because: Refusal, input: RoutedAttempt) {
  const { refused, detail } = because;
  if (refused === "out_of_stock") return refuse("out_of_stock", detail);
  if (refused === "cancelled") return refuse("cancelled");
  if (refused === "payment_superseded") return refuse("payment_superseded");
  if (input.route.providers.length === 0) return refuse("order_not_placed", { reason: refused });
  if (refused !== "payment_declined") return failed(input, "provider_unavailable");
  if (detail?.retryable) return failed(input, String(detail.reason));
  return refuse("payment_declined", detail);
}

/** It was the provider and not the card: another one may say yes, given a token of its own. */
function failed({ route }: RoutedAttempt, reason: string) {
  const others = ProviderName.options.filter((provider) => !route.providers.includes(provider));
  return refuse("payment_provider_failed", { reason, providers: others });
}
