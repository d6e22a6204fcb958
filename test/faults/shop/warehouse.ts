import type { Terms } from "../../../durable-objects/inventory/inventory.rows.ts";
import { InventoryStore } from "../../../durable-objects/inventory/inventory.store.ts";
import { assert } from "../../../schema/outcome.ts";
import type { Build } from "../matrix/scenario.ts";
import { MemorySqlite } from "./sqlite.ts";

type Act = (store: InventoryStore, request: unknown, nowMs: number) => unknown;

/** The inventory's own rules over its own tables, one set per SKU; only the object is missing. */
export class Warehouse {
  readonly #acts: Readonly<Record<string, Act>>;
  readonly #shelves = new Map<string, Shelf>();

  constructor({ inventory }: Build) {
    this.#acts = inventory as Record<string, Act>;
  }

  /** As the binding: an object by name, whose calls are one transaction each. */
  get binding(): object {
    return { getByName: (name: string) => this.shelf(name).stub };
  }

  get shelves(): readonly Shelf[] {
    return [...this.#shelves.values()];
  }

  shelf(name: string): Shelf {
    const shelf = this.#shelves.get(name) ?? new Shelf(this.#acts);
    this.#shelves.set(name, shelf);
    return shelf;
  }
}

class Shelf {
  readonly #sqlite = new MemorySqlite();
  readonly #acts: Readonly<Record<string, Act>>;
  readonly store = new InventoryStore(this.#sqlite.sql);

  constructor(acts: Readonly<Record<string, Act>>) {
    this.#acts = acts;
  }

  get stub(): object {
    const get = (_stub: object, name: string | symbol) => (request: object) =>
      this.call(String(name), request);
    return new Proxy({}, { get });
  }

  async call(name: string, request: object): Promise<unknown> {
    const act = this.#acts[name];
    assert(act, `the inventory knows how to ${name}`);
    return this.#write(() => act(this.store, request, Date.now()));
  }

  /** As its alarm: the backstop. */
  tend(nowMs: number): void {
    const { tend } = this.#acts;
    assert(tend, "the inventory has a backstop");
    this.#write(() => tend(this.store, nowMs, nowMs));
  }

  receive(pieces: number): void {
    this.#write(() => this.store.move({ received: pieces }));
  }

  agree(change: Partial<Terms>): void {
    this.#write(() => this.store.agree(change));
  }

  #write<R>(work: () => R): R {
    const transaction = () => {
      this.store.tables.ensureSchema();
      return work();
    };
    return this.store.within(() => this.#sqlite.transact(transaction));
  }
}
