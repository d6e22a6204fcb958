/** What one call may see and change: the stores, the settings, and its own moment. */

import type { Control } from "../../control/faults.ts";
import { expireHold } from "../intents/capture-and-cancel.ts";
import { type Change, type Intent, lapsesAt, type Moment } from "../intents/intent.ts";
import { endLocal } from "../intents/local-methods.ts";
import type { Store } from "../storage/intent-store.ts";
import type { EventSource, EventStore } from "../webhooks/event-store.ts";

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

  /** A hold or a code whose time is over ends the moment somebody looks, or when the alarm rings. */
  lapse(intent: Intent): Intent {
    const untilMs = lapsesAt(intent);
    if (untilMs === null || untilMs > this.moment.nowMs) return intent;
    const expired =
      intent.status === "requires_action"
        ? endLocal(intent, "expired")
        : expireHold(intent, this.moment);
    return "events" in expired ? this.save(expired) : intent;
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
    const lapseMs = lapsesAt(intent);
    if (lapseMs !== null) this.#wake(lapseMs - this.control.clockShiftMs);
    this.#wake(this.events.save(change, state, this.#source));
    return intent;
  }

  settleRefundLater(refundId: string): void {
    const dueMs = this.#realNowMs + this.control.refundSettleMs;
    this.events.addChore("settle_refund", dueMs, refundId, null);
    this.#wake(dueMs);
  }

  /** What a sentinel shopper does by themselves. */
  shopperLater(intent: Intent): void {
    const plan = intent.local?.plan ?? "wait";
    if (intent.status !== "requires_action" || plan === "wait") return;
    const dueMs = this.#realNowMs + (plan === "slow" ? this.control.shopperMs : 0);
    const act = plan === "decline" ? "decline" : "approve";
    const body = JSON.stringify({ id: intent.id, attempt: intent.attempts, act });
    this.events.addChore("shopper", dueMs, body, null);
    this.#wake(dueMs);
  }

  #wake(atMs: number | null): void {
    if (atMs !== null) this.alarmAtMs = Math.min(atMs, this.alarmAtMs ?? atMs);
  }
}
