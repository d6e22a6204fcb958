import type { CatalogueProduct } from "../../schema/catalogue.ts";
import {
  type FactCells,
  type FactColumn,
  factColumns,
  type Heads,
  type SheetRow,
} from "./product-row.ts";

type Path = readonly [fact: string, part?: string];

/** Our columns of what stands beside a price, and where it stands in a product's facts. */
const paths = {
  manufacturerName: ["manufacturer", "name"],
  manufacturerAddress: ["manufacturer", "postalAddress"],
  manufacturerContact: ["manufacturer", "electronicAddress"],
  responsibleName: ["responsiblePerson", "name"],
  responsibleAddress: ["responsiblePerson", "postalAddress"],
  responsibleContact: ["responsiblePerson", "electronicAddress"],
  warnings: ["warnings"],
  tariffCode: ["tariffCode"],
  originCountry: ["originCountry"],
} as const satisfies Readonly<Record<FactColumn, Path>>;

type Aliases = Partial<Readonly<Record<FactColumn, readonly string[]>>>;

/** Reads the cells of a file of another shop: under its own heads, or under ours where it was given them. */
export function factCellsIn(heads: Heads, aliases: Aliases = {}) {
  const columns = factColumns
    .filter((name) => heads.has(name, ...(aliases[name] ?? [])))
    .map((name) => [name, heads.column(name, ...(aliases[name] ?? []))] as const);
  /** The first row of these in which the cell is filled says it. */
  return (...rows: readonly SheetRow[]): FactCells =>
    columns.flatMap(([name, of]) => {
      const filled = rows.map(of).find(({ text }) => text !== "");
      return filled ? [[name, filled] as const] : [];
    });
}

/** What a row says, by column; codes as they are compared. */
export function factTexts(cells: FactCells): Partial<Record<FactColumn, string>> {
  return Object.fromEntries(
    cells
      .filter(([, { text }]) => text !== "")
      .map(([name, { text }]) => [name, plain(name, text)]),
  );
}

function plain(name: FactColumn, text: string): string {
  if (name === "tariffCode") return text.replaceAll(/[\s.]/g, "");
  return name === "originCountry" ? text.toUpperCase() : text;
}

/** A product's facts as columns have them. */
export function textsOf(facts: CatalogueProduct["facts"]): Partial<Record<FactColumn, string>> {
  const texts = factColumns.flatMap((name) => {
    const text = at(facts, paths[name]);
    return typeof text === "string" ? [[name, text]] : [];
  });
  return Object.fromEntries(texts);
}

function at(facts: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (part as Record<string, unknown> | undefined)?.[key],
    facts,
  );
}

/** Facts as the catalogue has them; undefined where there is none. */
export function factsFrom(texts: Partial<Record<FactColumn, string>>): object | undefined {
  const facts: Record<string, string | Record<string, string>> = {};
  for (const name of factColumns) {
    const text = texts[name];
    const [fact, part]: Path = paths[name];
    if (text === undefined) continue;
    const known = facts[fact];
    facts[fact] = part ? { ...(typeof known === "object" ? known : {}), [part]: text } : text;
  }
  return Object.keys(facts).length === 0 ? undefined : facts;
}

/** The column of what a product's schema speaks of: `["facts", "manufacturer", "name"]`. */
export function columnAt([, ...path]: readonly PropertyKey[]): FactColumn | undefined {
  return (
    factColumns.find((name) => paths[name].join() === path.join()) ??
    factColumns.find((name) => paths[name][0] === path[0])
  );
}
