import { providerKey } from "../../../payments/idempotency-key.ts";
import type { Authorization, AuthorizeRequest, ProviderCall } from "../../../payments/provider.ts";
import type { ProviderName } from "../../../schema/payment.ts";
import { paymentName, providerCall, type StepCall } from "../after-sale/provider-requests.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import type { PayInput } from "./pay.input.ts";
import { tokenFor } from "./provider-tokens.ts";

/** The same at every try of a run but for what Adyen's component gave, which a crash takes. */
export function authorizeRequest(
  deps: CheckoutDeps,
  input: PayInput,
  provider: ProviderName,
  key: string,
): AuthorizeRequest {
  const { sale, attempt, amount, method, payment, shopper, returnUrl } = input;
  return {
    ...paymentName(sale, attempt),
    key: providerKey(key),
    amount,
    method,
    ...tokenFor(provider, payment, deps.cards.of(attempt)),
    details: payment.details,
    shopper,
    returnUrl,
    offerEndsAtMs: input.offerEndsAtMs,
    severalCaptures: input.captureMode !== "at_once",
  };
}

/** The call that undoes an authorize: with or without its answer, something may be on its way. */
export function undoCall(
  call: StepCall,
  { sale, attempt }: PayInput,
  authorization: Authorization | undefined,
): ProviderCall {
  // The authorize was given up as its undo began; a page's proof goes in when the shopper is back.
  const lastSentAtMs = authorization ? call.deps.shopperBackAtMs(attempt) : call.sinceMs;
  return { ...providerCall(call, sale), ...(lastSentAtMs === undefined ? {} : { lastSentAtMs }) };
}
