import { DurableObject } from "cloudflare:workers";
import type { Refusal } from "../../schema/outcome.ts";
import type { StockLevels } from "../../schema/stock.ts";
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
  receive,
  release,
  resize,
  restock,
  tend,
  unallocate,
} from "./inventory.ts";

type Accepted = { readonly ok: true };

/** The only writer of one SKU's stock in one region. Every call is one transaction. */
export class InventoryObject extends DurableObject<Env> {
  readonly #store = new InventoryStore(this.ctx.storage.sql);
  #alarmAtMs: number | undefined;

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

  receive(request: { token: string; quantity: number }): StockLevels | Refusal<"movement_refused"> {
    return this.#write((now) => receive(this.#store, request, now));
  }

  levels(): StockLevels {
    return this.#store.levels();
  }

  dump(): { levels: StockLevels; holds: readonly HoldRow[] } {
    return { levels: this.#store.levels(), holds: this.#store.holds() };
  }

  override alarm(): void {
    this.#alarmAtMs = undefined;
    if (this.#store.isEmpty()) return;
    const hasMore = this.#write((now) => tend(this.#store, now));
    if (hasMore) this.#arm(nowMs(this.env));
  }

  #write<R>(work: (now: number) => R): R {
    const armedAtMs = this.#alarmAtMs;
    try {
      return this.ctx.storage.transactionSync(() => {
        this.#store.ensureSchema();
        const answer = work(nowMs(this.env));
        this.#arm(this.#store.earliestDueMs());
        return answer;
      });
    } catch (problem) {
      // What the transaction took back was not armed either.
      this.#alarmAtMs = armedAtMs;
      this.#store.forgetSchema();
      throw problem;
    }
  }

  /** The earliest due of all rows. An alarm that rings too early finds nothing and is set again. */
  #arm(dueAtMs: number | undefined): void {
    if (dueAtMs === undefined) return;
    if (this.#alarmAtMs !== undefined && this.#alarmAtMs <= dueAtMs) return;
    // The clock may be shifted locally; alarms are not.
    const realMs = dueAtMs - (nowMs(this.env) - Date.now());
    void this.ctx.storage.setAlarm(realMs);
    this.#alarmAtMs = dueAtMs;
  }
}
