/** What one call may see and change: the store, the settings, and its own moment. */

import { dueAfter } from "../../webhooks/webhook-pace.ts";
import { itemOf } from "../api/adyen-wire.ts";
import { captureWithin, closeOffer, decide } from "../payments/authorise-payment.ts";
import { dispute } from "../payments/dispute-payment.ts";
import { bounce, expire } from "../payments/modify-payment.ts";
import type { Change, Later, Moment, Note, Payment } from "../payments/stored-payment.ts";
import type { AdyenControl } from "../storage/adyen-control.ts";
import type { Store } from "../storage/payment-store.ts";

interface Surroundings {
  readonly store: Store;
  readonly control: AdyenControl;
  readonly moment: Moment;
  readonly realNowMs: number;
  /** How long the answer of this call takes; webhooks leave after it. */
  readonly delayMs: number;
  readonly idempotencyKey: string | null;
  readonly origin: string;
  readonly hasListener: boolean;
}

export class World {
  readonly moment: Moment;
  readonly origin: string;
  readonly #around: Surroundings;
  /** The earliest time at which this call gave the alarm something to do, in real time. */
  alarmAtMs: number | null = null;

  constructor(around: Surroundings) {
    this.moment = around.moment;
    this.origin = around.origin;
    this.#around = around;
  }

  payment(pspReference: string): Payment | null {
    const payment = this.#around.store.payment(pspReference);
    return payment && this.lapse(payment);
  }

  paymentOfPage(pageId: string): Payment | null {
    const payment = this.#around.store.paymentOfPage(pageId);
    return payment && this.lapse(payment);
  }

  paymentsOf(merchantReference: string): Payment[] {
    return this.#around.store.paymentsOf(merchantReference).map((payment) => this.lapse(payment));
  }

  /** Holds and offers that are over end when somebody looks at them, not only when the alarm rings. */
  lapse(payment: Payment): Payment {
    const { nowMs } = this.moment;
    const { captureAtMs, expiresMs, status, method } = payment;
    if (status === "pending" && method !== "scheme" && expiresMs <= nowMs) {
      return this.#saveIf(closeOffer(payment), payment);
    }
    if (status !== "authorised") return payment;
    if (captureAtMs !== null && captureAtMs <= nowMs && captureAtMs <= expiresMs) {
      return this.save({ payment: captureWithin(payment, this.moment), notes: [] });
    }
    return expiresMs <= nowMs ? this.#saveIf(expire(payment, this.moment), payment) : payment;
  }

  lapseAll(): void {
    for (const payment of this.#around.store.lapsed(this.moment.nowMs)) this.lapse(payment);
  }

  /** Stores the change and what it tells; the payment remembers the key that changed it. */
  save(change: Change): Payment {
    const { idempotencyKey: key, store, realNowMs } = this.#around;
    const { idempotencyKeys } = change.payment;
    const payment =
      key === null || idempotencyKeys.includes(key)
        ? change.payment
        : { ...change.payment, idempotencyKeys: [...idempotencyKeys, key] };
    store.save(payment);
    for (const note of change.notes) this.tell(note, payment);
    for (const later of change.later ?? []) {
      const dueMs = realNowMs + later.afterMs;
      store.addLater(payment.pspReference, later, dueMs);
      this.#wake(dueMs);
    }
    this.#wake(store.nextDueMs(this.#around.control.clockShiftMs));
    return payment;
  }

  /** Puts an item on its way to the merchant; nobody hears it when webhooks are off or not asked for. */
  tell(note: Note, payment: Payment): void {
    const { store, control, realNowMs, delayMs, hasListener } = this.#around;
    const dueMs = hasListener ? dueAfter(note.code, realNowMs + delayMs, control) : null;
    store.addItem(itemOf(note, payment, this.moment.nowMs), dueMs);
    this.#wake(dueMs);
  }

  /** Tells of a cancel by reference that found no payment. */
  tellNothingFound(pspReference: string, merchantReference: string, account: string): void {
    const item = {
      eventCode: "TECHNICAL_CANCEL",
      eventDate: new Date(this.moment.nowMs).toISOString(),
      success: "false",
      pspReference,
      merchantReference,
      merchantAccountCode: account,
      amount: { value: 0, currency: "EUR" },
      reason: "Transaction not found",
      additionalData: {},
    } as const;
    const { store, control, realNowMs, delayMs, hasListener } = this.#around;
    const dueMs = hasListener ? dueAfter(item.eventCode, realNowMs + delayMs, control) : null;
    store.addItem(item, dueMs);
    this.#wake(dueMs);
  }

  /** Does what was planned for later: a bounce, a chargeback, a bank's late yes. */
  happen(pspReference: string, later: Later): void {
    const payment = this.payment(pspReference);
    const change = payment && this.#changeOf(payment, later);
    if (change) this.save(change);
  }

  #changeOf(payment: Payment, { what, modification }: Later): Change | null {
    if (what === "bounce") return bounce(payment, modification ?? "");
    if (what === "authorise") {
      return payment.status === "pending" ? decide(payment, this.moment) : null;
    }
    const at = { amount: null, moment: this.moment };
    const notified = dispute(payment, "NOTIFICATION_OF_CHARGEBACK", at);
    const taken = dispute(notified.payment, "CHARGEBACK", at);
    return { payment: taken.payment, notes: [...notified.notes, ...taken.notes] };
  }

  #saveIf(change: Change | null, otherwise: Payment): Payment {
    return change ? this.save(change) : otherwise;
  }

  #wake(atMs: number | null): void {
    if (atMs !== null) this.alarmAtMs = Math.min(atMs, this.alarmAtMs ?? atMs);
  }
}
