import { alarmTimeMs, type ClockEnv } from "./clock.ts";

type AlarmStorage = Pick<DurableObjectStorage, "setAlarm">;

const WORTH_MOVING_MS = 60_000;

/**
 * An object's one alarm, set for the earliest of everything that is due. One that rings a little
 * early is left alone: changing it costs a sync. One that would ring long before anything is due is
 * moved: to ring for nothing and be set again costs three, and may wake a sleeping object.
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
    const earlyMs = this.#setForMs === undefined ? -1 : dueAtMs - this.#setForMs;
    if (earlyMs >= 0 && earlyMs < WORTH_MOVING_MS) return;
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
