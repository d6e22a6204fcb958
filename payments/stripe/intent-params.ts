import type Stripe from "stripe";
import { asciiEmail } from "../../schema/email.ts";
import { assert } from "../../schema/outcome.ts";
import type { AuthorizeRequest } from "../provider.ts";
import { toStripeAmount } from "./amounts.ts";

type Params = Stripe.PaymentIntentCreateParams;
/** What of them depends on the method. */
type OfMethod = Omit<Params, "amount" | "currency">;

/** The charge says until when it can be captured, and how often. */
export const EXPAND = ["latest_charge"];

/** Asked for; the charge says whether it was granted. */
const SEVERAL_CAPTURES: OfMethod = {
  payment_method_options: { card: { request_multicapture: "if_available" } },
};

/** The parameters are a pure function of the request: a repeat has the same bytes. */
export function toIntentParams(request: AuthorizeRequest): Params {
  return {
    ...toStripeAmount(request.amount),
    confirm: true,
    allowed_payment_method_types: [request.method],
    ...paymentOf(request),
    // Ids only: no personal data leaves for a provider's metadata.
    metadata: {
      shop_id: request.shopId,
      checkout_id: request.checkoutId,
      payment_reference: request.paymentReference,
    },
    expand: EXPAND,
  };
}

function paymentOf(request: AuthorizeRequest): OfMethod {
  const { method, returnUrl, offerEndsAtMs } = request;
  const wayBack: OfMethod = returnUrl ? { return_url: returnUrl } : {};
  switch (method) {
    case "card":
      return cardOf(request);
    case "ideal":
    case "wero":
    case "upi":
      return { ...methodData(request), ...wayBack };
    case "pix": {
      const expires_at = Math.floor(offerEndsAtMs / 1000);
      return {
        ...methodData(request),
        ...wayBack,
        payment_method_options: { pix: { expires_at } },
      };
    }
  }
}

function cardOf({ token, returnUrl, severalCaptures }: AuthorizeRequest): OfMethod {
  assert(token, "a card at Stripe has its token");
  return {
    capture_method: "manual",
    ...collectedAs(token),
    ...(severalCaptures ? SEVERAL_CAPTURES : {}),
    // Without a way back, a wanted 3DS step is a decline rather than a dead end.
    ...(returnUrl ? { return_url: returnUrl } : { error_on_requires_action: true }),
  };
}

/**
 * A confirmation token says how to go on as well: by Stripe.js, unless the request says otherwise. What it says
 * goes before what the token carries, the way back too.
 * Source: https://docs.stripe.com/api/payment_intents/create#create_payment_intent-confirmation_token
 */
function collectedAs(token: string): OfMethod {
  if (!token.startsWith("ctoken_")) return { payment_method: token };
  return { confirmation_token: token, use_stripe_sdk: false };
}

/**
 * Local methods have no token: they are made of what the request says of the shopper. Pix wants the
 * name and the CPF of a shop outside Brazil, and UPI name and country, as Stripe's own forms do.
 * Source: https://github.com/stripe/stripe-ios (PaymentSheetFormFactory+Pix.swift)
 */
function methodData({ method, shopper, details }: AuthorizeRequest): OfMethod {
  assert(method !== "card", "a card is sent by its token alone");
  const { name, country } = shopper;
  const email = asciiEmail(shopper.email);
  const tax_id = method === "pix" ? details?.cpf?.replaceAll(/\D/g, "") : undefined;
  const billing_details = {
    ...(email ? { email } : {}),
    ...(name ? { name } : {}),
    ...(tax_id ? { tax_id } : {}),
    ...(method === "upi" ? { address: { country } } : {}),
  };
  return { payment_method_data: { type: method, billing_details } };
}
