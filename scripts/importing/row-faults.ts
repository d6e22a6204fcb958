import type * as z from "zod";
import type { ProductRow } from "./product-row.ts";
import type { ProductValues } from "./product-values.ts";

/** Under which head stands what a product's schema speaks of. */
export function columnOf(row: ProductRow, [key]: readonly PropertyKey[]): string {
  const fact = row.facts?.find(([name]) => name === key)?.[1];
  if (fact) return fact.column;
  const cells = { sku: row.sku, name: row.name, taxClass: row.taxClass, weightGrams: row.weight };
  const cell = Object.entries(cells).find(([each]) => each === key)?.[1];
  return (cell ?? row.prices[0]?.amount ?? row.sku).column;
}

/** Why a row is refused, with what it said. */
export function sentenceOf(
  issue: z.core.$ZodIssue | undefined,
  [key]: readonly PropertyKey[],
  said: ProductValues["said"],
): string {
  if (key === "name" && said.name === undefined) return "the name is missing";
  if (issue?.path[0] === "facts" && said[String(key)] === undefined) return "this is missing";
  const value = Object.entries(said).find(([each]) => each === key)?.[1];
  return value === undefined ? `${issue?.message}` : `"${value}": ${issue?.message}`;
}
