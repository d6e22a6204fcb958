import type { Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import { checkoutCan } from "../../../schema/states.ts";
import type { Checkout } from "../sale/checkout.ts";

/** Why the checkout cannot be called off any more. */
export function whyNotCancel({ status, quote }: Checkout): Refusal<RefusalCode> | undefined {
  if (status === "expired") return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  return checkoutCan.cancel(status)
    ? undefined
    : refuse("checkout_not_open", { checkoutStatus: status });
}
