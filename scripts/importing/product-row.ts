import type { DecimalMark } from "./decimal-text.ts";
import type { DayMeans } from "./instants.ts";

/** What stands in a row under a head; `column` is the head as the file spells it. */
export type Cell = { readonly column: string; readonly text: string };

/** A moment of a price's window, and what a mere day means there. */
export type MomentCell = Cell & { readonly day: DayMeans };

export type PriceCells = {
  readonly amount: Cell;
  readonly isMinor: boolean;
  /** Empty where the amount names it ("12.99 EUR"), or nobody does. */
  readonly currency: Cell;
  readonly validFrom?: MomentCell | undefined;
  readonly validUntil?: MomentCell | undefined;
};

/** Our columns of what stands beside a price, and what customs ask for. */
export const factColumns = [
  ...(["manufacturerName", "manufacturerAddress", "manufacturerContact"] as const),
  ...(["responsibleName", "responsibleAddress", "responsibleContact"] as const),
  ...(["warnings", "tariffCode", "originCountry"] as const),
] as const;
export type FactColumn = (typeof factColumns)[number];
export type FactCells = readonly (readonly [FactColumn, Cell])[];

/** What a row says of a product, in its own words. */
export type ProductRow = {
  readonly line: number;
  readonly sku: Cell;
  readonly name: Cell;
  readonly taxClass?: Cell | undefined;
  /** `unit` undefined: whole grams. Empty: the text names it. */
  readonly weight?: (Cell & { readonly unit: string | undefined }) | undefined;
  readonly prices: readonly PriceCells[];
  /** What stands beside the price; a column that the file lacks says nothing. */
  readonly facts?: FactCells | undefined;
};

/** What is known of a file beside what stands in it. */
export type ImportTerms = {
  readonly currency?: string | undefined;
  readonly decimal?: DecimalMark | undefined;
  readonly timeZone?: string | undefined;
};

/** A row that is not stored, and why. `line` is a line of a CSV, or an entry of a JSON, from 1 on. */
export type Rejected = {
  readonly line: number;
  readonly column: string;
  readonly sku: string;
  readonly reason: string;
};

/** A file's rows as a mapping reads them, and what it does not read. */
export type ReadRows = {
  readonly rows: readonly ProductRow[];
  /** Why a row is no product to sell, by its line. */
  readonly passedOver: readonly { readonly line: number; readonly why: string }[];
  readonly unread: readonly string[];
};

export type SheetRow = { readonly line: number; readonly fields: readonly string[] };
export type Mapping = (heads: Heads, rows: readonly SheetRow[]) => ReadRows;

export const NOTHING: Cell = { column: "", text: "" };

/** Heads are one whatever their case, blanks, dashes and underscores. */
export function headKey(head: string): string {
  return head
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s_-]+/g, "");
}

/** Where which column stands; what was asked for counts as read. */
export class Heads {
  readonly names: readonly string[];
  readonly #keys: readonly string[];
  readonly #read = new Set<number>();

  /** Throws: when two columns have one name. */
  constructor(names: readonly string[]) {
    this.names = names;
    this.#keys = names.map(headKey);
    const twice = this.#keys.findIndex((key, at) => key !== "" && this.#keys.indexOf(key) !== at);
    if (twice !== -1) {
      const first = this.#keys.indexOf(this.#keys[twice] ?? "") + 1;
      throw new Error(
        `The first line names "${names[twice]}" twice, as columns ${first} and ${twice + 1}.`,
      );
    }
  }

  has(...spelled: readonly string[]): boolean {
    return spelled.some((name) => this.#keys.includes(headKey(name)));
  }

  /** The cells of the first column that is called so; empty ones where none is. */
  column(...spelled: readonly string[]): (row: SheetRow) => Cell {
    const name = spelled.find((each) => this.has(each));
    const at = name === undefined ? -1 : this.#keys.indexOf(headKey(name));
    if (at === -1) return () => ({ column: spelled[0] ?? "", text: "" });
    this.#read.add(at);
    return ({ fields }) => ({ column: this.names[at] ?? "", text: fields[at] ?? "" });
  }

  unread(): readonly string[] {
    return this.names.filter((name, at) => name !== "" && !this.#read.has(at));
  }
}
