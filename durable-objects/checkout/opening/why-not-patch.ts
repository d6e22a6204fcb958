import type { PatchCheckout } from "../../../schema/checkout.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import { homeRegion } from "../../../schema/regions.ts";
import { checkoutCan } from "../../../schema/states.ts";
import type { Checkout } from "../sale/checkout.ts";
import { expiryMs } from "../sale/schedule.ts";

/** Why the checkout cannot be changed now. */
export function whyNotPatch(
  checkout: Checkout,
  patch: PatchCheckout,
  nowMs: number,
): Refusal<RefusalCode> | undefined {
  return whyNotOpen(checkout, nowMs) ?? whyNotThere(checkout, patch);
}

/** Why neither its goods nor its price may change. */
export function whyNotOpen(checkout: Checkout, nowMs: number): Refusal<RefusalCode> | undefined {
  const { status, quote } = checkout;
  if (status === "expired" || (expiryMs(checkout) ?? nowMs + 1) <= nowMs) {
    return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  }
  return checkoutCan.patch(status)
    ? undefined
    : refuse("checkout_not_open", { checkoutStatus: status });
}

/** A sale lives in its country's home; what it knows of people does not go to another region's. */
function whyNotThere(
  { region, request }: Checkout,
  { country = request.country, shippingAddress }: PatchCheckout,
): Refusal<RefusalCode> | undefined {
  const home = homeRegion(country);
  if (!home) return refuse("country_not_served", { country });
  if (home !== region) return refuse("checkout_elsewhere", { country, region: home });
  if (!shippingAddress || shippingAddress.country === country) return undefined;
  return refuse("country_mismatch", { country, shippingCountry: shippingAddress.country });
}
