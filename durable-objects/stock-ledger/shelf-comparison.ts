import type { ShelfName } from "../../schema/stock.ts";
import type { cellStub } from "../placement.ts";
import { isSame, type Sight } from "./lending.ts";
import type { LedgerStore } from "./stock-ledger.store.ts";

type Terms = { readonly home: string; readonly asks: number };
type Options = {
  readonly store: LedgerStore;
  readonly shelf: (name: ShelfName) => ReturnType<typeof cellStub>;
  readonly transact: (work: (store: LedgerStore) => void) => void;
  readonly report: (event: string, detail: Record<string, string>) => void;
};

/** Looks at shelves and holds them against the ledger. */
export class Comparison {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws when the shelf cannot be reached. */
  async see(name: ShelfName): Promise<Sight> {
    const { store, shelf } = this.#options;
    const moves = store.lease(name)?.moves;
    const { levels, terms } = await shelf(name).book();
    return { ...name, levels, terms, moves };
  }

  /** Those that can be reached; the others are reported. */
  async seeAll(names: readonly ShelfName[]): Promise<readonly Sight[]> {
    const seen = await Promise.allSettled(names.map((name) => this.see(name)));
    for (const each of seen) {
      if (each.status === "fulfilled") continue;
      this.#options.report("stock.shelf_unreachable", { problem: String(each.reason) });
    }
    return seen.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  }

  /**
   * Writes the shelf's own count into the ledger where they differ, and tells the shelf whom it may ask.
   * Changes nothing while a parcel is on its way to or from it, or came or left since the `sight`.
   */
  async repair(sight: Sight, terms: Terms, isDrift: boolean): Promise<void> {
    const { store, shelf } = this.#options;
    const lease = store.lease(sight);
    const isMoving = store.alive().some(({ from, to }) => isSame(from, sight) || isSame(to, sight));
    if (!lease || isMoving || lease.moves !== sight.moves) return;
    this.#correct(sight, lease.leased, isDrift);
    if (sight.terms.home !== terms.home || sight.terms.asks !== terms.asks) {
      await shelf(sight).agree(terms as Parameters<ReturnType<typeof shelf>["agree"]>[0]);
    }
  }

  #correct(sight: Sight, expected: number, isDrift: boolean): void {
    const { transact, report } = this.#options;
    const { region, cell } = sight;
    const found = sight.levels.received;
    if (found === expected) return;
    transact((store) => {
      store.setLease(sight, found);
      if (isDrift) store.drifted({ region, cell, expected, found });
    });
    const detail = { region, cell: `${cell}`, expected: `${expected}`, found: `${found}` };
    if (isDrift) report("stock.drift", detail);
  }
}
