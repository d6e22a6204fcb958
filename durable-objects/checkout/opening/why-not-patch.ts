import type { PatchCheckout } from "../../../schema/checkout.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import { checkoutCan } from "../../../schema/states.ts";
import type { Checkout } from "../sale/checkout.ts";
import { expiryMs } from "../sale/schedule.ts";

/** Why the checkout cannot be changed now. */
export function whyNotPatch(
  checkout: Checkout,
  { shippingAddress }: PatchCheckout,
  nowMs: number,
): Refusal<RefusalCode> | undefined {
  const { status, quote, request } = checkout;
  if (status === "expired" || (expiryMs(checkout) ?? nowMs + 1) <= nowMs) {
    return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  }
  if (!checkoutCan.patch(status)) return refuse("checkout_not_open", { checkoutStatus: status });
  const { country } = request;
  if (!shippingAddress || shippingAddress.country === country) return undefined;
  return refuse("country_mismatch", { country, shippingCountry: shippingAddress.country });
}
