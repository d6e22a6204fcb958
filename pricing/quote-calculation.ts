import type { Quote } from "../schema/checkout.ts";
import { minus, plus, share, sum, zero } from "../schema/money.ts";
import { isRefusal, type Refusal } from "../schema/outcome.ts";
import { refuse } from "../schema/refusals.ts";
import { STANDARD, type TaxRounding } from "../schema/tax.ts";
import { basketOf, inSkuOrder, withoutTax } from "./basket.ts";
import type { CataloguePrices, TaxRate } from "./catalogue.ts";
import { isBeyondCounting, tooLarge, whyNotCharged } from "./chargeable.ts";
import { type CostOf, type Discounts, discountsOf } from "./discounts.ts";
import { countedOf } from "./promotion-eligibility.ts";
import type { Basket, Left } from "./promotion-rules.ts";
import {
  quoteDiscountsOf,
  quoteLineOf,
  quoteShippingOf,
  quoteTaxesOf,
  type Taxed,
} from "./quote-breakdown.ts";
import type { Ingredients, Rates } from "./quote-ingredients.ts";
import type { QuoteRequest } from "./quote-request.ts";
import { versionsOf } from "./quote-versions.ts";
import { chosen, optionsFor, weightOf } from "./shipping-options.ts";
import { shippingTaxAt, taxRoundingAt } from "./tax/tax-law.ts";
import { vatCountryOf } from "./tax/territories.ts";
import { isInVatArea, isVatNumber } from "./tax/vat-number.ts";
import { rateOf, reversed } from "./tax.ts";
import { netShipping, shippingParts, type TaxedPart, taxesOf } from "./taxed-parts.ts";

export type PricingRefusal = Refusal<
  | "tax_rate_unknown"
  | "state_needed"
  | "postal_code_mismatch"
  | "vat_number_invalid"
  | "shipping_unavailable"
  | "promotion_not_applicable"
  | "promotion_not_combinable"
  | "amount_too_large"
  | "amount_too_small"
>;

/** A quote before everything is in it: its hash comes last. */
export type Unsealed = Omit<Quote, "hash">;

/** The quote as a pure function of its ingredients. */
export function priced(
  request: QuoteRequest,
  ingredients: Ingredients,
  expiresAtMs: number,
): Unsealed | PricingRefusal {
  const products = inSkuOrder(request, ingredients.prices);
  const isReversed = reversal(request, ingredients);
  if (isRefusal(isReversed)) return isReversed;
  const rates = ratesOf(products, ingredients);
  if (isRefusal(rates)) return rates;
  const { table, live } = ingredients;
  const offered = [...optionsFor(table, weightOf(request.lines, products)), ...live.options];
  const shipping = chosen(offered, request.shippingOption);
  if (!shipping) {
    return refuse("shipping_unavailable", { options: offered.map(({ option }) => option) });
  }
  if (isBeyondCounting(products)) return tooLarge(request.currency);
  const shown = basketOf(products, shipping, request.currency);
  const basket = isReversed ? withoutTax(shown, rates) : shown;
  const goods = shown.lines.map(({ amount }) => amount);
  const options = isReversed
    ? offered.map((each) => ({ ...each, amount: netShipping(each.amount, goods, rates) }))
    : offered;
  const charged = isReversed
    ? { ...rates, lines: rates.lines.map(reversed), shipping: reversed(rates.shipping) }
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

/** Tax is on what the discounts left of lines and shipping, rounded as the law of the place has it. */
function totalled(
  parts: Parts,
  expiresAtMs: number,
): Unsealed | Refusal<"amount_too_large" | "amount_too_small"> {
  const { request, basket, discounts, rates, options, ingredients } = parts;
  const { currency, subtotal, shipping } = basket;
  const { left, applied } = discounts;
  const net = plus(sum(left.lines, currency), left.shipping);
  const taxRounding = taxRoundingAt(ingredients.place);
  const taxed = taxedOf(left, rates, taxRounding);
  const taxes = quoteTaxesOf(taxed, currency);
  const onTop = taxes.filter(({ inclusive }) => !inclusive).map(({ amount }) => amount);
  const total = plus(net, sum(onTop, currency));
  const unchargeable = whyNotCharged(total);
  if (unchargeable) return unchargeable;
  const lines = basket.lines.map((line, at) =>
    quoteLineOf(line, { at, applied, left, taxed: taxed[at] }),
  );
  const discount = minus(plus(subtotal, shipping.amount), net);
  const counted = applied.flatMap(({ promotion }) => countedOf(promotion));
  const { leftOut } = ingredients.live;
  return {
    lines: request.lines.flatMap(({ sku }) => lines.filter((line) => line.sku === sku)),
    shipping: quoteShippingOf(shipping, left.shipping, taxed.slice(lines.length)),
    shippingOptions: options,
    ...(leftOut.length > 0 ? { shippingLeftOut: [...leftOut] } : {}),
    discounts: quoteDiscountsOf(applied, currency),
    taxes,
    taxRounding,
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
}

/** The tax of each line, then of each rate's share of shipping. */
function taxedOf(left: Left, rates: Rates, rounding: TaxRounding): readonly Taxed[] {
  const parts = partsOf(left, rates);
  const taxes = taxesOf(parts, rounding);
  return parts.map(({ rate }, at) => ({ rate, amount: taxes[at] ?? zero(left.shipping.currency) }));
}

function partsOf({ lines, shipping }: Left, rates: Rates): readonly TaxedPart[] {
  return [
    ...lines.map((amount, at) => ({ amount, rate: rates.lines[at] ?? rates.shipping })),
    ...shippingParts(shipping, lines, rates),
  ];
}

/**
 * Whether the buyer accounts for the tax: a business in another state of the seller's VAT area. What
 * leaves that area is an export, whatever number the buyer has.
 */
function reversal(
  { vatNumber, country }: QuoteRequest,
  { terms, place }: Ingredients,
): boolean | Refusal<"vat_number_invalid"> {
  if (vatNumber === undefined) return false;
  const { vatCountry, exportTo } = place;
  if (!isVatNumber(vatCountry, vatNumber)) return refuse("vat_number_invalid", { country });
  const seller = terms.country && vatCountryOf(terms.country);
  return !exportTo && seller !== undefined && seller !== vatCountry && isInVatArea(seller);
}

/** Goods by their class, and how the place taxes shipping. */
function ratesOf(
  products: CataloguePrices["prices"],
  { taxRates, place }: Ingredients,
): Rates | Refusal<"tax_rate_unknown"> {
  const { country, state } = place;
  const where = { country, ...(state ? { state } : {}) };
  const shipping = rateOf(taxRates, STANDARD);
  if (!shipping) return refuse("tax_rate_unknown", where);
  const lines: TaxRate[] = [];
  for (const { taxClass, sku } of products) {
    const rate = rateOf(taxRates, taxClass);
    if (!rate) return refuse("tax_rate_unknown", { ...where, taxClass, skus: [sku] });
    lines.push(rate);
  }
  return { lines, shipping, shippingTax: shippingTaxAt(place) };
}

/** To compare discounts: like a total, but of any cart, also of one too large to be charged. */
function costWith(rates: Rates): CostOf {
  return (left) =>
    partsOf(left, rates)
      .filter(({ rate }) => !rate.inclusive)
      .map(({ amount, rate }) => share(amount, rate.ratePpm))
      .reduce(plus, left.lines.reduce(plus, left.shipping));
}
