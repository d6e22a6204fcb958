import { limitsOf } from "../schema/amount-limits.ts";
import {
  type Currency,
  compare,
  downToStep,
  lesser,
  type Money,
  minus,
  plus,
  shareOf,
  splitByWeights,
  times,
  zero,
} from "../schema/money.ts";
import { assert } from "../schema/outcome.ts";
import type { PaymentMethod, ProviderName } from "../schema/payment.ts";
import { capabilityOf } from "./method-capabilities.ts";

/** Why a provider cannot take an amount by a method, with the bound that it misses. */
export type CannotCharge =
  | { readonly why: "currency_not_taken" }
  | { readonly why: "below_least"; readonly leastMinor: number }
  | { readonly why: "above_greatest"; readonly greatestMinor: number }
  | { readonly why: "off_step"; readonly stepMinor: number };

/**
 * The smallest part of a currency that a provider moves, in our minor units: 1 but where it counts
 * more coarsely. Every charge, capture and refund is a multiple of it.
 */
export function stepOf(provider: ProviderName, currency: Currency): number {
  return limitsOf(provider, currency)?.stepMinor ?? 1;
}

/** Whether an amount can be captured or refunded: a provider has a least charge, no least move. */
export function canMove(provider: ProviderName, { amountMinor, currency }: Money): boolean {
  return amountMinor % stepOf(provider, currency) === 0;
}

/** Why an amount cannot be charged there; undefined when it can. A method may be narrower. */
export function whyNotCharge(
  provider: ProviderName,
  method: PaymentMethod,
  { amountMinor, currency }: Money,
): CannotCharge | undefined {
  const limits = limitsOf(provider, currency);
  if (!limits) return { why: "currency_not_taken" };
  const { stepMinor, leastMinor, greatestMinor } = {
    ...limits,
    ...capabilityOf(provider, method)?.limits,
  };
  if (amountMinor < leastMinor) return { why: "below_least", leastMinor };
  if (amountMinor > greatestMinor) return { why: "above_greatest", greatestMinor };
  if (amountMinor % stepMinor !== 0) return { why: "off_step", stepMinor };
  return undefined;
}

/** The amount without what is less than a step. */
export function roundedDown(provider: ProviderName, amount: Money): Money {
  return downToStep(amount, stepOf(provider, amount.currency));
}

/**
 * The nearest amount that the provider moves: at least one step, at most `left`. Of two that are
 * equally near the smaller: no more goes than was asked for. Undefined when `left` has no step.
 */
export function nearestTakable(
  provider: ProviderName,
  amount: Money,
  left: Money,
): Money | undefined {
  const { currency } = amount;
  const step = { amountMinor: stepOf(provider, currency), currency };
  const most = roundedDown(provider, left);
  if (most.amountMinor === 0) return undefined;
  const below = roundedDown(provider, amount);
  const above = plus(below, step);
  const isAboveNearer = compare(minus(above, amount), minus(amount, below)) < 0;
  return lesser(isAboveNearer || below.amountMinor === 0 ? above : below, most);
}

/**
 * Splits an amount in proportion to the weights, in parts that the provider moves. What is less
 * than a step goes to the last part: of a charge there is none.
 */
export function splitInSteps(
  provider: ProviderName,
  amount: Money,
  weights: readonly Money[],
): readonly Money[] {
  assert(weights.length > 0, "an amount is split over something");
  const { currency } = amount;
  const step = stepOf(provider, currency);
  const whole = roundedDown(provider, amount);
  const steps = shareOf(whole, 1, step);
  const parts = splitByWeights(steps, weights).map((part) => times(part, step));
  return parts.with(-1, plus(parts.at(-1) ?? zero(currency), minus(amount, whole)));
}
