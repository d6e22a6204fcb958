import { RecentRows } from "../recent-rows.ts";
import type { Counters, HoldRow, StockRow } from "./inventory.rows.ts";

/** Some seconds of the busiest cell. An older hold costs its next call one read. */
const HOLDS_MAX = 256;
/** Of a hold that was changed so often that its row is long, nothing is kept. */
const HISTORY_MAX = 2_000; // characters: all holds together stay below a megabyte

/**
 * What a cell's object knows of its rows, as nobody else writes them: the one row of the stock, when the
 * alarm is needed next, and the open holds of recent calls. What a transaction takes back is forgotten with
 * all the rest, so that nothing stays that was not committed; the tables' CHECKs stand behind it.
 */
export class ShelfMemory {
  /** `null` where there is none yet; undefined before anybody looked. */
  stock: StockRow | null | undefined;
  /**
   * No hold is due before, epoch ms; `null` when none is due at all; undefined before anybody looked. May be
   * too early, after the earliest was sold: then the alarm rings for nothing once, and no sale moves it.
   */
  dueMs: number | null | undefined;
  readonly #holds = new RecentRows<HoldRow>(HOLDS_MAX);

  /** An open hold of a recent call; undefined when it has to be read. */
  hold(key: string): HoldRow | undefined {
    return this.#holds.get(key) ?? undefined;
  }

  /** A hold as it was just read or written. */
  keep(row: HoldRow): void {
    const isNextSoon = row.state === "held" && row.history.length <= HISTORY_MAX;
    if (isNextSoon) this.#holds.keep(row.hold_key, row);
    else this.#holds.drop(row.hold_key);
    if (row.state !== "allocated" && this.dueMs !== undefined) {
      this.dueMs = Math.min(row.due_at_ms, this.dueMs ?? row.due_at_ms);
    }
  }

  drop(key: string): void {
    this.#holds.drop(key);
  }

  moved({ received, held, allocated, gone }: Counters): void {
    if (!this.stock) return;
    this.stock = {
      ...this.stock,
      received: this.stock.received + received,
      held: this.stock.held + held,
      allocated: this.stock.allocated + allocated,
      gone: this.stock.gone + gone,
    };
  }

  forget(): void {
    this.stock = undefined;
    this.dueMs = undefined;
    this.#holds.clear();
  }
}
