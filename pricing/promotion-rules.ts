import type { Sku } from "../schema/ids.ts";
import {
  type Currency,
  compare,
  lesser,
  type Money,
  minus,
  plus,
  share,
  splitByWeights,
  sum,
  times,
  zero,
} from "../schema/money.ts";
import type { Off, PromotionRule } from "../schema/promotion.ts";
import type { ShippingOption } from "./catalogue.ts";
import { decimalText, percentText } from "./money-text.ts";
import { asCharged, fixedOff, type ShelfPrices } from "./tax.ts";

/** A line at its list price. Lines come by SKU, whatever the shopper's order. */
export type ListLine = {
  readonly sku: Sku;
  readonly name: string;
  readonly quantity: number;
  readonly unitAmount: Money;
  readonly amount: Money;
};

export type Basket = {
  readonly currency: Currency;
  readonly lines: readonly ListLine[];
  readonly shipping: ShippingOption;
  /** At list prices: earlier discounts never push a cart below a threshold. */
  readonly subtotal: Money;
  /** Where tax was taken out of the prices: what was fixed in money is compared with these. */
  readonly shelf?: ShelfPrices;
};

/** What earlier promotions have left of each line and of shipping. */
export type Left = { readonly lines: readonly Money[]; readonly shipping: Money };

/** Why a promotion takes nothing off. */
export type Miss = "currency" | "items" | "minimum" | "shipping_option" | "nothing_left";

/** What a promotion takes off each line and off shipping. */
export type Reduction = {
  readonly lines: readonly Money[];
  readonly shipping: Money;
  readonly explanation: string;
};

type Rule<Kind extends PromotionRule["kind"]> = Extract<PromotionRule, { kind: Kind }>;

/** What a rule takes off what is left; never more than that. */
export function reduce(rule: PromotionRule, basket: Basket, left: Left): Reduction | Miss {
  switch (rule.kind) {
    case "percentage":
      return offLines({ ppm: rule.ppm }, included(basket, rule.skus), basket, left);
    case "fixed":
      return offLines({ amounts: rule.amounts }, included(basket, rule.skus), basket, left);
    case "threshold":
      return threshold(rule, basket, left);
    case "buy_x_get_y":
      return buyXGetY(rule, basket, left);
    case "bundle":
      return bundle(rule, basket, left);
    case "free_shipping":
      return freeShipping(rule, basket, left);
  }
}

/** By index of the basket's lines, whether the rule is about it. */
function included({ lines }: Basket, skus: readonly Sku[] | undefined): readonly boolean[] {
  return lines.map(({ sku }) => !skus || skus.includes(sku));
}

/** A share is rounded line by line; an amount is split over the lines by what is left of them. */
function offLines(
  { ppm, amounts }: Off,
  isMeant: readonly boolean[],
  { currency, shelf }: Basket,
  left: Left,
): Reduction | Miss {
  if (!isMeant.includes(true)) return "items";
  const meant = left.lines.map((amount, at) => (isMeant[at] ? amount : zero(currency)));
  if (ppm !== undefined) {
    const lines = meant.map((amount) => share(amount, ppm));
    return reduction(lines, left, `${percentText(ppm)} off`);
  }
  const amountMinor = amounts?.[currency];
  if (amountMinor === undefined) return "currency";
  const amount = { amountMinor, currency };
  return reduction(fixedOff(amount, meant, shelf), left, `${decimalText(amount)} off`);
}

function threshold({ steps }: Rule<"threshold">, basket: Basket, left: Left): Reduction | Miss {
  const { currency, shelf } = basket;
  const { subtotal } = shelf ?? basket;
  const here = steps
    .flatMap(({ from, off }) => {
      const amountMinor = from[currency];
      return amountMinor === undefined ? [] : [{ from: { amountMinor, currency }, off }];
    })
    .toSorted((a, b) => compare(a.from, b.from));
  if (here.length === 0) return "currency";
  const step = here.findLast(({ from }) => compare(from, subtotal) <= 0);
  if (!step) return "minimum";
  const off = offLines(step.off, included(basket, undefined), basket, left);
  if (typeof off === "string") return off;
  return { ...off, explanation: `${off.explanation} from ${decimalText(step.from)}` };
}

/** The cheapest pieces are the ones that are given; equal ones in the order of their SKUs. */
function buyXGetY(rule: Rule<"buy_x_get_y">, basket: Basket, left: Left): Reduction | Miss {
  const { buy, get } = rule;
  const isBought = included(basket, buy.skus);
  const isGiven = get.skus ? included(basket, get.skus) : isBought;
  const pieces = (isMeant: readonly boolean[]) =>
    basket.lines.reduce((all, { quantity }, at) => all + (isMeant[at] ? quantity : 0), 0);
  const perGroup = get.skus ? buy.quantity : buy.quantity + get.quantity;
  const groups = Math.min(
    Math.floor(pieces(isBought) / perGroup),
    rule.timesMax ?? Number.POSITIVE_INFINITY,
  );
  let toGive = Math.min(groups * get.quantity, pieces(isGiven));
  if (toGive === 0) return "items";
  const explanation = `Buy ${buy.quantity}, get ${get.quantity} ${forHowMuch(get.ppm)}`;
  const cheapestFirst = basket.lines
    .map((line, at) => ({ ...line, at }))
    .filter(({ at }) => isGiven[at])
    .toSorted((a, b) => compare(a.unitAmount, b.unitAmount) || a.at - b.at);
  const off = new Map<number, Money>();
  for (const { at, quantity, unitAmount } of cheapestFirst) {
    const given = Math.min(quantity, toGive);
    off.set(at, share(times(unitAmount, given), get.ppm));
    toGive -= given;
  }
  return reduction(
    basket.lines.map((_line, at) => off.get(at) ?? zero(basket.currency)),
    left,
    explanation,
  );
}

function forHowMuch(ppm: number): string {
  return ppm === 1_000_000 ? "free" : `at ${percentText(ppm)} off`;
}

/** As many bundles as the cart has; what they save is split over their items by list price. */
function bundle({ items, amounts }: Rule<"bundle">, basket: Basket, left: Left): Reduction | Miss {
  const { currency, lines, shelf } = basket;
  const amountMinor = amounts[currency];
  if (amountMinor === undefined) return "currency";
  const perBundle = lines.map(({ sku }) => items.find((item) => item.sku === sku)?.quantity ?? 0);
  if (perBundle.filter((pieces) => pieces > 0).length < items.length) return "items";
  const bundles = lines.reduce((most, { quantity }, at) => {
    const pieces = perBundle[at] ?? 0;
    return pieces === 0 ? most : Math.min(most, Math.floor(quantity / pieces));
  }, Number.POSITIVE_INFINITY);
  if (bundles === 0) return "items";
  const listed = lines.map(({ unitAmount }, at) =>
    times(shelf?.units[at] ?? unitAmount, (perBundle[at] ?? 0) * bundles),
  );
  const list = sum(listed, currency);
  const price = times({ amountMinor, currency }, bundles);
  const saved = minus(list, lesser(list, price));
  const names = lines.filter((_line, at) => perBundle[at]).map(({ name }) => name);
  const explanation = `${names.join(" + ")} together for ${decimalText({ amountMinor, currency })}`;
  return reduction(asCharged(splitByWeights(saved, listed), shelf), left, explanation);
}

function freeShipping(rule: Rule<"free_shipping">, basket: Basket, left: Left): Reduction | Miss {
  const { currency, shipping, shelf } = basket;
  const { subtotal } = shelf ?? basket;
  const fromMinor = rule.from?.[currency] ?? 0;
  if (rule.from && rule.from[currency] === undefined) return "currency";
  if (subtotal.amountMinor < fromMinor) return "minimum";
  if (rule.options && !rule.options.includes(shipping.option)) return "shipping_option";
  if (left.shipping.amountMinor === 0) return "nothing_left";
  const from = rule.from ? ` from ${decimalText({ amountMinor: fromMinor, currency })}` : "";
  return {
    lines: left.lines.map(() => zero(currency)),
    shipping: left.shipping,
    explanation: `Free ${shipping.name} delivery${from}`,
  };
}

/** Cuts what is wanted of each line to what is left of it. */
function reduction(
  wanted: readonly Money[],
  left: Left,
  explanation: string,
): Reduction | "nothing_left" {
  const { currency } = left.shipping;
  const lines = left.lines.map((amount, at) => lesser(amount, wanted[at] ?? zero(currency)));
  const total = lines.reduce(plus, zero(currency));
  return total.amountMinor === 0
    ? "nothing_left"
    : { lines, shipping: zero(currency), explanation };
}
