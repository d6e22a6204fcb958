import { PromotionStore } from "../../../durable-objects/promotion/promotion.store.ts";
import {
  isUsedUp,
  type ReturnRequest,
  returnOrderedUse,
  returnUse,
  type TakeRequest,
  take,
  type UseRequest,
} from "../../../durable-objects/promotion/promotion.ts";
import { MemorySqlite } from "./sqlite.ts";

/** The counter's own rules over its own tables, one set per promotion; only the object is missing. */
export class Counters {
  readonly #counters = new Map<string, Counter>();

  /** As the binding: an object by name, whose calls are one transaction each. */
  get binding(): object {
    return { getByName: (name: string) => this.#counter(name) };
  }

  /** Promotions that have a use taken, by id. */
  taken(): readonly string[] {
    return [...this.#counters]
      .filter(([, { store }]) => store.taken() > 0)
      .map(([name]) => String(name.split("/").at(-1)))
      .toSorted();
  }

  #counter(name: string): Counter {
    const counter = this.#counters.get(name) ?? new Counter();
    this.#counters.set(name, counter);
    return counter;
  }
}

class Counter {
  readonly #sqlite = new MemorySqlite();
  readonly store = new PromotionStore(this.#sqlite.sql);

  async take(request: TakeRequest) {
    return this.#write(() => take(this.store, request, Date.now()));
  }

  async returnUse(request: ReturnRequest) {
    return this.#write(() => returnUse(this.store, request, Date.now()));
  }

  async returnOrderedUse(request: ReturnRequest) {
    return this.#write(() => returnOrderedUse(this.store, request, Date.now()));
  }

  async isUsedUp(request: UseRequest) {
    return isUsedUp(this.store, request);
  }

  #write<R>(work: () => R): R {
    const transaction = () => {
      this.store.tables.ensureSchema();
      return work();
    };
    return this.store.within(() => this.#sqlite.transact(transaction));
  }
}
