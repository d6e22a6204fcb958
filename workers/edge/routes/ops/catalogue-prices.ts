import { limitsAnywhere } from "../../../../schema/amount-limits.ts";
import type {
  CatalogueProduct,
  PromotionTerms,
  ShippingRates,
} from "../../../../schema/catalogue.ts";
import { whyNoCurrency } from "../../../../schema/iso-4217.ts";
import type { Currency } from "../../../../schema/money.ts";
import { refuse } from "../../../../schema/refusals.ts";

type Price = { readonly currency: Currency; readonly amountMinor: number };

/** What is wrong with products' prices, if anything: what no provider could ever charge is refused. */
export function wrongPricesIn(products: readonly CatalogueProduct[]) {
  const prices = products.flatMap(({ sku, prices: of }) => of.map((price) => ({ ...price, sku })));
  const unknown = unknownCurrency(prices.map(({ currency }) => currency));
  if (unknown) return unknown;
  return asRefusal(
    prices.flatMap((price) => {
      const why = whyNeverCharged(price);
      return why ? [`${price.sku}: ${why}`] : [];
    }),
  );
}

/** As for prices; what is free to send, or costs less than a charge, is only a part of a total. */
export function wrongRatesIn(currency: Currency, { rates }: ShippingRates) {
  return (
    unknownCurrency([currency]) ??
    asRefusal(
      rates.flatMap(({ option, amountMinor }) => {
        const why = whyNeverCharged({ currency, amountMinor });
        return why ? [`${option}: ${why}`] : [];
      }),
    )
  );
}

/** As for prices, of every amount that a promotion names. */
export function wrongAmountsIn({ rule }: Pick<PromotionTerms, "rule">) {
  return unknownCurrency([...new Set(currenciesIn(rule))]);
}

function currenciesIn(part: unknown): readonly Currency[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name === "amounts" || name === "from" ? Object.keys(value) : currenciesIn(value),
  );
}

/** Three capital letters are not yet a currency, and some are one no more. */
function unknownCurrency(currencies: readonly Currency[]) {
  return asRefusal(currencies.flatMap((currency) => whyNoCurrency(currency) ?? []));
}

/** A price below the least charge is none of it: more of it, or shipping, makes a total. */
function whyNeverCharged({ currency, amountMinor }: Price): string | undefined {
  const limits = limitsAnywhere(currency);
  if (!limits) return `no provider takes ${currency}`;
  const { greatestMinor, stepMinor } = limits;
  if (amountMinor > greatestMinor) {
    return `no provider charges more than ${greatestMinor} minor units of ${currency}`;
  }
  if (amountMinor % stepMinor === 0) return undefined;
  return `no provider counts ${currency} in less than ${stepMinor} minor units`;
}

function asRefusal(issues: readonly string[]) {
  return issues.length === 0 ? undefined : refuse("invalid_request", { issues });
}
