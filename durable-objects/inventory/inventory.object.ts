import { DurableObject } from "cloudflare:workers";
import type { StockLevels } from "../../schema/stock.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { nowMs } from "../clock.ts";
import { type HoldRow, InventoryStore } from "./inventory.store.ts";
import {
  type AllocationRequest,
  allocate,
  extend,
  type HoldRequest,
  hold,
  type OutOfStock,
  type ResizeRequest,
  release,
  resize,
  tend,
  unallocate,
} from "./inventory.ts";
import { book, type MovementRefusal, restock } from "./movements.ts";

type Accepted = { readonly ok: true };

/** The only writer of one SKU's stock in one region. Every call is one transaction. */
export class InventoryObject extends DurableObject<Env> {
  readonly #store = new InventoryStore(this.ctx.storage.sql);
  readonly #alarm = new AlarmClock(this.ctx.storage, this.env);

  hold(request: HoldRequest): Accepted | OutOfStock {
    return this.#write((now) => hold(this.#store, request, now));
  }

  resize(request: ResizeRequest): Accepted | OutOfStock {
    return this.#write((now) => resize(this.#store, request, now));
  }

  extend(request: HoldRequest): Accepted | OutOfStock {
    return this.#write((now) => extend(this.#store, request, now));
  }

  release(request: Pick<HoldRequest, "key" | "checkoutId">): Accepted {
    return this.#write((now) => release(this.#store, request, now));
  }

  allocate(request: AllocationRequest): Accepted | OutOfStock {
    return this.#write((now) => allocate(this.#store, request, now));
  }

  unallocate(request: AllocationRequest): Accepted {
    return this.#write(() => unallocate(this.#store, request));
  }

  restock(request: { token: string; key: string }): Accepted {
    return this.#write((now) => restock(this.#store, request, now));
  }

  /** Pieces that arrived. */
  receive(request: { token: string; quantity: number }): StockLevels | MovementRefusal {
    return this.#write((now) => book(this.#store, { ...request, kind: "receipt" }, now));
  }

  /** A count that found more, or with a negative quantity fewer, than there should be. */
  correct(request: { token: string; quantity: number }): StockLevels | MovementRefusal {
    return this.#write((now) => book(this.#store, { ...request, kind: "correction" }, now));
  }

  levels(): StockLevels {
    return this.#store.levels();
  }

  dump(): { levels: StockLevels; holds: readonly HoldRow[] } {
    return { levels: this.#store.levels(), holds: this.#store.holds() };
  }

  override alarm(): void {
    this.#alarm.rang();
    if (this.#store.tables.isEmpty()) return;
    const hasMore = this.#write((now) => tend(this.#store, now));
    if (hasMore) this.#alarm.setFor(this.#nowMs());
  }

  #write<R>(work: (now: number) => R): R {
    const transaction = () => {
      this.#store.tables.ensureSchema();
      const answer = work(this.#nowMs());
      this.#alarm.setFor(this.#store.earliestDueMs());
      return answer;
    };
    try {
      return this.#alarm.within(() => this.ctx.storage.transactionSync(transaction));
    } catch (problem) {
      // The tables may have gone with what the transaction took back.
      this.#store.tables.forget();
      throw problem;
    }
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}
