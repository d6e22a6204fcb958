/** The one alarm of an object stands at the earliest thing there is to do. */
export class EarliestAlarm {
  readonly #storage: DurableObjectStorage;
  /** Undefined until the first look after a start. */
  #atMs: number | null | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** To be told first thing when the alarm rings. */
  rang(): void {
    this.#atMs = null;
  }

  /** Null: there is nothing to do. */
  async wakeAt(atMs: number | null): Promise<void> {
    if (atMs === null) return;
    if (this.#atMs === undefined) this.#atMs = await this.#storage.getAlarm();
    if (this.#atMs !== null && this.#atMs <= atMs) return;
    this.#atMs = atMs;
    await this.#storage.setAlarm(atMs);
  }
}
