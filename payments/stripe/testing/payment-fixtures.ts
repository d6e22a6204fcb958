import type Stripe from "stripe";
import { CheckoutId, ShopId } from "../../../schema/ids.ts";
import { paymentReference } from "../../payment-reference.ts";
import type { AuthorizeRequest, ProviderCall } from "../../provider.ts";

const sale = {
  shopId: ShopId.parse("demo"),
  checkoutId: CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs"),
};
export const name = { ...sale, paymentReference: paymentReference({ ...sale, attempt: 1 }) };

export const STARTED_AT_MS = 1_700_000_000_000;
export const call: ProviderCall = {
  region: "eu",
  startedAtMs: STARTED_AT_MS,
  nowMs: STARTED_AT_MS,
  nthTry: 1,
  heard: [],
};
export const dayLater: ProviderCall = {
  ...call,
  nowMs: STARTED_AT_MS + 21 * 3_600_000,
  nthTry: 9,
};

export const cardRequest: AuthorizeRequest = {
  ...name,
  key: "0".repeat(64),
  amount: { amountMinor: 1789, currency: "EUR" },
  method: "card",
  token: "pm_card_visa",
  shopper: { email: "ada@example.com", name: "Ada Lovelace", country: "NL" },
  offerEndsAtMs: STARTED_AT_MS + 600_000,
  severalCaptures: false,
};

/** An intent of that request, as far as a test cares. */
export function intentOf(status: string, more: object = {}): Stripe.PaymentIntent {
  return {
    object: "payment_intent",
    id: "pi_1",
    status,
    amount: 1789,
    amount_received: status === "succeeded" ? 1789 : 0,
    currency: "eur",
    payment_method_types: ["card"],
    metadata: {},
    ...more,
  } as Stripe.PaymentIntent;
}
