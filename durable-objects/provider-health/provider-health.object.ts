import { DurableObject } from "cloudflare:workers";
import type { PairHealth, Sample } from "../../payments/health/health-watch.ts";
import { nowMs } from "../clock.ts";
import { healthNamed } from "../placement.ts";
import { ProviderHealthStore } from "./provider-health.store.ts";
import { type Figures, type PairRecord, RegionHealth } from "./provider-health.ts";

/**
 * How the providers answer, seen from one region. Isolates tell it what they met behind their sales,
 * and hear in the same call what the others met. No sale ever waits for it.
 */
export class ProviderHealthObject extends DurableObject<Env> {
  readonly #store = new ProviderHealthStore(this.ctx.storage.sql);
  #known: RegionHealth | undefined;

  /** Takes what happened since the last call, and answers how all stands now. */
  report(samples: readonly Sample[]): readonly PairHealth[] {
    const kept = this.#health().take(samples, this.#nowMs());
    if (kept.length > 0) this.#keep(kept);
    for (const record of kept) this.#tellChanges(record);
    return this.#health().snapshot();
  }

  figures(): readonly Figures[] {
    return this.#health().figures(this.#nowMs());
  }

  /** Read once; from then on memory is ahead of storage by nothing that matters. */
  #health(): RegionHealth {
    this.#known ??= new RegionHealth(this.#store.read());
    return this.#known;
  }

  #keep(records: readonly PairRecord[]): void {
    try {
      this.ctx.storage.transactionSync(() => {
        this.#store.tables.ensureSchema();
        for (const record of records) this.#store.write(record.stored());
      });
    } catch (problem) {
      // Memory knows more than storage now: both go back to what is stored.
      this.#store.tables.forget();
      this.#known = undefined;
      throw problem;
    }
  }

  /** A line for each change of a breaker; none for a call. */
  #tellChanges(record: PairRecord): void {
    const region = healthNamed(this.ctx.id.name);
    for (const change of record.changes()) {
      console.warn({ event: "provider.breaker_changed", region, ...record.pair, ...change });
    }
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}
