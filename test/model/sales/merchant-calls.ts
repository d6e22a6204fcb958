import type { CreateCall } from "../../../durable-objects/checkout/sale/calls.ts";
import { CreateCheckout } from "../../../schema/checkout.ts";
import { CheckoutId } from "../../../schema/ids.ts";
import type { PaymentRequest } from "../../../schema/payment.ts";
import { MUG, quoted } from "../../faults/shop/goods.ts";
import { demo } from "../../faults/shop/shop.ts";
import type { Attempt } from "./bounds.ts";

/** What is bought here, and what it costs. */
export const PIECES = 2;
export const total = quoted.total;
export const origin = "https://shop.invalid";

/** A call of the merchant's. */
export function callOf(key: string) {
  const caller = { shopId: demo, isMerchant: true };
  return { caller, key, fingerprint: key };
}

/** A way to pay as the storefront sends it. */
export function paymentOf({ method, providers, isChallenged }: Attempt): PaymentRequest {
  const returnUrl = `${origin}/thanks`;
  if (method !== "card") return { method, returnUrl };
  const adyen = {
    type: "scheme",
    encryptedCardNumber: "number",
    encryptedExpiryMonth: "month",
    encryptedExpiryYear: "year",
  } as const;
  const stripe = "pm_card_visa";
  return {
    method,
    // In the model every card is challenged whose shopper can be sent to the bank and back.
    ...(isChallenged ? { returnUrl } : {}),
    tokens: {
      ...(providers.includes("stripe") ? { stripe } : {}),
      ...(providers.includes("adyen") ? { adyen } : {}),
    },
  };
}

export const createCall: CreateCall = {
  ...callOf("create"),
  ...{ checkoutId: CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs"), origin },
  body: CreateCheckout.parse({
    ...{ lines: [{ sku: MUG, quantity: PIECES }], currency: "EUR", country: "NL" },
    customer: { email: "ada@example.com" },
  }),
};
