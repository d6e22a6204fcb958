import type { StockLevels } from "../../schema/stock.ts";

const WINDOW_MS = 5_000;
const BUSY_PER_SECOND = 200; // an object does some hundreds of writes a second, and a hold is two
const LOW_PERCENT = 20; // asks while there is still something to sell
const ASK_AGAIN_MS = 1_000; // a transfer takes about as long

/**
 * How much is asked of one cell, in memory: after a restart it is measured anew. Times in epoch ms.
 */
export class Demand {
  #windowMs = 0;
  #count = 0;
  #askedMs = 0;
  #grewMs = 0;

  /** Counts a hold. Says at most once a second that pieces run low, once a window that it is busy. */
  held({ available, received }: StockLevels, nowMs: number) {
    if (nowMs - this.#windowMs >= WINDOW_MS || nowMs < this.#windowMs) {
      this.#windowMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    const isCrowded = this.#count * 1000 >= BUSY_PER_SECOND * WINDOW_MS;
    const isBusy = isCrowded && this.#isPast(this.#grewMs, nowMs, 6 * WINDOW_MS);
    if (isBusy) this.#grewMs = nowMs;
    const isScarce = available * 100 <= received * LOW_PERCENT;
    const isLow = isScarce && this.#isPast(this.#askedMs, nowMs, ASK_AGAIN_MS);
    if (isLow) this.#askedMs = nowMs;
    return { isBusy, isLow };
  }

  #isPast(lastMs: number, nowMs: number, pauseMs: number): boolean {
    return nowMs - lastMs >= pauseMs || nowMs < lastMs;
  }
}
