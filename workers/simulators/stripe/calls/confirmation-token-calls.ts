/**
 * Confirmation tokens, as a browser's Elements make them; on a server the test helper does. They carry a test
 * card alone, are good for one confirm, and leave the next step to Stripe.js unless the confirm says
 * otherwise: what it says goes before what they carry.
 * Source: https://docs.stripe.com/api/confirmation_tokens and the types of the `stripe` package 23.1.0
 */

import type { Form } from "../api/form.ts";
import { text } from "../api/params.ts";
import { invalid, noSuch } from "../intents/stripe-errors.ts";
import { cardOf } from "../intents/test-tokens.ts";
import type { ConfirmationToken } from "../storage/confirmation-token-store.ts";
import { type Json, seconds } from "../wire/json.ts";
import { TOKEN_LIFETIME_MS } from "./collected-token.ts";
import type { Answer } from "./intent-calls.ts";
import type { World } from "./stripe-world.ts";

export function createTokenCall(world: World, form: Form): Answer {
  const paymentMethod = text(form, "payment_method") ?? "";
  if (!cardOf(paymentMethod)) {
    return invalid("This simulator makes confirmation tokens of its test cards only.", {
      param: "payment_method",
    });
  }
  const { moment, store } = world;
  const returnUrl = text(form, "return_url");
  const made = { paymentMethod, returnUrl, createdMs: moment.nowMs, paymentIntent: null };
  const token: ConfirmationToken = { id: moment.id("ctoken"), ...made };
  store.confirmationTokens.save(token);
  return { body: tokenJson(token) };
}

export function retrieveTokenCall({ store }: World, _form: Form, id: string): Answer {
  const token = store.confirmationTokens.find(id);
  return token
    ? { body: tokenJson(token) }
    : noSuch("confirmation_token", id, "confirmation_token");
}

function tokenJson({
  id,
  createdMs,
  returnUrl,
  paymentIntent,
  paymentMethod,
}: ConfirmationToken): Json {
  const card = cardOf(paymentMethod);
  return {
    id,
    object: "confirmation_token",
    created: seconds(createdMs),
    expires_at: paymentIntent === null ? seconds(createdMs + TOKEN_LIFETIME_MS) : null,
    livemode: false,
    mandate_data: null,
    metadata: {},
    payment_intent: paymentIntent,
    payment_method_options: null,
    payment_method_preview: {
      billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
      card: { brand: card?.brand ?? null, last4: card?.last4 ?? null },
      customer: null,
      customer_account: null,
      type: "card",
    },
    return_url: returnUrl,
    setup_future_usage: null,
    setup_intent: null,
    shipping: null,
    use_stripe_sdk: true,
  };
}
