import { isZero, type Money } from "../../../schema/money.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import type { SaleMethod } from "../../../schema/payment.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { RoutedAttempt } from "../sale/checkout.ts";
import type { AttemptedGoods } from "./stock-steps.ts";

/** One attempt to place an order that costs nothing, as its run keeps it. */
export type PlaceFreeInput = AttemptedGoods &
  RoutedAttempt & {
    readonly method: "none";
    readonly amount: Money;
  };

/**
 * Why this total cannot be paid in that way: what is free is placed without a provider, and nothing
 * else is. A card that came along for what is free is not quietly left alone: whoever sent it
 * believes that it is charged.
 */
export function whyNotMethod(
  method: SaleMethod,
  total: Money,
): Refusal<"payment_required" | "payment_not_required"> | undefined {
  if (isZero(total) === (method === "none")) return undefined;
  return isZero(total)
    ? refuse("payment_not_required", { total, method })
    : refuse("payment_required", { total });
}
