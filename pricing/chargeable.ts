import { AMOUNT_MAX_MINOR, limitsAnywhere } from "../schema/amount-limits.ts";
import type { Currency, Money } from "../schema/money.ts";
import { refuse } from "../schema/refusals.ts";

/** Carts above this are refused before they are multiplied: they leave the safe integers. */
const COUNTED_MAX_MINOR = AMOUNT_MAX_MINOR * 1000;
/** A currency that no provider takes can be quoted; who pays is told that nobody takes it. */
const NO_LIMITS = { leastMinor: 0, greatestMinor: AMOUNT_MAX_MINOR };

type Line = { readonly unitAmount: Money; readonly quantity: number };

/** Whether no provider could take this total, by any method. One that costs nothing needs none. */
export function whyNotCharged(total: Money) {
  const { amountMinor, currency } = total;
  const { leastMinor, greatestMinor } = limitsAnywhere(currency) ?? NO_LIMITS;
  if (amountMinor > greatestMinor) return tooLarge(currency, total);
  if (amountMinor === 0 || amountMinor >= leastMinor) return undefined;
  return refuse("amount_too_small", { total, leastMinor });
}

/** Whether the lines, multiplied, would leave the safe integers. */
export function isBeyondCounting(lines: readonly Line[]): boolean {
  const subtotal = lines.reduce(
    (all, { unitAmount, quantity }) => all + BigInt(unitAmount.amountMinor) * BigInt(quantity),
    0n,
  );
  return subtotal > BigInt(COUNTED_MAX_MINOR);
}

/** Without a total where it is too large to be counted. */
export function tooLarge(currency: Currency, total?: Money) {
  const maxMinor = limitsAnywhere(currency)?.greatestMinor ?? AMOUNT_MAX_MINOR;
  return refuse("amount_too_large", { ...(total ? { total } : {}), maxMinor });
}
