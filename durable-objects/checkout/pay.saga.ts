import type { Authorization, AuthorizeRequest, ShopperOutcome } from "../../payments/provider.ts";
import { providerKey } from "../../payments/provider-key.ts";
import type { Money } from "../../schema/money.ts";
import type { Refusal } from "../../schema/outcome.ts";
import type { PaymentRequest, ProviderName } from "../../schema/payment.ts";
import { refuse } from "../../schema/refusals.ts";
import { retry } from "../saga/retry.ts";
import { Saga } from "../saga/saga.ts";
import type { Begin } from "../saga/step.ts";
import type { CartVersion } from "./carts.ts";
import type { CheckoutDeps, Sale } from "./checkout.deps.ts";
import {
  type Checkout,
  type Hold,
  nextOrder,
  type Payment,
  placed,
  withPayment,
  withPaymentChange,
  withStatus,
} from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { beginNextMoneyCall, cancelRun } from "./money-calls.ts";
import { awaitingReply, paidReply, refusedReply } from "./replies.ts";
import { getStuck } from "./stuck.ts";

const MINUTE_MS = 60_000;
const SHOPPER_WAIT_MS = 12 * MINUTE_MS; // long enough for a bank's app on a second phone
/** The longest that a card payment can take: 10 min of retries, then the shopper. */
export const CARD_WINDOW_MS = 25 * MINUTE_MS;
/** What a hold is extended to when it would not outlive that. */
const EXTENSION_MS = 40 * MINUTE_MS;

export type PayInput = {
  readonly sale: Sale;
  readonly cart?: CartVersion | undefined;
  readonly attempt: number;
  readonly amount: Money;
  readonly providers: readonly ProviderName[];
  readonly tokens: PaymentRequest["tokens"];
  readonly hold: Hold;
  /** Our own address that the provider sends the shopper back to. */
  readonly returnUrl?: string | undefined;
};

/** Told by webhook, by the shopper's return or by asking; a refusal turns the payment back. */
type PayEvents = { [PAYMENT_CONFIRMED]: ShopperOutcome };
export const PAYMENT_CONFIRMED = "payment.confirmed";

/** One run is one payment. The hold belongs to the checkout and outlives a decline. */
export const paySaga = Saga.named<PayInput, CheckoutDeps, PayEvents, CheckoutTx>("pay", {
  turnedBack: declined,
  stuck: (gaveUp) => {
    // Not for the cart: the sale is done, and the cart asks before it is sold again.
    if (gaveUp.step !== "consumeCart") getStuck(gaveUp);
  },
})
  .step("extendHold", {
    unless: ({ input, nowMs }) => input.hold.expiresAtMs > nowMs + CARD_WINDOW_MS,
    do: ({ deps, input, nowMs }) =>
      deps.inventory.extend(input.sale, { ...input.hold, expiresAtMs: nowMs + EXTENSION_MS }),
    undo: "nothing", // the checkout owns its hold and lets go of it in time
  })
  .firstOf(
    "authorize",
    ({ input }) => input.providers,
    (provider) => ({
      do: ({ deps, input, key, startedAtMs, nowMs }) =>
        deps.payments[provider].authorize(authorizeRequest(input, provider, key), {
          startedAtMs,
          nowMs,
        }),
      undo: ({ deps, input, key, value, startedAtMs, nowMs }) =>
        deps.payments[provider].resolveAndVoid(authorizeRequest(input, provider, key), value, {
          startedAtMs,
          nowMs,
        }),
      retry: retry.patiently,
      commit: ({ tx, input, value }) => {
        if (value.shopper) awaitShopper(tx, input.attempt, value);
      },
    }),
  )
  .waitFor("shopper", PAYMENT_CONFIRMED, {
    from: "authorize",
    unless: ({ done }) => !done.authorize.shopper,
    until: ({ nowMs }) => nowMs + SHOPPER_WAIT_MS,
    timeout: refuse("payment_declined", { reason: "shopper_did_not_confirm" }),
    commit: ({ tx, input }) => {
      const change = { status: "processing", nextAction: undefined } as const;
      tx.save(withPaymentChange(withStatus(tx.checkout, "paying"), input.attempt, change));
    },
  })
  .step("allocate", {
    do: ({ deps, input }) =>
      deps.inventory.allocate(input.sale, { hold: input.hold, payment: input.attempt }),
    undo: ({ deps, input }) =>
      deps.inventory.unallocate(input.sale, { hold: input.hold, payment: input.attempt }),
    undoesRefusal: true,
  })
  .pivot("place", {
    commit: ({ tx, input, done, nowMs }) => {
      const checkout = placed(tx.checkout, done.authorize, nowMs);
      const { provider } = done.authorize;
      tx.save(withPaymentChange(checkout, input.attempt, { status: "authorized", provider }));
      tx.emit("tender.order.placed.v1", checkout.order);
      tx.answerPayment((route) => paidReply(route, tx.checkout));
    },
  })
  .step("capture", {
    do: ({ deps, done, key }) =>
      deps.payments[done.authorize.provider].capture(providerKey(key), done.authorize),
    retry: retry.persistently,
    commit: ({ tx, value, input, nowMs, begin }) => {
      if (value.capture === "captured") {
        const order = nextOrder(
          tx.checkout.order,
          { payment: "captured", captured: value.amount },
          nowMs,
        );
        const paid = withPaymentChange(tx.checkout, input.attempt, { status: "captured" });
        tx.save({ ...withStatus(paid, "captured"), order });
        tx.emit("tender.order.captured.v1", order);
      }
      if (value.capture === "refused") {
        const { runId, input } = cancelRun(tx.checkout, "capture_refused");
        console.warn({ event: "payment.capture_refused", runId, reason: value.reason });
        begin("cancel", runId, input);
      }
      beginNextMoneyCall({ tx, begin });
    },
  })
  .step("requestFulfilment", {
    unless: ({ done }) => done.capture.capture !== "captured",
    commit: ({ tx, nowMs }) => {
      if (tx.checkout.cancelRequested) return;
      const order = nextOrder(tx.checkout.order, { fulfilment: "requested" }, nowMs);
      tx.save({ ...tx.checkout, order });
      tx.emit("tender.order.fulfillment_requested.v1", order);
    },
  })
  .step("consumeCart", {
    unless: ({ input }) => !input.cart,
    do: ({ deps, input }) => deps.carts.consume(input.sale, input.cart),
    retry: retry.persistently,
  });

/** The shopper's bank wants a word with them: the answer is where to send them. */
function awaitShopper(tx: CheckoutTx, attempt: number, authorization: Authorization): void {
  const { provider, shopper: nextAction } = authorization;
  const change = { status: "awaiting_shopper", provider, nextAction } as const;
  tx.save(withPaymentChange(withStatus(tx.checkout, "awaiting_shopper"), attempt, change));
  tx.answerPayment((route) => awaitingReply(route, tx.checkout));
}

/** The checkout's next payment: its record, and the run that makes it. */
export function nextPayment(
  checkout: Checkout,
  { tokens, method, returnUrl }: PaymentRequest,
  origin: string,
) {
  const attempt = checkout.payments.length + 1;
  const { shopId, checkoutId, cart, hold, quote } = checkout;
  const amount = quote.total;
  const runId = `${checkoutId}/pay/${attempt}`;
  const providers: readonly ProviderName[] = ["stripe"];
  const input: PayInput = {
    sale: { shopId, checkoutId },
    cart,
    attempt,
    amount,
    providers,
    tokens,
    hold,
    returnUrl: returnUrl && `${origin}/v1/checkouts/${checkoutId}/return/${attempt}?shop=${shopId}`,
  };
  const payment: Payment = { attempt, runId, method, amount, status: "processing", returnUrl };
  return { runId, input, paying: withPayment(checkout, payment) };
}

function authorizeRequest(input: PayInput, provider: ProviderName, key: string): AuthorizeRequest {
  const { sale, attempt, amount, tokens, returnUrl } = input;
  return {
    key: providerKey(key),
    ...sale,
    paymentReference: `${sale.checkoutId}_${attempt}_${provider}`,
    amount,
    token: tokens[provider],
    returnUrl,
  };
}

type TurnedBack = {
  readonly tx: CheckoutTx;
  readonly input: PayInput;
  readonly because: Refusal;
  readonly begin: Begin;
};

/** No money is held any more. The checkout is open again, unless the shopper called it off. */
function declined({ tx, input, because, begin }: TurnedBack): void {
  const isCancelled = because.refused === "cancelled";
  const refusal = shown(because);
  const isDeclined = refusal.refused === "payment_declined";
  const status = isDeclined ? ("declined" as const) : ("voided" as const);
  const change = { status, refusal, nextAction: undefined };
  const checkout = withPaymentChange(tx.checkout, input.attempt, change);
  tx.save(isCancelled ? checkout : withStatus(checkout, "open"));
  tx.answerPayment((route) => refusedReply(route, tx.checkout, refusal));
  if (!isCancelled) return;
  const { sale, hold } = input;
  begin("close", `${sale.checkoutId}/close`, { sale, hold, end: "cancelled" });
}

/** What the shopper is told: the engine's own reasons all mean that no money was taken. */
function shown(because: Refusal) {
  if (because.refused === "out_of_stock") return refuse("out_of_stock", because.detail);
  if (because.refused === "cancelled") return refuse("cancelled");
  if (because.refused === "payment_superseded") return refuse("payment_superseded");
  if (because.refused === "payment_declined") return refuse("payment_declined", because.detail);
  return refuse("payment_declined", { reason: "provider_unavailable" });
}
