import { DurableObject } from "cloudflare:workers";
import type { PaymentWebhook } from "../../payments/provider.ts";
import type { CheckoutView, Quote } from "../../schema/checkout.ts";
import type { Order } from "../../schema/order.ts";
import { assert, type Refusal } from "../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../schema/refusals.ts";
import { regions } from "../../schema/regions.ts";
import { nowMs } from "../clock.ts";
import { Outbox } from "../outbox/outbox.ts";
import { Journal } from "../saga/journal.ts";
import { doneValues } from "../saga/run.ts";
import { Runner } from "../saga/runner.ts";
import type { Answer, Reply } from "./answers.ts";
import { type Caller, type CreateCall, mayUse, type PayCall, type SaleCall } from "./calls.ts";
import { cancelSaga } from "./cancel.saga.ts";
import { type CheckoutDeps, checkoutDeps } from "./checkout.deps.ts";
import { CheckoutStore, type Route } from "./checkout.store.ts";
import { type Checkout, latestPayment, withStatus } from "./checkout.ts";
import { CheckoutTx } from "./checkout.tx.ts";
import { type CloseInput, closeSaga } from "./close.saga.ts";
import { openSaga } from "./open.saga.ts";
import { openedCheckout, openingOf } from "./opening.ts";
import { nextPayment, paySaga } from "./pay.saga.ts";
import { checkoutView, timeline } from "./present.ts";
import { createReply, processingReply } from "./replies.ts";
import { whyNotCancel, whyNotPay } from "./rules.ts";
import { earliest, expiryMs, purgeAtMs } from "./schedule.ts";

const ANSWER_WITHIN_MS = 10_000; // then a caller hears "processing" rather than wait any longer

/**
 * One sale, and its only writer: shopper, webhook, alarm and operator all enter here. What happens
 * is told by the sagas; this class lets calls in, keeps their answers and owns the one alarm.
 */
export class CheckoutObject extends DurableObject<Env> {
  readonly #store = new CheckoutStore(this.ctx.storage.sql);
  readonly #outbox = new Outbox(this.ctx.storage.sql);
  readonly #journal = new Journal(this.ctx.storage.sql, this.#store);
  readonly #runner = new Runner<CheckoutDeps, CheckoutTx>({
    journal: this.#journal,
    sagas: [openSaga, paySaga, closeSaga, cancelSaga],
    deps: checkoutDeps(this.env),
    transact: (work) => this.#transact(work),
    nowMs: () => this.#nowMs(),
    chance: Math.random,
    report: (run, problem) => this.#report("saga.fault", { run, problem: String(problem) }),
  });
  /** As of the last commit; read from storage when an evicted object comes back. */
  #checkout: Checkout | undefined;
  #creating: { readonly fingerprint: string; readonly answer: Promise<Answer> } | undefined;
  #waiting: (() => void)[] = [];
  #alarmAtMs: number | undefined;

  /** Opens the checkout, and pays it when the call carries a payment. */
  async create(call: CreateCall): Promise<Answer> {
    const known = this.#answerUnder("create", call);
    if (known) return known;
    if (this.#current()) return fresh(refuse("idempotency_key_reused"));
    if (this.#creating) {
      const { fingerprint, answer } = this.#creating;
      if (fingerprint !== call.fingerprint) return fresh(refuse("idempotency_key_reused"));
      return { ...(await answer), replayed: true };
    }
    const answer = this.#open(call);
    this.#creating = { fingerprint: call.fingerprint, answer };
    try {
      return await answer;
    } finally {
      this.#creating = undefined;
    }
  }

  async pay(call: PayCall): Promise<Answer> {
    const checkout = this.#visibleTo(call.caller);
    if (!checkout) return fresh(refuse("not_found"));
    const known = this.#answerUnder("pay", call);
    if (known) return known;
    const no = whyNotPay(checkout, call.body, this.#nowMs());
    if (no === "processing")
      return fresh(processingReply("pay", checkout, this.#journal.readAll()));
    if (no) return this.#refuse("pay", call, no);
    const { runId, input, paying } = nextPayment(checkout, call.body.payment);
    const started = this.#runner.start("pay", runId, input, (tx) => {
      tx.save(paying);
      tx.expectAnswer({ route: "pay", key: call.key, fingerprint: call.fingerprint });
    });
    return this.#answerWhile(started, "pay", call);
  }

  async cancel(call: SaleCall): Promise<Answer> {
    const checkout = this.#visibleTo(call.caller);
    if (!checkout) return fresh(refuse("not_found"));
    const known = this.#answerUnder("cancel", call);
    if (known) return known;
    const no = whyNotCancel(checkout);
    if (no) return this.#refuse("cancel", call, no);
    const { key, fingerprint } = call;
    if (checkout.status === "open") {
      const closed = this.#close(checkout, "cancelled", (tx) =>
        tx.expectAnswer({ route: "cancel", key, fingerprint }),
      );
      return this.#answerWhile(closed, "cancel", call);
    }
    const cancelling = withStatus(checkout, "cancelling");
    const reply: Reply = { status: 202, body: checkoutView(cancelling) };
    this.#transact((tx) => {
      tx.save(cancelling);
      tx.expectAnswer({ route: "cancel", key, fingerprint, reply });
    });
    const payment = latestPayment(checkout);
    if (payment) this.#runner.turn(payment.runId, refuse("cancelled"));
    return fresh(reply);
  }

  read(caller: Caller): CheckoutView | Refusal<"not_found"> {
    const checkout = this.#visibleTo(caller);
    if (!checkout) return refuse("not_found");
    const runs = this.#journal.readAll();
    return { ...checkoutView(checkout, runs), timeline: timeline(runs) };
  }

  order(caller: Caller): Order | Refusal<"not_found"> {
    return this.#visibleTo(caller)?.order ?? refuse("not_found");
  }

  /** Stores a verified webhook. Answers whether this object knows the sale it is about. */
  receive(event: PaymentWebhook): boolean {
    if (!this.#current()) return false;
    const isNew = this.#transact(() => this.#store.insertWebhook(event, this.#nowMs()));
    const payment = latestPayment(this.#currentOrBug());
    if (isNew && payment) this.ctx.waitUntil(this.#quietly(this.#runner.nudge(payment.runId)));
    return true;
  }

  /** The order as last committed: what a consumer fills a gap from. */
  snapshot(): Order | undefined {
    return this.#current()?.order;
  }

  /** The order store has these versions. */
  applied(versions: readonly number[]): void {
    if (!this.#current()) return;
    this.#transact(() => this.#outbox.applied(versions));
  }

  /** Everything that is due, then the next alarm. Faults stay with their run and come again. */
  override async alarm(): Promise<void> {
    this.#alarmAtMs = undefined;
    const checkout = this.#current();
    if (!checkout) return;
    const now = this.#nowMs();
    if ((purgeAtMs(checkout) ?? Number.POSITIVE_INFINITY) <= now) return this.#purge();
    if ((expiryMs(checkout) ?? Number.POSITIVE_INFINITY) <= now) {
      await this.#quietly(this.#close(checkout, "expired"));
    }
    await this.#quietly(this.#runner.wake());
    await this.#relay();
    this.#arm();
  }

  async #open(call: CreateCall): Promise<Answer> {
    const { key, fingerprint, checkoutId } = call;
    const input = openingOf(call, this.env.ID_KEY, this.#nowMs());
    const run = await this.#runner.start("open", `${checkoutId}/open`, input, (tx, begun) => {
      tx.save(openedCheckout(input, doneValues(begun).quote as Quote, this.#nowMs()));
      tx.expectAnswer({ route: "create", key, fingerprint });
    });
    if (this.#current()) return this.#answer("create", call);
    assert(run.turned, "a checkout that was not opened was refused");
    return fresh(run.turned.because as Refusal<RefusalCode>);
  }

  #close(checkout: Checkout, end: CloseInput["end"], alongside?: (tx: CheckoutTx) => void) {
    const { shopId, checkoutId, hold } = checkout;
    const input: CloseInput = { sale: { shopId, checkoutId }, hold, end };
    return this.#runner.start("close", `${checkoutId}/close`, input, alongside);
  }

  /** A refusal of a sale that exists is an answer like any other, and repeated under its key. */
  #refuse(route: Route, { key, fingerprint }: SaleCall, reply: Refusal<RefusalCode>): Answer {
    this.#transact((tx) => tx.expectAnswer({ route, key, fingerprint, reply }));
    return fresh(reply);
  }

  /** What this key was or will be answered; undefined when it is new. */
  #answerUnder(route: Route, call: SaleCall): Promise<Answer> | Answer | undefined {
    const stored = this.#store.answer(route, call.key);
    if (!stored) return undefined;
    if (stored.fingerprint !== call.fingerprint) return fresh(refuse("idempotency_key_reused"));
    if (stored.reply) return { reply: stored.reply, replayed: true };
    return this.#answer(route, call).then((answer) => ({ ...answer, replayed: true }));
  }

  /** Waits for the stored answer of a running call, but not for ever. */
  async #answer(route: Route, { key }: SaleCall): Promise<Answer> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wakeWaiting();
    }, ANSWER_WITHIN_MS);
    try {
      for (;;) {
        const reply = this.#store.answer(route, key)?.reply;
        if (reply) return fresh(reply);
        if (isLate) return fresh(this.#processing(route));
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** As `#answer`; a run that broke ends the wait at once. */
  async #answerWhile(run: Promise<unknown>, route: Route, call: SaleCall): Promise<Answer> {
    const answer = this.#answer(route, call);
    return Promise.race([answer, run.then(() => answer)]);
  }

  #processing(route: Route): Reply {
    const checkout = this.#currentOrBug();
    if (route === "create") return createReply(checkout);
    return processingReply(route, checkout, this.#journal.readAll());
  }

  #visibleTo(caller: Caller): Checkout | undefined {
    const checkout = this.#current();
    return checkout && mayUse(checkout, caller) ? checkout : undefined;
  }

  #current(): Checkout | undefined {
    this.#checkout ??= this.#store.read();
    return this.#checkout;
  }

  #currentOrBug(): Checkout {
    const checkout = this.#current();
    assert(checkout, "the sale exists");
    return checkout;
  }

  /** One commit: what `work` writes, the sale, its answers, its events, and the alarm. */
  #transact<R>(work: (tx: CheckoutTx) => R): R {
    const stores = { store: this.#store, outbox: this.#outbox };
    const tx = new CheckoutTx(stores, this.#current(), this.#nowMs());
    const armedAtMs = this.#alarmAtMs;
    try {
      const result = this.ctx.storage.transactionSync(() => {
        const value = work(tx);
        tx.flush();
        this.#arm(tx.result);
        return value;
      });
      this.#checkout = tx.result;
      if (tx.hasAnswered) this.#wakeWaiting();
      if (tx.hasEmitted) this.ctx.waitUntil(this.#relay());
      return result;
    } catch (problem) {
      // What the transaction took back was neither armed nor created.
      this.#alarmAtMs = armedAtMs;
      this.#store.forgetSchema();
      throw problem;
    }
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  async #relay(): Promise<void> {
    const { region } = this.#currentOrBug();
    const queue = this.env[regions[region].bindings.events];
    await this.#quietly(this.#outbox.relay(queue, this.#nowMs()));
  }

  /**
   * Sets the alarm for the earliest of everything that is due. One that rings earlier is left
   * alone: it finds nothing and comes back here, and changing it would cost the sale a sync.
   */
  #arm(checkout = this.#current()): void {
    if (!checkout) return;
    const dueAtMs = earliest(
      this.#journal.earliestDueMs(),
      expiryMs(checkout),
      this.#outbox.dueAtMs(),
      purgeAtMs(checkout),
    );
    if (dueAtMs === undefined) return;
    if (this.#alarmAtMs !== undefined && this.#alarmAtMs <= dueAtMs) return;
    // The clock may be shifted locally; alarms are not.
    void this.ctx.storage.setAlarm(dueAtMs - (this.#nowMs() - Date.now()));
    this.#alarmAtMs = dueAtMs;
  }

  async #purge(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#checkout = undefined;
    this.#store.forgetSchema();
  }

  /** For work that nobody waits for: its fault is reported, and its alarm brings it back. */
  async #quietly(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (problem) {
      this.#report("checkout.fault", { problem: String(problem) });
    }
  }

  #report(event: string, detail: Record<string, string>): void {
    console.error({ event, checkoutId: this.#checkout?.checkoutId, ...detail });
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}

function fresh(reply: Reply): Answer {
  return { reply, replayed: false };
}
