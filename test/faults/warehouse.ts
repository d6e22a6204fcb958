import { InventoryStore } from "../../durable-objects/inventory/inventory.store.ts";
import type { Build } from "./scenario.ts";
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
    return { getByName: (name: string) => this.#shelf(name).stub };
  }

  get shelves(): readonly Shelf[] {
    return [...this.#shelves.values()];
  }

  #shelf(name: string): Shelf {
    const shelf = this.#shelves.get(name) ?? new Shelf(this.#acts);
    this.#shelves.set(name, shelf);
    return shelf;
  }
}

class Shelf {
  readonly #sqlite = new MemorySqlite();
  readonly store = new InventoryStore(this.#sqlite.sql);
  readonly stub: object;

  constructor(acts: Readonly<Record<string, Act>>) {
    const call = (name: string) => async (request: unknown) =>
      this.#sqlite.transact(() => {
        this.store.ensureSchema();
        return acts[name]?.(this.store, request, Date.now());
      });
    this.stub = new Proxy({}, { get: (_stub, name) => call(String(name)) });
  }
}
