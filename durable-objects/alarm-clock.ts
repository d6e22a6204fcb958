import { alarmTimeMs, type ClockEnv } from "./clock.ts";

type AlarmStorage = Pick<DurableObjectStorage, "setAlarm">;

/**
 * An object's one alarm, set for the earliest of everything that is due. One that rings earlier is
 * left alone: it finds nothing, is set again, and changing it would cost a sync.
 */
export class AlarmClock {
  readonly #storage: AlarmStorage;
  readonly #env: ClockEnv;
  #setForMs: number | undefined;

  constructor(storage: AlarmStorage, env: ClockEnv) {
    this.#storage = storage;
    this.#env = env;
  }

  /** Part of the transaction that makes it due. `dueAtMs` comes from all rows, not only the new. */
  setFor(dueAtMs: number | undefined): void {
    if (dueAtMs === undefined) return;
    if (this.#setForMs !== undefined && this.#setForMs <= dueAtMs) return;
    void this.#storage.setAlarm(alarmTimeMs(this.#env, dueAtMs));
    this.#setForMs = dueAtMs;
  }

  /** It rang: there is none until it is set again. */
  rang(): void {
    this.#setForMs = undefined;
  }

  /** Runs a transaction; what it takes back when it throws, it has not set either. */
  within<R>(transaction: () => R): R {
    const before = this.#setForMs;
    try {
      return transaction();
    } catch (problem) {
      this.#setForMs = before;
      throw problem;
    }
  }
}
