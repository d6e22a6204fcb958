import type { PayCheckout } from "../../schema/checkout.ts";
import { sameMoney } from "../../schema/money.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../schema/refusals.ts";
import { checkoutCan } from "../../schema/states.ts";
import type { Checkout } from "./checkout.ts";
import { expiryMs } from "./schedule.ts";

/** Why a payment may not begin now; "processing" when another one is still alive. */
export function whyNotPay(
  checkout: Checkout,
  { expectedTotal }: PayCheckout,
  nowMs: number,
): Refusal<RefusalCode> | "processing" | "supersede" | undefined {
  const { status, quote } = checkout;
  if (status === "expired" || (expiryMs(checkout) ?? nowMs + 1) <= nowMs) {
    return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  }
  if (status === "paying" || status === "processing") return "processing";
  if (status === "awaiting_shopper") return "supersede";
  if (!checkoutCan.pay(status)) return refuse("checkout_not_open", { status });
  if (!sameMoney(expectedTotal, quote.total))
    return refuse("quote_changed", { total: quote.total });
  return undefined;
}

/** Why the checkout cannot be called off any more. */
export function whyNotCancel({ status, quote }: Checkout): Refusal<RefusalCode> | undefined {
  if (status === "expired") return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  return checkoutCan.cancel(status) ? undefined : refuse("checkout_not_open", { status });
}
