import type { QuoteRequest } from "../../pricing/quote.ts";
import type { Address, Customer, Line, Quote } from "../../schema/checkout.ts";
import { type CheckoutId, orderIdOf, type ShopId } from "../../schema/ids.ts";
import { type Money, zero } from "../../schema/money.ts";
import type { Order } from "../../schema/order.ts";
import { assert, type Refusal } from "../../schema/outcome.ts";
import type { NextAction, PaymentMethod, PaymentView, ProviderName } from "../../schema/payment.ts";
import type { CountedPromotion } from "../../schema/promotion.ts";
import type { RegionCode } from "../../schema/regions.ts";
import {
  type CheckoutStatus,
  checkoutMoves,
  fulfilmentMoves,
  moved,
  type OrderFacts,
  orderStatus,
  paymentMoves,
} from "../../schema/states.ts";
import type { CartVersion } from "./carts.ts";

/** One sale as its object keeps it. The only place where its personal data stands. */
export type Checkout = {
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  /** The cart that it was made from, if it was. */
  readonly cart?: CartVersion | undefined;
  readonly region: RegionCode;
  readonly status: CheckoutStatus;
  readonly clientSecret: string;
  readonly customer: Customer;
  readonly customerReference: string;
  readonly shippingAddress?: Address | undefined;
  /** What the quote was asked for; a change is quoted from it anew. */
  readonly request: QuoteRequest;
  readonly quote: Quote;
  readonly hold: Hold;
  /** An open checkout that is not paid by then lets its stock go. Epoch ms. */
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
  readonly payments: readonly Payment[];
  readonly order?: Order;
  /** Money that goes back by the merchant's wish, in the order in which it was asked for. */
  readonly refunds?: readonly Refund[];
  /** The order is to be cancelled as soon as no other money call is out. */
  readonly cancelRequested?: boolean;
};

/** Its amount is reserved from the moment it is asked for, so that refunds never exceed captures. */
export type Refund = {
  readonly n: number;
  readonly amount: Money;
  readonly status: "queued" | "sent" | "refunded" | "refused";
  /** The Idempotency-Key of the call that is owed the answer. */
  readonly answerKey: string;
};

/** All lines of a checkout, held under one key, all or none; counted promotions with them. */
export type Hold = {
  readonly key: string;
  /** Of the last change of its lines, done or undone. */
  readonly generation: number;
  readonly lines: readonly Line[];
  readonly expiresAtMs: number;
  /** Of each of these the checkout has one use. */
  readonly promotions?: readonly CountedPromotion[] | undefined;
};

/** One attempt to pay. */
export type Payment = {
  readonly attempt: number;
  readonly runId: string;
  readonly method: PaymentMethod;
  readonly amount: Money;
  readonly status: PaymentView["status"];
  readonly provider?: ProviderName;
  readonly refusal?: Refusal;
  /** What the shopper has to do before the provider goes on. */
  readonly nextAction?: NextAction | undefined;
  /** Where the shopper's browser goes in the end; the storefront's own page. */
  readonly returnUrl?: string | undefined;
};

export function withStatus(checkout: Checkout, status: CheckoutStatus): Checkout {
  return { ...checkout, status: moved(checkoutMoves, checkout.status, status) };
}

export function ended(checkout: Checkout, status: "cancelled" | "expired", nowMs: number) {
  return { ...withStatus(checkout, status), endedAtMs: nowMs };
}

export function withPayment(checkout: Checkout, payment: Payment): Checkout {
  return { ...withStatus(checkout, "paying"), payments: [...checkout.payments, payment] };
}

export function withPaymentChange(
  checkout: Checkout,
  attempt: number,
  change: Partial<Payment>,
): Checkout {
  const payments = checkout.payments.map((payment) =>
    payment.attempt === attempt ? { ...payment, ...change } : payment,
  );
  return { ...checkout, payments };
}

export function withRefund(checkout: Checkout, n: number, status: Refund["status"]): Checkout {
  const refunds = checkout.refunds?.map((each) => (each.n === n ? { ...each, status } : each));
  return refunds ? { ...checkout, refunds } : checkout;
}

/** The order that a paid and allocated checkout becomes: version 1 of its life. */
export function placed(
  checkout: Checkout,
  payment: { readonly provider: ProviderName; readonly reference: string },
  nowMs: number,
): Checkout & { readonly order: Order } {
  const { quote, shopId, checkoutId, region, customerReference } = checkout;
  const at = new Date(nowMs).toISOString();
  const facts: OrderFacts = { payment: "authorized", fulfilment: "none", dispute: "none" };
  const order: Order = {
    orderId: orderIdOf(checkoutId),
    checkoutId,
    shopId,
    region,
    version: 1,
    status: orderStatus(facts),
    ...facts,
    total: quote.total,
    captured: zero(quote.total.currency),
    refunded: zero(quote.total.currency),
    lines: quote.lines.map(({ sku, quantity, unitAmount }) => ({ sku, quantity, unitAmount })),
    provider: payment.provider,
    providerReference: payment.reference,
    customerReference,
    createdAt: at,
    updatedAt: at,
  };
  return { ...withStatus(checkout, "placed"), order };
}

/** The order one version on. Facts move along their tables; anything else is a bug. */
export function nextOrder(
  order: Order | undefined,
  change: Partial<OrderFacts> & Pick<Partial<Order>, "captured" | "refunded">,
  nowMs: number,
): Order {
  assert(order, "only a placed sale has an order to change");
  const facts: OrderFacts = {
    payment: moved(paymentMoves, order.payment, change.payment ?? order.payment),
    fulfilment: moved(fulfilmentMoves, order.fulfilment, change.fulfilment ?? order.fulfilment),
    dispute: order.dispute,
  };
  return {
    ...order,
    ...change,
    ...facts,
    status: orderStatus(facts),
    version: order.version + 1,
    updatedAt: new Date(nowMs).toISOString(),
  };
}

export function latestPayment(checkout: Checkout): Payment | undefined {
  return checkout.payments.at(-1);
}
