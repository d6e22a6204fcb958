import { DurableObject } from "cloudflare:workers";
import { emptyCounts } from "../counts.ts";
import { EarliestAlarm } from "../earliest-alarm.ts";
import type { SimulatorsEnv } from "../env.ts";
import { type Control, calm, readControl } from "../faults.ts";
import { reachMs, retryAt } from "../webhook-pace.ts";
import { Account } from "./account.ts";
import { finish3ds } from "./confirm.ts";
import { type Chore, EventStore } from "./event-store.ts";
import { type Intent, intentIdOf, refundedOf } from "./intent.ts";
import type { ApiRequest, Reply } from "./reply.ts";
import { settleRefund } from "./settle.ts";
import { Store } from "./store.ts";
import { BATCH_MAX, type Delivery, deliver } from "./webhooks.ts";

const LEDGER_PORTION = 500; // intents per message of the ledger

/** One Stripe account: intents, keys, events and settings, all in this object's storage. */
export class StripeAccountObject extends DurableObject<SimulatorsEnv> {
  readonly #store: Store;
  readonly #events: EventStore;
  readonly #account: Account;
  readonly #alarm: EarliestAlarm;

  constructor(ctx: DurableObjectState, env: SimulatorsEnv) {
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

  /** Answers with a sentence when the body sets what there is not. */
  async setControl(body: unknown): Promise<Control | string> {
    const control = readControl(body, this.#account.control);
    if (typeof control === "string") return control;
    if (control.seed !== this.#account.control.seed) this.#account.counts.draws = 0;
    const alarmAtMs = this.ctx.storage.transactionSync(() => {
      this.#account.setControl(control);
      const world = this.#account.world({ realNowMs: Date.now() });
      for (const intent of this.#store.lapsedHolds(world.moment.nowMs)) world.lapse(intent);
      return world.alarmAtMs;
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
    const page = { limit, startingAfter: null, endingBefore: null };
    const intents = this.#store.listIntents({
      ...page,
      fromMs: 0,
      untilMs: Number.MAX_SAFE_INTEGER,
    });
    return { ...this.calls(), control: this.#account.control, latest: intents.slice(0, limit) };
  }

  intent(id: string): Intent | null {
    return this.#store.intent(id);
  }

  /** The shopper's answer on the bank's page. Answers the intent as it then stands, or null if there is none. */
  async finish3ds(id: string, passed: boolean): Promise<Intent | null> {
    const { intent, alarmAtMs } = this.ctx.storage.transactionSync(() => {
      const world = this.#account.world({ realNowMs: Date.now() });
      const before = world.intent(id);
      const change = before && finish3ds(before, passed, world.moment);
      return { intent: change ? world.save(change) : before, alarmAtMs: world.alarmAtMs };
    });
    await this.#alarm.wakeAt(alarmAtMs);
    return intent;
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    this.ctx.storage.transactionSync(() => {
      for (const chore of this.#events.dueChores(Date.now())) this.#doChore(chore);
    });
    const { control } = this.#account;
    const batch = this.#events.due(Date.now() + reachMs(control), BATCH_MAX);
    const endpoint = { url: this.env.STRIPE_WEBHOOK_URL, secret: this.env.STRIPE_WEBHOOK_SECRET };
    const clock = (): number => Date.now() + this.#account.control.clockShiftMs;
    const isQuiet = control.webhooks.mode === "off" || endpoint.url === "";
    const deliveries = isQuiet
      ? batch.map((due) => ({ due, delivered: true }))
      : await deliver(batch, endpoint, control, clock);
    this.ctx.storage.transactionSync(() => this.#bookDeliveries(deliveries, isQuiet));
    await this.#alarm.wakeAt(this.#events.nextDueMs());
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
    const intent = world.intent(intentIdOf(chore.body));
    const change = intent && settleRefund(intent, chore.body);
    if (change) world.save(change);
  }
}

/** One line of the ledger: what an auditor compares with orders. */
function ledgerLine(intent: Intent) {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    id: intent.id,
    created: iso(intent.createdMs),
    status: intent.status,
    currency: intent.currency,
    amount: intent.amount,
    amountReceived: intent.amountReceived,
    amountRefunded: refundedOf(intent),
    amountCapturable: intent.amountCapturable,
    metadata: intent.metadata,
    captures: intent.captures.map(({ amount, atMs }) => ({ amount, at: iso(atMs) })),
    refunds: intent.refunds.map(({ id, amount, status, createdMs }) => ({
      id,
      amount,
      status,
      at: iso(createdMs),
    })),
    idempotencyKeys: intent.idempotencyKeys,
  };
}
