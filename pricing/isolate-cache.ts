const FRESH_MS = 30_000; // an operator who changes a price sees it in new quotes within this
const STALE_MS = 300_000; // how old a value may be served while it is read again

type Entry<V> = { readonly value: V; readonly readAtMs: number };

/**
 * Remembers values in the isolate. A fresh one costs nothing; a stale one is answered at once and
 * read again behind it. Only values are shared: a promise of one request must not be awaited by
 * another in Workers.
 */
export class IsolateCache<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #entriesMax: number;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** Answers the value of each key; `read` is asked once for all that are missing. */
  async get(
    keys: readonly string[],
    nowMs: number,
    read: (missing: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  ): Promise<ReadonlyMap<string, V>> {
    const ageMs = (key: string) => nowMs - (this.#entries.get(key)?.readAtMs ?? 0);
    const missing = keys.filter((key) => ageMs(key) > STALE_MS);
    const stale = keys.filter((key) => ageMs(key) > FRESH_MS && ageMs(key) <= STALE_MS);
    if (missing.length > 0) this.#keep(missing, await read(missing), nowMs);
    if (stale.length > 0) {
      // The values at hand are good enough; a failure shows when they are too old to serve.
      void read(stale).then(
        (values) => this.#keep(stale, values, nowMs),
        (problem) => console.warn({ event: "catalog.refresh_failed", problem: String(problem) }),
      );
    }
    const found = new Map<string, V>();
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry) found.set(key, entry.value);
    }
    return found;
  }

  /** What was asked for and not found is dropped: a withdrawn API key must not live on. */
  #keep(asked: readonly string[], values: ReadonlyMap<string, V>, nowMs: number): void {
    for (const key of asked) if (!values.has(key)) this.#entries.delete(key);
    if (this.#entries.size + values.size > this.#entriesMax) this.#entries.clear();
    for (const [key, value] of values) this.#entries.set(key, { value, readAtMs: nowMs });
  }
}
