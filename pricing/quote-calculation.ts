import type { Quote } from "../schema/checkout.ts";
import { type Money, minus, plus, share, sum, times } from "../schema/money.ts";
import { assert, isRefusal, type Refusal } from "../schema/outcome.ts";
import { refuse } from "../schema/refusals.ts";
import { STANDARD } from "../schema/tax.ts";
import type { CataloguePrices, ShopTerms, TaxRate } from "./catalogue.ts";
import { isBeyondCounting, tooLarge, whyNotCharged } from "./chargeable.ts";
import { type CostOf, type Discounts, discountsOf } from "./discounts.ts";
import { countedOf } from "./promotion-eligibility.ts";
import type { Basket } from "./promotion-rules.ts";
import { quoteDiscountsOf, quoteLineOf, quoteTaxesOf } from "./quote-breakdown.ts";
import type { Ingredients, Rates } from "./quote-ingredients.ts";
import type { QuoteRequest } from "./quote-request.ts";
import { digestOf, versionsOf } from "./quote-versions.ts";
import { chosen, optionsFor, weightOf } from "./shipping-options.ts";
import { netOf, rateOf, reversed, taxOf } from "./tax.ts";
import { isInVatArea, isVatNumber } from "./vat-number.ts";

export type PricingRefusal = Refusal<
  | "tax_rate_unknown"
  | "vat_number_invalid"
  | "shipping_unavailable"
  | "promotion_not_applicable"
  | "promotion_not_combinable"
  | "amount_too_large"
  | "amount_too_small"
>;

/** The quote as a pure function of its ingredients. */
export function priced(
  request: QuoteRequest,
  ingredients: Ingredients,
  expiresAtMs: number,
): Quote | PricingRefusal {
  const products = inSkuOrder(request, ingredients.prices);
  const isReversed = reversal(request, ingredients.terms);
  if (isRefusal(isReversed)) return isReversed;
  const rates = ratesFor(request, products, ingredients.taxRates);
  if (isRefusal(rates)) return rates;
  const asShelved = (amount: Money, rate: TaxRate) => (isReversed ? netOf(amount, rate) : amount);
  const { table, live } = ingredients;
  const options = [...optionsFor(table, weightOf(request.lines, products)), ...live.options].map(
    (option) => ({ ...option, amount: asShelved(option.amount, rates.shipping) }),
  );
  const shipping = chosen(options, request.shippingOption);
  if (!shipping) {
    return refuse("shipping_unavailable", { options: options.map(({ option }) => option) });
  }
  if (isBeyondCounting(products)) return tooLarge(request.currency);
  const lines = products.map(({ sku, name, quantity, unitAmount: shelf }, at) => {
    const unitAmount = asShelved(shelf, rates.lines[at] ?? rates.shipping);
    return { sku, name, quantity, unitAmount, amount: times(unitAmount, quantity) };
  });
  const { currency } = request;
  const subtotal = sum(
    lines.map(({ amount }) => amount),
    currency,
  );
  const basket = { currency, lines, shipping, subtotal };
  const charged = isReversed
    ? { lines: rates.lines.map(reversed), shipping: reversed(rates.shipping) }
    : rates;
  const discounts = discountsOf(basket, ingredients.promotions, costWith(charged));
  if (isRefusal(discounts)) return discounts;
  const parts = { request, basket, discounts, rates: charged, options, ingredients };
  return totalled(parts, expiresAtMs);
}

type Parts = {
  readonly request: QuoteRequest;
  readonly basket: Basket;
  readonly discounts: Discounts;
  readonly rates: Rates;
  readonly options: Quote["shippingOptions"];
  readonly ingredients: Ingredients;
};

/** Tax is rounded per line and for shipping, on what the discounts left of them. */
function totalled(
  parts: Parts,
  expiresAtMs: number,
): Quote | Refusal<"amount_too_large" | "amount_too_small"> {
  const { request, basket, discounts, rates, options, ingredients } = parts;
  const { currency, subtotal, shipping } = basket;
  const { left, applied } = discounts;
  const net = plus(sum(left.lines, currency), left.shipping);
  const taxed = [
    ...left.lines.map((amount, at) => ({ amount, rate: rates.lines[at] ?? rates.shipping })),
    { amount: left.shipping, rate: rates.shipping },
  ].map(({ amount, rate }) => ({ rate, amount: taxOf(amount, rate) }));
  const taxes = quoteTaxesOf(taxed, currency);
  const onTop = taxes.filter(({ inclusive }) => !inclusive).map(({ amount }) => amount);
  const total = plus(net, sum(onTop, currency));
  const unchargeable = whyNotCharged(total);
  if (unchargeable) return unchargeable;
  const lines = basket.lines.map((line, at) =>
    quoteLineOf(line, { at, applied, left, taxed: taxed[at] }),
  );
  const discount = minus(plus(subtotal, shipping.amount), net);
  const shippingOff = minus(shipping.amount, left.shipping);
  const counted = applied.flatMap(({ promotion }) => countedOf(promotion));
  const { leftOut } = ingredients.live;
  const content = {
    lines: request.lines.flatMap(({ sku }) => lines.filter((line) => line.sku === sku)),
    shipping: {
      ...shipping,
      ...(shippingOff.amountMinor > 0 ? { discount: shippingOff } : {}),
      ...(taxed.at(-1) ? { tax: taxed.at(-1)?.amount } : {}),
    },
    shippingOptions: options,
    ...(leftOut.length > 0 ? { shippingLeftOut: [...leftOut] } : {}),
    discounts: quoteDiscountsOf(applied, currency),
    taxes,
    subtotal,
    discount,
    tax: sum(
      taxes.map(({ amount }) => amount),
      currency,
    ),
    total,
    expiresAt: new Date(expiresAtMs).toISOString(),
    ...(counted.length > 0 ? { counted } : {}),
    versions: versionsOf(basket.shipping, { applied, rates, ingredients }),
  };
  return { ...content, hash: digestOf(content) };
}

/** Lines in the order of their SKUs: nothing may depend on the order of a cart. */
function inSkuOrder({ lines }: QuoteRequest, { prices }: CataloguePrices) {
  const bySku = new Map(prices.map((price) => [price.sku, price]));
  return lines
    .toSorted((a, b) => (a.sku < b.sku ? -1 : 1))
    .map(({ sku, quantity }) => {
      const price = bySku.get(sku);
      assert(price, `${sku} has a price`);
      return { ...price, quantity };
    });
}

/** Whether the buyer accounts for the tax: a business in another state of the seller's VAT area. */
function reversal(
  { vatNumber, country }: QuoteRequest,
  { country: seller }: ShopTerms,
): boolean | Refusal<"vat_number_invalid"> {
  if (vatNumber === undefined) return false;
  if (!isVatNumber(country, vatNumber)) return refuse("vat_number_invalid", { country });
  return seller !== undefined && seller !== country && isInVatArea(seller);
}

/** Goods by their class; shipping at the destination's standard rate. */
function ratesFor(
  { country, state }: QuoteRequest,
  products: CataloguePrices["prices"],
  taxRates: readonly TaxRate[],
): Rates | Refusal<"tax_rate_unknown"> {
  const where = { country, ...(state ? { state } : {}) };
  const shipping = rateOf(taxRates, STANDARD);
  if (!shipping) return refuse("tax_rate_unknown", where);
  const lines: TaxRate[] = [];
  for (const { taxClass, sku } of products) {
    const rate = rateOf(taxRates, taxClass);
    if (!rate) return refuse("tax_rate_unknown", { ...where, taxClass, skus: [sku] });
    lines.push(rate);
  }
  return { lines, shipping };
}

/** To compare discounts: like a total, but of any cart, also of one too large to be charged. */
function costWith(rates: Rates): CostOf {
  const cost = (amount: Money, { inclusive, ratePpm }: TaxRate) =>
    inclusive ? amount : plus(amount, share(amount, ratePpm));
  return ({ lines, shipping }) =>
    lines
      .map((amount, at) => cost(amount, rates.lines[at] ?? rates.shipping))
      .reduce(plus, cost(shipping, rates.shipping));
}
