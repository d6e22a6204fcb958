import { DurableObject } from "cloudflare:workers";
import { emptyCounts } from "../../control/call-counts.ts";
import { type Control, calm, readControl } from "../../control/faults.ts";
import { EarliestAlarm } from "../../webhooks/earliest-alarm.ts";
import { reachMs, retryAt } from "../../webhooks/webhook-pace.ts";
import type { ApiRequest, Reply } from "../api/stripe-reply.ts";
import type { World } from "../calls/stripe-world.ts";
import { finishAction } from "../intents/confirm-intent.ts";
import type { DisputeInput, DisputeMove } from "../intents/dispute-intent.ts";
import { type Intent, intentIdOf } from "../intents/intent.ts";
import { settleRefund } from "../intents/refund-intent.ts";
import type { ApiError } from "../intents/stripe-errors.ts";
import { Store } from "../storage/intent-store.ts";
import { type Chore, EventStore } from "../webhooks/event-store.ts";
import { BATCH_MAX, type Delivery, deliver } from "../webhooks/stripe-webhook-delivery.ts";
import { ledgerLine } from "./intent-ledger.ts";
import { actAsShopper, actInDashboard, type DashboardAct, disputeNow } from "./outside-acts.ts";
import { Account } from "./stripe-account.ts";

const LEDGER_PORTION = 500; // intents per message of the ledger

export interface StripeAccountEnv {
  /** Empty: events are stored and never sent. */
  STRIPE_WEBHOOK_URL: string;
  STRIPE_WEBHOOK_SECRET: string;
}

/** One Stripe account: intents, keys, events and settings, all in this object's storage. */
export class StripeAccountObject extends DurableObject<StripeAccountEnv> {
  readonly #store: Store;
  readonly #events: EventStore;
  readonly #account: Account;
  readonly #alarm: EarliestAlarm;

  constructor(ctx: DurableObjectState, env: StripeAccountEnv) {
    super(ctx, env);
    this.#alarm = new EarliestAlarm(ctx.storage);
    this.#store = new Store(ctx.storage.sql);
    this.#events = new EventStore(ctx.storage.sql);
    this.#account = new Account(this.#store, this.#events, env.STRIPE_WEBHOOK_URL !== "");
  }

  /** One call of the API, one transaction. */
  async call(request: ApiRequest): Promise<Reply> {
    const { reply, alarmAtMs } = this.ctx.storage.transactionSync(() =>
      this.#account.call(request, Date.now()),
    );
    await this.#alarm.wakeAt(alarmAtMs);
    return reply;
  }

  control(): Control {
    return this.#account.control;
  }

  /** Answers with the new setting, or with a sentence about what it does not know. */
  async setControl(body: unknown): Promise<Control | string> {
    const control = readControl(body, this.#account.control, Date.now());
    if (typeof control === "string") return control;
    if (control.seed !== this.#account.control.seed) this.#account.counts.draws = 0;
    const alarmAtMs = this.ctx.storage.transactionSync(() => {
      this.#events.advance(control.clockShiftMs - this.#account.control.clockShiftMs);
      this.#account.setControl(control);
      this.#lapse();
      return this.#nextDueMs();
    });
    await this.#alarm.wakeAt(alarmAtMs);
    return control;
  }

  /** Back to calm, counts at zero; the ledger stays. */
  resetControl(): Control {
    this.#account.setControl(calm);
    this.#account.counts = emptyCounts();
    this.#account.saveCounts();
    this.#account.recent.length = 0;
    return calm;
  }

  clearLedger(): void {
    this.#store.clear();
  }

  ledger(afterSeq: number): { lines: string; lastSeq: number | null } {
    const { intents, lastSeq } = this.#store.portion(afterSeq, LEDGER_PORTION);
    return { lines: intents.map((i) => `${JSON.stringify(ledgerLine(i))}\n`).join(""), lastSeq };
  }

  calls() {
    const { counts, recent } = this.#account;
    return {
      ...counts,
      webhooks: { ...counts.webhooks, pending: this.#events.pendingCount() },
      intents: this.#store.intentCount(),
      recent: recent.toReversed(),
    };
  }

  overview(limit: number) {
    const all = { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
    const page = { ...all, limit, startingAfter: null, endingBefore: null };
    const intents = this.#store.listIntents(page);
    return { ...this.calls(), control: this.#account.control, latest: intents.slice(0, limit) };
  }

  /** As it stands now: what lapsed meanwhile has ended. */
  intent(id: string): Promise<Intent | null> {
    return this.#outside((world) => world.intent(id));
  }

  /** The shopper's answer on a page or phone. Answers the intent as it then stands, or null if there is none. */
  finishAction(id: string, passed: boolean): Promise<Intent | null> {
    return this.#outside((world) => {
      const before = world.intent(id);
      const change = before && finishAction(before, passed, world.moment);
      return change ? world.save(change) : before;
    });
  }

  /** What the shopper's bank does. Answers the payment as it then stands, or why not. */
  dispute(id: string, move: DisputeMove, input: DisputeInput): Promise<Intent | ApiError> {
    return this.#outside((world) => disputeNow(world, id, { move, input }));
  }

  /** What the merchant does by hand. Answers the payment as it then stands, or why not. */
  dashboard(id: string, act: DashboardAct, amount: number | null): Promise<Intent | ApiError> {
    return this.#outside((world) => actInDashboard(world, id, { act, amount }));
  }

  /** A change that no call of the API makes, in one transaction. */
  async #outside<Result>(act: (world: World) => Result): Promise<Result> {
    const { result, alarmAtMs } = this.ctx.storage.transactionSync(() => {
      const world = this.#account.world({ realNowMs: Date.now() });
      return { result: act(world), alarmAtMs: world.alarmAtMs };
    });
    await this.#alarm.wakeAt(alarmAtMs);
    return result;
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    this.ctx.storage.transactionSync(() => {
      for (const chore of this.#events.dueChores(Date.now())) this.#doChore(chore);
      this.#lapse();
    });
    const { control } = this.#account;
    const { STRIPE_WEBHOOK_URL: url, STRIPE_WEBHOOK_SECRET: secret } = this.env;
    const batch = this.#events.due(Date.now() + reachMs(control), BATCH_MAX);
    const endpoint = { url, secrets: control.webhooks.secrets ?? [secret] };
    const clock = (): number => Date.now() + this.#account.control.clockShiftMs;
    const isQuiet = control.webhooks.mode === "off" || endpoint.url === "";
    const deliveries = isQuiet
      ? batch.map((due) => ({ due, delivered: true }))
      : await deliver(batch, endpoint, control, clock);
    this.ctx.storage.transactionSync(() => this.#bookDeliveries(deliveries, isQuiet));
    await this.#alarm.wakeAt(this.#nextDueMs());
  }

  /** Ends the holds and codes whose time is over. */
  #lapse(): void {
    const world = this.#account.world({ realNowMs: Date.now() });
    for (const intent of this.#store.lapsedHolds(world.moment.nowMs)) world.lapse(intent);
  }

  #nextDueMs(): number | null {
    const dueMs = this.#events.nextDueMs();
    const lapseMs = this.#store.nextLapseMs();
    if (lapseMs === null) return dueMs;
    return Math.min(
      lapseMs - this.#account.control.clockShiftMs,
      dueMs ?? Number.POSITIVE_INFINITY,
    );
  }

  #bookDeliveries(deliveries: readonly Delivery[], isQuiet: boolean): void {
    if (deliveries.length === 0) return;
    const { webhooks } = this.#account.counts;
    for (const { due, delivered } of deliveries) {
      const again = delivered ? null : retryAt(Date.now(), due.attempts);
      this.#events.reschedule(due.seq, again);
      if (isQuiet) continue;
      if (delivered) webhooks.delivered += 1;
      else webhooks.failed += 1;
    }
    this.#account.saveCounts();
  }

  #doChore(chore: Chore): void {
    this.#events.removeChore(chore.seq);
    if (chore.kind === "late_call") {
      this.#account.call(JSON.parse(chore.body), Date.now(), true);
      return;
    }
    const world = this.#account.world({ realNowMs: Date.now() });
    if (chore.kind === "shopper") return void actAsShopper(world, chore.body);
    const intent = world.intent(intentIdOf(chore.body));
    const change = intent && settleRefund(intent, chore.body, world.moment.nowMs);
    if (change) world.save(change);
  }
}
