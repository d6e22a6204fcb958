/** What one call may see and change: the stores, the settings, and its own moment. */

import type { Control } from "../faults.ts";
import type { EventSource, EventStore } from "./event-store.ts";
import type { Change, Intent, Moment } from "./intent.ts";
import { expireHold } from "./settle.ts";
import type { Store } from "./store.ts";

interface Surroundings {
  readonly store: Store;
  readonly events: EventStore;
  readonly control: Control;
  readonly moment: Moment;
  readonly source: EventSource;
  readonly realNowMs: number;
}

export class World {
  readonly store: Store;
  readonly events: EventStore;
  readonly control: Control;
  readonly moment: Moment;
  readonly #source: EventSource;
  readonly #realNowMs: number;
  /** The earliest time at which this call gave the alarm something to do, in real time. */
  alarmAtMs: number | null = null;

  constructor({ store, events, control, moment, source, realNowMs }: Surroundings) {
    this.store = store;
    this.events = events;
    this.control = control;
    this.moment = moment;
    this.#source = source;
    this.#realNowMs = realNowMs;
  }

  intent(id: string): Intent | null {
    const intent = this.store.intent(id);
    return intent && this.lapse(intent);
  }

  /** A hold whose time is over is released the moment somebody looks. */
  lapse(intent: Intent): Intent {
    const until = intent.status === "requires_capture" ? intent.charge?.captureBeforeMs : undefined;
    if (until === undefined || until > this.moment.nowMs) return intent;
    return this.save(expireHold(intent, this.moment));
  }

  /** Stores the change and its events; the intent remembers the key that changed it. */
  save(change: Change): Intent {
    const key = this.#source.idempotencyKey;
    const { idempotencyKeys } = change.intent;
    const intent =
      key === null || idempotencyKeys.includes(key)
        ? change.intent
        : { ...change.intent, idempotencyKeys: [...idempotencyKeys, key] };
    const state = JSON.stringify(intent);
    this.store.save(intent, state);
    this.#wake(this.events.save(change, state, this.#source));
    return intent;
  }

  settleRefundLater(refundId: string): void {
    const dueMs = this.#realNowMs + this.control.refundSettleMs;
    this.events.addChore("settle_refund", dueMs, refundId, null);
    this.#wake(dueMs);
  }

  #wake(atMs: number | null): void {
    if (atMs !== null) this.alarmAtMs = Math.min(atMs, this.alarmAtMs ?? atMs);
  }
}
