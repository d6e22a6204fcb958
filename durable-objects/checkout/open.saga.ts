import type { QuoteRequest } from "../../pricing/quote.ts";
import type { Address, Customer } from "../../schema/checkout.ts";
import { type Money, sameMoney } from "../../schema/money.ts";
import { isRefusal } from "../../schema/outcome.ts";
import type { PaymentRequest } from "../../schema/payment.ts";
import { refuse } from "../../schema/refusals.ts";
import { Saga } from "../saga/saga.ts";
import type { CheckoutDeps, Sale } from "./checkout.deps.ts";
import type { Hold } from "./checkout.ts";
import { ended, withStatus } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { nextPayment } from "./pay.saga.ts";
import { createReply } from "./replies.ts";

export type OpenInput = {
  readonly sale: Sale;
  readonly request: QuoteRequest;
  readonly hold: Hold;
  readonly customer: Customer;
  readonly customerReference: string;
  readonly clientSecret: string;
  readonly shippingAddress?: Address | undefined;
  readonly expiresAtMs: number;
  /** A create that carries a payment pays in the same breath. */
  readonly payment?: PaymentRequest | undefined;
  readonly expectedTotal?: Money | undefined;
  /** Of this API as the storefront called it: shoppers come back to it from their bank. */
  readonly origin: string;
};

type NoEvents = Record<never, never>;

/** From a shopper's lines to a checkout with a price and held stock. Refused quotes leave no trace. */
export const openSaga = Saga.named<OpenInput, CheckoutDeps, NoEvents, CheckoutTx>("open", {
  turnedBack: ({ tx, because, nowMs }) => {
    tx.save(ended(tx.checkout, "cancelled", nowMs));
    tx.answer("create", refuse("out_of_stock", because.detail));
  },
  stuck: ({ tx }) => tx.save(withStatus(tx.checkout, "stuck")),
})
  .step("quote", { reads: true, do: quoteAsSeen })
  .step("hold", {
    do: ({ deps, input }) => deps.inventory.hold(input.sale, input.hold),
    undo: ({ deps, input }) => deps.inventory.release(input.sale, input.hold),
    commit: ({ tx, input, begin }) => {
      tx.save(withStatus(tx.checkout, "open"));
      if (!input.payment) return tx.answer("create", createReply(tx.checkout));
      const payment = nextPayment(tx.checkout, input.payment, input.origin);
      tx.save(payment.paying);
      begin("pay", payment.runId, payment.input);
    },
  });

/** A create with a payment is judged before anything is held: the shopper saw another total. */
async function quoteAsSeen({ deps, input }: { deps: CheckoutDeps; input: OpenInput }) {
  const quote = await deps.quote(input.sale.shopId, input.request, input.expiresAtMs);
  const { expectedTotal } = input;
  if (isRefusal(quote) || !expectedTotal || sameMoney(quote.total, expectedTotal)) return quote;
  return refuse("quote_changed", { total: quote.total });
}
