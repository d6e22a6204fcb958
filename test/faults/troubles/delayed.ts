/** What is on its way and arrives when nobody expects it any more. */
export class Delayed {
  readonly #idle: () => Promise<void>;
  readonly #effects: (() => Promise<unknown>)[] = [];
  readonly #released = Promise.withResolvers<void>();

  constructor(idle: () => Promise<void>) {
    this.#idle = idle;
  }

  /** An answer that comes when it is released. */
  async answer(value: unknown): Promise<unknown> {
    await this.#released.promise;
    return value;
  }

  async release(): Promise<void> {
    this.#released.resolve();
    await this.#idle();
  }

  /** A call that takes effect when everything else is over. */
  effect(effect: () => Promise<unknown>): void {
    this.#effects.push(effect);
  }

  async arrive(): Promise<void> {
    for (const effect of this.#effects.splice(0)) await effect().catch(() => undefined);
  }
}
