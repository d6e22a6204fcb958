/**
 * Rows that an object's recent calls read or wrote, by their key, so that its next call need not read
 * them: nobody else writes them. `null` says that there is no such row, which is worth as much. Bounded:
 * the one that was kept first is dropped first.
 */
export class RecentRows<Row> {
  readonly #rows = new Map<string, Row | null>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** Undefined when it has to be read. */
  get(key: string): Row | null | undefined {
    return this.#rows.get(key);
  }

  keep(key: string, row: Row | null): void {
    this.#rows.delete(key);
    this.#rows.set(key, row);
    const [first] = this.#rows.keys();
    if (this.#rows.size > this.#max && first !== undefined) this.#rows.delete(first);
  }

  drop(key: string): void {
    this.#rows.delete(key);
  }

  clear(): void {
    this.#rows.clear();
  }
}
