import type { PayCheckout } from "../../../schema/checkout.ts";
import { sameMoney } from "../../../schema/money.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import { checkoutCan } from "../../../schema/states.ts";
import type { Checkout } from "../sale/checkout.ts";
import { expiryMs } from "../sale/schedule.ts";

/** Why this call may not pay. Another payment that is still alive is no reason: it is dealt with. */
export function whyNotPay(
  checkout: Checkout,
  { expectedTotal }: PayCheckout,
  nowMs: number,
): Refusal<RefusalCode> | undefined {
  const { status, quote } = checkout;
  if (status === "expired" || (expiryMs(checkout) ?? nowMs + 1) <= nowMs) {
    return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  }
  if (checkoutCan.waitOut(status)) return undefined;
  if (!checkoutCan.pay(status)) return refuse("checkout_not_open", { checkoutStatus: status });
  if (!sameMoney(expectedTotal, quote.total))
    return refuse("quote_changed", { total: quote.total });
  return undefined;
}
