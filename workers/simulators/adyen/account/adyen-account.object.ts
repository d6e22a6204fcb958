import { DurableObject } from "cloudflare:workers";
import { emptyCounts } from "../../control/call-counts.ts";
import { EarliestAlarm } from "../../webhooks/earliest-alarm.ts";
import { reachMs, retryAt } from "../../webhooks/webhook-pace.ts";
import type { ApiRequest, Reply } from "../api/adyen-reply.ts";
import type { World } from "../calls/adyen-world.ts";
import { shopperAnswers } from "../calls/payment-calls.ts";
import type { Payment } from "../payments/stored-payment.ts";
import { type AdyenControl, calmAdyen, readAdyenControl } from "../storage/adyen-control.ts";
import { type Chore, Store } from "../storage/payment-store.ts";
import { BATCH_MAX, type Delivery, deliver } from "../webhooks/adyen-webhook-delivery.ts";
import { type Emitted, emit } from "../webhooks/unasked-events.ts";
import { Account } from "./adyen-account.ts";
import { actInCustomerArea } from "./customer-area.ts";
import { ledgerLine } from "./payment-ledger.ts";
import { settlementReport } from "./settlement-detail-report.ts";

const LEDGER_PORTION = 500; // payments per message of the ledger

export interface AdyenAccountEnv {
  /** Empty: webhooks are never sent. */
  ADYEN_WEBHOOK_URL: string;
  ADYEN_HMAC_KEY: string;
}

/** One Adyen merchant account: payments, keys, webhook items and settings, all in this object's storage. */
export class AdyenAccountObject extends DurableObject<AdyenAccountEnv> {
  readonly #store: Store;
  readonly #account: Account;
  readonly #alarm: EarliestAlarm;

  constructor(ctx: DurableObjectState, env: AdyenAccountEnv) {
    super(ctx, env);
    this.#alarm = new EarliestAlarm(ctx.storage);
    this.#store = new Store(ctx.storage.sql);
    this.#account = new Account(this.#store, env.ADYEN_WEBHOOK_URL !== "");
  }

  /** One call of the API, one transaction. */
  async call(request: ApiRequest): Promise<Reply> {
    const { reply, alarmAtMs } = this.ctx.storage.transactionSync(() =>
      this.#account.call(request, Date.now()),
    );
    await this.#alarm.wakeAt(alarmAtMs);
    return reply;
  }

  control(): AdyenControl {
    return this.#account.control;
  }

  /** Answers with the new setting, or with a sentence about what it does not know. */
  async setControl(body: unknown): Promise<AdyenControl | string> {
    const control = readAdyenControl(body, this.#account.control, Date.now());
    if (typeof control === "string") return control;
    if (control.seed !== this.#account.control.seed) this.#account.counts.draws = 0;
    const forwardMs = control.clockShiftMs - this.#account.control.clockShiftMs;
    await this.#change((world) => {
      this.#store.advance(forwardMs);
      this.#account.setControl(control);
      world.lapseAll();
    }, control);
    // A clock put forward makes waiting work due earlier.
    await this.#alarm.wakeAt(this.#store.nextDueMs(control.clockShiftMs));
    return control;
  }

  /** Back to calm, counts at zero; the ledger stays. */
  resetControl(): AdyenControl {
    this.#account.setControl(calmAdyen);
    this.#account.counts = emptyCounts();
    this.#account.saveCounts();
    this.#account.recent.length = 0;
    return calmAdyen;
  }

  clearLedger(): void {
    this.#store.clear();
  }

  ledger(afterSeq: number): { lines: string; lastSeq: number | null } {
    const { payments, lastSeq } = this.#store.portion(afterSeq, LEDGER_PORTION);
    return { lines: payments.map((p) => `${JSON.stringify(ledgerLine(p))}\n`).join(""), lastSeq };
  }

  calls() {
    const { counts, recent } = this.#account;
    return {
      ...counts,
      webhooks: { ...counts.webhooks, pending: this.#store.pendingCount() },
      payments: this.#store.paymentCount(),
      recent: recent.toReversed(),
    };
  }

  overview(limit: number) {
    return { ...this.calls(), control: this.#account.control, latest: this.#store.latest(limit) };
  }

  async paymentOfPage(pageId: string): Promise<Payment | null> {
    return await this.#change((world) => world.paymentOfPage(pageId));
  }

  /** The shopper's answer on a page. */
  async answer(pageId: string, approved: boolean): Promise<Payment | null> {
    return await this.#change((world) => shopperAnswers(world, pageId, approved));
  }

  /** The shopper lets the time run out: ends the offer as if its time were over. Cards do not lapse so. */
  async letLapse(pageId: string): Promise<Payment | null> {
    return await this.#change((world) => {
      const payment = world.paymentOfPage(pageId);
      if (payment?.status !== "pending" || payment.method === "scheme") return payment;
      return world.lapse({ ...payment, expiresMs: world.moment.nowMs });
    });
  }

  /** Makes an event happen that no call asks for, such as a chargeback; a sentence when it cannot. */
  async emit(body: unknown, origin: string): Promise<Emitted | string> {
    return await this.#change((world) => emit(world, body, { origin, store: this.#store }));
  }

  /** What the merchant does by hand; a sentence when it cannot be asked for. */
  customerArea(body: unknown): Promise<{ status: string } | string> {
    return this.#change((world) => actInCustomerArea(world, body));
  }

  report(): string {
    return settlementReport([...this.#store.all()]);
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    this.ctx.storage.transactionSync(() => {
      for (const chore of this.#store.dueChores(Date.now())) this.#doChore(chore);
      this.#account.world({ realNowMs: Date.now() }).lapseAll();
    });
    const { control } = this.#account;
    const batch = this.#store.dueItems(Date.now() + reachMs(control), BATCH_MAX);
    const hexKey = control.webhooks.secrets?.[0] ?? this.env.ADYEN_HMAC_KEY; // an item has room for one signature
    const endpoint = { url: this.env.ADYEN_WEBHOOK_URL, hexKey };
    const isQuiet = control.webhooks.mode === "off" || endpoint.url === "";
    const deliveries = isQuiet
      ? batch.map((due) => ({ due, delivered: true }))
      : await deliver(batch, endpoint, control);
    this.ctx.storage.transactionSync(() => this.#bookDeliveries(deliveries, isQuiet));
    await this.#alarm.wakeAt(this.#store.nextDueMs(control.clockShiftMs));
  }

  #bookDeliveries(deliveries: readonly Delivery[], isQuiet: boolean): void {
    if (deliveries.length === 0) return;
    const { webhooks } = this.#account.counts;
    for (const { due, delivered } of deliveries) {
      const again = delivered ? null : retryAt(Date.now(), due.attempts);
      this.#store.rescheduleItem(due.seq, again);
      if (isQuiet) continue;
      if (delivered) webhooks.delivered += 1;
      else webhooks.failed += 1;
    }
    this.#account.saveCounts();
  }

  #doChore(chore: Chore): void {
    this.#store.removeChore(chore.seq);
    if (chore.kind === "late_call") {
      this.#account.call(JSON.parse(chore.body), Date.now(), true);
      return;
    }
    this.#account.world({ realNowMs: Date.now() }).happen(chore.pspReference, chore.later);
  }

  /** A change that no call of the API makes (a shopper, a bank, the clock), in one transaction. */
  async #change<Result>(
    act: (world: World) => Result,
    control = this.#account.control,
  ): Promise<Result> {
    const { result, alarmAtMs } = this.ctx.storage.transactionSync(() => {
      this.#account.control = control;
      const world = this.#account.world({ realNowMs: Date.now() });
      return { result: act(world), alarmAtMs: world.alarmAtMs };
    });
    await this.#alarm.wakeAt(alarmAtMs);
    return result;
  }
}
