import type { Quote, QuoteLine } from "../../../../schema/checkout.ts";
import type { Sku } from "../../../../schema/ids.ts";
import {
  firstParts,
  leftOf,
  lesser,
  type Money,
  minus,
  plus,
  splitByWeights,
  splitInSteps,
  sum,
  zero,
} from "../../../../schema/money.ts";

/** A line and what was paid for it: its goods, and its part of the shipping. */
export type PaidLine = {
  readonly sku: Sku;
  readonly ordered: number;
  readonly paid: Money;
  readonly shipping: Money;
  /** The least that its provider can move, in minor units. */
  readonly stepMinor: number;
};

/** Pieces of a line, by their place in it: from the `from`th to before the `to`th. */
export type Span = { readonly from: number; readonly to: number };

/**
 * What was paid for each line: after its discounts, with the tax that comes on top and its import duty.
 * Goods and shipping of all lines add up to the total; each is a sum that the provider can move as far as the
 * total is one.
 */
export function paidLines(quote: Quote, stepMinor: number): readonly PaidLine[] {
  const { lines, total } = quote;
  const priced = lines.map((line) => pricedAt(line, quote));
  const carried = leftOf(total, sum(priced, total.currency));
  const paid = splitInSteps(total, [...priced, carried], stepMinor);
  const goods = paid.slice(0, -1);
  const shipping = splitInSteps(paid.at(-1) ?? carried, weightsOf(goods, lines), stepMinor);
  const nothing = zero(total.currency);
  return lines.map(({ sku, quantity }, at) => ({
    ...{ sku, ordered: quantity, stepMinor },
    ...{ paid: goods[at] ?? nothing, shipping: shipping[at] ?? nothing },
  }));
}

/** What these pieces are worth. All spans of a line add up to what was paid for it. */
export function worthOf(line: PaidLine, span: Span): Money {
  return within(line, line.paid, span);
}

/** What was paid for carrying these pieces. */
export function shippingOf(line: PaidLine, span: Span): Money {
  return within(line, line.shipping, span);
}

function within({ ordered, stepMinor }: PaidLine, money: Money, { from, to }: Span): Money {
  const first = (count: number) => firstParts(money, { count, of: ordered, stepMinor });
  return leftOf(first(to), first(from));
}

/** Goods that cost nothing are carried all the same. */
function weightsOf(goods: readonly Money[], lines: Quote["lines"]): readonly Money[] {
  if (goods.some(({ amountMinor }) => amountMinor > 0)) return goods;
  return lines.map(({ quantity, amount }) => ({ ...amount, amountMinor: quantity }));
}

function pricedAt({ amount, discount, tax, taxClass, duty }: QuoteLine, { taxes }: Quote): Money {
  const nothing = zero(amount.currency);
  const left = minus(amount, discount ?? nothing);
  const isOnTop = taxes.some((each) => each.taxClass === taxClass && !each.inclusive);
  return plus(plus(left, isOnTop ? (tax ?? nothing) : nothing), duty ?? nothing);
}

/**
 * A sum as it falls on accounts: first on those that it was moved for by name, the rest on what is
 * left below each one's limit, by largest remainder. They add up to the sum as far as the limits
 * allow, and none is above its limit.
 */
export function spread(
  amount: Money,
  named: readonly Money[],
  limits: readonly Money[],
): readonly Money[] {
  const { currency } = amount;
  const ours = sum(named, currency);
  if (amount.amountMinor < ours.amountMinor) return splitByWeights(amount, named);
  const left = limits.map((limit, at) => leftOf(limit, named[at] ?? limit));
  const more = splitByWeights(lesser(minus(amount, ours), sum(left, currency)), left);
  return named.map((own, at) => plus(own, more[at] ?? zero(currency)));
}
