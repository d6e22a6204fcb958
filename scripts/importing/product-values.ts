import type { PriceWindow } from "../../schema/catalogue.ts";
import { amountMinorFrom, weightGramsFrom } from "./decimal-text.ts";
import { HOW_TO_MEND, isReadable } from "./encoding.ts";
import { factTexts } from "./fact-columns.ts";
import { instantFrom } from "./instants.ts";
import type { Cell, ImportTerms, MomentCell, PriceCells, ProductRow } from "./product-row.ts";

/** A row's cells as values of a product; a cell that is empty says nothing. */
export type ProductValues = {
  readonly said: Readonly<Record<string, string | number>>;
  readonly prices: readonly PriceWindow[];
  readonly facts: ReturnType<typeof factTexts>;
};

/** A cell that has no value, in a sentence. */
export class Unreadable extends Error {
  readonly column: string;

  constructor({ column, text }: Cell, why: string) {
    super(text === "" ? why : `"${text}": ${why}`);
    this.column = column;
  }
}

/** Throws: Unreadable for the first cell that has no value. */
export function valuesOf(row: ProductRow, terms: ImportTerms): ProductValues {
  const { sku, name, taxClass } = row;
  if (sku.text === "") throw new Unreadable(sku, "the SKU is missing");
  const texts = { sku, name, ...(taxClass && { taxClass }) };
  const filled = Object.entries(texts).filter(([, cell]) => readable(cell).text !== "");
  return {
    said: {
      ...Object.fromEntries(filled.map(([key, { text }]) => [key, text])),
      ...weightOf(row, terms),
    },
    prices: row.prices.map((price) => priceOf(price, terms)),
    facts: factTexts((row.facts ?? []).map(([name, cell]) => [name, readable(cell)])),
  };
}

function readable(cell: Cell): Cell {
  if (isReadable(cell.text)) return cell;
  throw new Unreadable(cell, HOW_TO_MEND);
}

function weightOf({ weight }: ProductRow, { decimal }: ImportTerms) {
  if (weight === undefined || weight.text === "") return {};
  if (weight.unit === undefined) {
    if (/^\d+$/.test(weight.text)) return { weightGrams: Number(weight.text) };
    throw new Unreadable(weight, "grams are a whole number; others go into a column weight:kg");
  }
  const [, text = weight.text, unit = weight.unit] = /^(\S+)\s+([a-z]+)$/i.exec(weight.text) ?? [];
  const read = weightGramsFrom(text, unit, decimal);
  if ("wrong" in read) throw new Unreadable(weight, read.wrong);
  return { weightGrams: read.value };
}

function priceOf(price: PriceCells, terms: ImportTerms): PriceWindow {
  const { amount, currency } = moneyCells(price, terms);
  if (currency === "") throw new Unreadable(price.amount, "of which currency? Add --currency EUR");
  if (amount === "") throw new Unreadable(price.amount, "the amount is missing");
  const window = { validFrom: price.validFrom, validUntil: price.validUntil };
  const moments = Object.entries(window).flatMap(([key, cell]) =>
    cell === undefined ? [] : [[key, momentOf(cell, terms)]],
  );
  return {
    currency,
    amountMinor: price.isMinor
      ? wholeOf(price.amount)
      : decimalOf(price.amount, amount, currency, terms),
    ...Object.fromEntries(moments),
  };
}

/** "12.99 EUR", "EUR 12.99", or the currency beside it, or else that of all the file. */
function moneyCells({ amount, currency }: PriceCells, terms: ImportTerms) {
  const [, before = "", text = amount.text, after = ""] =
    /^([a-z]{3}(?=[\s\d]))?\s*([^a-z]*?)\s*((?<=[\s\d])[a-z]{3})?$/i.exec(amount.text) ?? [];
  const within = (before || after).toUpperCase();
  const beside = currency.text.toUpperCase();
  if (within !== "" && beside !== "" && within !== beside) {
    throw new Unreadable(amount, `${currency.column} says ${beside}`);
  }
  return { amount: text, currency: within || beside || (terms.currency ?? "") };
}

function wholeOf(cell: Cell): number {
  if (/^\d+$/.test(cell.text)) return Number(cell.text);
  const why = "an amount in minor units (cents) is a whole number; 12.99 goes into a column price";
  throw new Unreadable(cell, why);
}

function decimalOf(cell: Cell, text: string, currency: string, { decimal }: ImportTerms): number {
  const read = amountMinorFrom(text, currency, decimal);
  if ("wrong" in read) throw new Unreadable(cell, read.wrong);
  return read.value;
}

function momentOf(cell: MomentCell, { timeZone }: ImportTerms): string {
  const instant = instantFrom(cell.text, { timeZone, day: cell.day });
  if (instant !== undefined) return instant;
  const zone =
    timeZone === undefined ? "; for a time without an offset add --time-zone Europe/Berlin" : "";
  throw new Unreadable(cell, `this is no time such as 2026-11-27T00:00:00Z${zone}`);
}
