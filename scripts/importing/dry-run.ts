import { decimalText } from "../../pricing/money-text.ts";
import type { CatalogueProduct, PriceWindow } from "../../schema/catalogue.ts";
import { table } from "../machine/table.ts";
import { textsOf } from "./fact-columns.ts";
import type { Imported } from "./import-rows.ts";
import { factColumns, type Rejected } from "./product-row.ts";

type Change = { readonly of: string; readonly from: string; readonly to: string };
type Stored = ReadonlyMap<string, CatalogueProduct>;

/**
 * What an import would do: a table of what is new, changed (from, to) and refused, and how many products
 * stay as they are. What only the shop can refuse, such as card numbers, is not among it.
 */
export function dryRun(
  good: readonly Imported[],
  bad: readonly Rejected[],
  stored: Stored,
): string {
  const fresh = good.filter(({ product }) => !stored.has(product.sku));
  const changed = good.flatMap(({ product, lines }) => {
    const before = stored.get(product.sku);
    const changes = before ? changesOf(before, product) : [];
    return changes.length > 0 ? [{ sku: product.sku, line: lines[0] ?? 0, changes }] : [];
  });
  const unchanged = good.length - fresh.length - changed.length;
  const rows = [
    ...bad.map(({ line, column, sku, reason }) => ["refused", `${line}`, sku, column, "", reason]),
    ...changed.flatMap(({ sku, line, changes }) =>
      changes.map(({ of, from, to }) => ["changed", `${line}`, sku, of, from, to]),
    ),
    ...fresh.map(({ product, lines }) => {
      return ["new", `${lines[0] ?? 0}`, product.sku, "", "", summaryOf(product)];
    }),
  ];
  const shown =
    rows.length === 0 ? [] : [table([["", "line", "SKU", "column", "from", "to"], ...rows])];
  const counts = `new ${fresh.length}, changed ${changed.length}, unchanged ${unchanged}, refused ${bad.length}`;
  return [...shown, `${counts}. Nothing was sent.`].join("\n");
}

function summaryOf({ name, taxClass, weightGrams, prices }: CatalogueProduct): string {
  const currencies = [...new Set(prices.map(({ currency }) => currency))];
  const costs = currencies.map((currency) => windowsOf(prices, currency));
  return [name, taxClass, `${weightGrams} g`, ...costs].join(", ");
}

/** Prices of a currency that the file does not name stay, so they are no change. */
function changesOf(before: CatalogueProduct, after: CatalogueProduct): readonly Change[] {
  const currencies = [...new Set(after.prices.map(({ currency }) => currency))];
  const compared: readonly Change[] = [
    { of: "name", from: before.name, to: after.name },
    { of: "taxClass", from: before.taxClass, to: after.taxClass },
    { of: "weightGrams", from: `${before.weightGrams}`, to: `${after.weightGrams}` },
    ...factChanges(before, after),
    ...currencies.map((currency) => ({
      of: "price",
      from: windowsOf(before.prices, currency),
      to: windowsOf(after.prices, currency),
    })),
  ];
  return compared.filter(({ from, to }) => from !== to);
}

/** Facts that the file does not name stay. */
function factChanges(before: CatalogueProduct, after: CatalogueProduct): readonly Change[] {
  const [from, to] = [textsOf(before.facts), textsOf(after.facts)];
  return factColumns.flatMap((of) => {
    const text = to[of];
    return text === undefined ? [] : [{ of, from: from[of] ?? "", to: text }];
  });
}

/** "12.99 EUR, 9.99 EUR from 2026-11-27T00:00:00.000Z". */
function windowsOf(prices: readonly PriceWindow[], currency: string): string {
  const moment = (text: string) => new Date(text).toISOString();
  return prices
    .filter((each) => each.currency === currency)
    .toSorted((a, b) => (moment(a.validFrom ?? EVER) < moment(b.validFrom ?? EVER) ? -1 : 1))
    .map(({ amountMinor, validFrom, validUntil }) =>
      [
        decimalText({ amountMinor, currency }),
        ...(validFrom ? [`from ${moment(validFrom)}`] : []),
        ...(validUntil ? [`until ${moment(validUntil)}`] : []),
      ].join(" "),
    )
    .join(", ");
}

const EVER = "1970-01-01T00:00:00Z";
