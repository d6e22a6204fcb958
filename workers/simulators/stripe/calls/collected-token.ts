/** What a confirm says of its confirmation token: which card pays, and who does what comes next. */

import type { Form } from "../api/form.ts";
import { text } from "../api/params.ts";
import { type ApiError, invalid, isError, noSuch } from "../intents/stripe-errors.ts";
import type { ConfirmationToken } from "../storage/confirmation-token-store.ts";
import type { World } from "./stripe-world.ts";

const HOUR_MS = 3_600_000;
export const TOKEN_LIFETIME_MS = 12 * HOUR_MS;

/** The one that a confirm brings, or null where it brings none. */
export function tokenIn({ store, moment }: World, form: Form): ConfirmationToken | null | ApiError {
  const id = text(form, "confirmation_token");
  if (id === null) return null;
  const param = "confirmation_token";
  const token = store.confirmationTokens.find(id);
  if (!token) return noSuch("confirmation_token", id, param);
  if (token.paymentIntent !== null) {
    return invalid("This ConfirmationToken has already been used to confirm an Intent.", { param });
  }
  return moment.nowMs > token.createdMs + TOKEN_LIFETIME_MS
    ? invalid("This ConfirmationToken has expired.", { param })
    : token;
}

/** Where a confirm sends its shopper back to; nowhere when Stripe.js is to do what comes next. */
export function returnUrlIn(world: World, form: Form): string | null {
  const token = tokenIn(world, form);
  if (token === null || isError(token)) return text(form, "return_url");
  return form.use_stripe_sdk === "false" ? (text(form, "return_url") ?? token.returnUrl) : null;
}

/** Marks it as used by an intent that was confirmed with it, declined or not. */
export function useToken(world: World, form: Form, intentId: string): void {
  const token = tokenIn(world, form);
  if (token && !isError(token)) world.store.confirmationTokens.use(token.id, intentId);
}
