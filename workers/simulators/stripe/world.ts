/** What one call may see and change: the store, the settings, and its own moment. */

import type { Control } from "./faults.ts";
import type { Change, Intent, Moment } from "./intent.ts";
import { expireHold } from "./settle.ts";
import type { EventSource, Store } from "./store.ts";

export class World {
  readonly store: Store;
  readonly control: Control;
  readonly moment: Moment;
  readonly #source: EventSource;
  readonly #realNowMs: number;
  /** The earliest time at which this call gave the alarm something to do. */
  alarmAtMs: number | null = null;

  constructor(
    store: Store,
    control: Control,
    moment: Moment,
    at: { readonly source: EventSource; readonly realNowMs: number },
  ) {
    this.store = store;
    this.control = control;
    this.moment = moment;
    this.#source = at.source;
    this.#realNowMs = at.realNowMs;
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

  save(change: Change): Intent {
    const key = this.#source.idempotencyKey;
    const { idempotencyKeys } = change.intent;
    const intent =
      key === null || idempotencyKeys.includes(key)
        ? change.intent
        : { ...change.intent, idempotencyKeys: [...idempotencyKeys, key] };
    this.store.save({ ...change, intent }, this.#source);
    if (change.events.length > 0 && this.#source.dueMs !== null) this.#wake(this.#source.dueMs);
    return intent;
  }

  settleRefundLater(refundId: string): void {
    const dueMs = this.#realNowMs + this.control.refundSettleMs;
    this.store.addChore("settle_refund", dueMs, refundId, null);
    this.#wake(dueMs);
  }

  #wake(atMs: number): void {
    this.alarmAtMs = Math.min(atMs, this.alarmAtMs ?? atMs);
  }
}
