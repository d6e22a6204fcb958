import { createHash } from "node:crypto";
import type { CreateCheckout, Line, Quote } from "../schema/checkout.ts";
import { AMOUNT_MAX_MINOR, type Money, plus, sum, times, zero } from "../schema/money.ts";
import { assert, type Refusal } from "../schema/outcome.ts";
import { refuse } from "../schema/refusals.ts";
import type { RegionCode } from "../schema/regions.ts";
import type { Catalog, CatalogPrices, ShippingOption, TaxRate } from "./catalog.ts";
import { taxOf } from "./tax.ts";

/** What a shopper wants priced. Lines name each SKU once. */
export type QuoteRequest = Pick<CreateCheckout, "currency" | "country"> & {
  readonly region: RegionCode;
  readonly lines: readonly Line[];
  readonly state?: string | undefined;
  readonly shippingOption?: string | undefined;
  readonly promotionCodes?: readonly string[] | undefined;
};

export type QuoteRefusal = Refusal<
  | "unknown_sku"
  | "currency_not_sold"
  | "tax_rate_unknown"
  | "shipping_unavailable"
  | "promotion_unknown"
  | "amount_too_large"
>;

/**
 * Asks for prices, tax and shipping at once and makes one quote of the answers.
 *
 * Units: `expiresAtMs` is epoch milliseconds.  Throws: when the catalogue cannot be read.
 */
export async function quote(
  catalog: Catalog,
  request: QuoteRequest,
  expiresAtMs: number,
): Promise<Quote | QuoteRefusal> {
  const { currency, country, state, region } = request;
  const [prices, tax, options] = await Promise.all([
    catalog.prices(
      request.lines.map(({ sku }) => sku),
      currency,
    ),
    catalog.taxRate(country, state),
    catalog.shippingOptions(region, currency),
  ]);
  if (prices.unknownSkus.length > 0) return refuse("unknown_sku", { skus: prices.unknownSkus });
  if (prices.unpricedSkus.length > 0) {
    return refuse("currency_not_sold", { skus: prices.unpricedSkus, currency });
  }
  const codes = request.promotionCodes ?? [];
  if (codes.length > 0) return refuse("promotion_unknown", { codes });
  if (!tax) return refuse("tax_rate_unknown", { country, ...(state ? { state } : {}) });
  const shipping = chosen(options, request.shippingOption);
  if (!shipping) {
    return refuse("shipping_unavailable", { options: options.map(({ option }) => option) });
  }
  return priced(request, { prices, tax, shipping }, expiresAtMs);
}

function chosen(options: readonly ShippingOption[], wanted: string | undefined) {
  return wanted === undefined ? options[0] : options.find(({ option }) => option === wanted);
}

type Ingredients = {
  readonly prices: CatalogPrices;
  readonly tax: TaxRate;
  readonly shipping: ShippingOption;
};

/** The quote as a pure function of its ingredients. Tax is rounded per line and for shipping. */
function priced(
  { lines, currency }: QuoteRequest,
  { prices, tax, shipping }: Ingredients,
  expiresAtMs: number,
): Quote | QuoteRefusal {
  const quoted = lines.map(({ sku, quantity }) => {
    const price = prices.prices.find((candidate) => candidate.sku === sku);
    assert(price, `${sku} has a price`);
    const { name, unitAmount } = price;
    return { sku, name, quantity, unitAmount, amount: times(unitAmount, quantity) };
  });
  const amounts = quoted.map(({ amount }) => amount);
  const subtotal = sum(amounts, currency);
  const net = plus(subtotal, shipping.amount);
  // Before tax: its arithmetic holds for what can be charged, not for any cart.
  if (net.amountMinor > AMOUNT_MAX_MINOR) return tooLarge(net);
  const taxed = [...amounts, shipping.amount].map((amount) => taxOf(amount, tax));
  const taxTotal = sum(taxed, currency);
  const total = tax.inclusive ? net : plus(net, taxTotal);
  if (total.amountMinor > AMOUNT_MAX_MINOR) return tooLarge(total);
  const content = {
    lines: quoted,
    shipping,
    discounts: [],
    taxes: [{ ...tax, amount: taxTotal }],
    subtotal,
    discount: zero(currency),
    tax: taxTotal,
    total,
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
  return { ...content, hash: hashOf(content) };
}

function tooLarge(total: Money) {
  return refuse("amount_too_large", { total, maxMinor: AMOUNT_MAX_MINOR });
}

function hashOf(content: Omit<Quote, "hash">): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
