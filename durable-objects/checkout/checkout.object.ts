import { DurableObject } from "cloudflare:workers";
import type { PaymentWebhook } from "../../payments/provider.ts";
import type { CheckoutView, Customer } from "../../schema/checkout.ts";
import type { ShopId } from "../../schema/ids.ts";
import { assert, isRefusal, type Refusal } from "../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../schema/refusals.ts";
import { regions } from "../../schema/regions.ts";
import { checkoutCan } from "../../schema/states.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { nowMs } from "../clock.ts";
import { Outbox, type Snapshot } from "../outbox/outbox.ts";
import { Journal } from "../saga/journal.ts";
import { Runner } from "../saga/runner.ts";
import { AnswerDesk, fresh } from "./answer-desk.ts";
import type { Answer, Reply } from "./answers.ts";
import {
  type Caller,
  type CreateCall,
  mayUse,
  type NewRun,
  type PatchCall,
  type PayCall,
  type RefundCall,
  type SaleCall,
} from "./calls.ts";
import { cancelSaga } from "./cancel.saga.ts";
import { type CheckoutDeps, checkoutDeps } from "./checkout.deps.ts";
import { CheckoutStore, expected, type Route } from "./checkout.store.ts";
import { type Checkout, latestPayment, withStatus } from "./checkout.ts";
import { CheckoutTx } from "./checkout.tx.ts";
import { type Claimant, claimantOf } from "./claimant.ts";
import { closeSaga, closing } from "./close.saga.ts";
import { LiveView, type Sight } from "./live-view.ts";
import { nextMoneyCall, refundable, withQueuedRefund } from "./money-calls.ts";
import { openSaga } from "./open.saga.ts";
import { openedCheckout, openingOf } from "./opening.ts";
import { nextPayment, paySaga } from "./pay.saga.ts";
import { checkoutView } from "./present.ts";
import { refundSaga } from "./refund.saga.ts";
import { paidReply, processingReply } from "./replies.ts";
import { requoteSaga, requoting } from "./requote.saga.ts";
import { whyNotCancel, whyNotCancelOrder, whyNotPatch, whyNotPay, whyNotRefund } from "./rules.ts";
import { earliest, expiryMs, inboxDueMs, purgeAtMs } from "./schedule.ts";
import { askAfterShopper } from "./shopper-watch.ts";
import { resumed } from "./stuck.ts";

/**
 * One sale, and its only writer: shopper, webhook, alarm and operator all enter here. What happens
 * is told by the sagas; this class lets calls in, keeps their answers and owns the one alarm.
 */
export class CheckoutObject extends DurableObject<Env> {
  readonly #store = new CheckoutStore(this.ctx.storage.sql);
  readonly #outbox = new Outbox(this.ctx.storage.sql);
  readonly #journal = new Journal(this.ctx.storage.sql, this.#store.tables);
  readonly #alarm = new AlarmClock(this.ctx.storage, this.env);
  readonly #deps = checkoutDeps(this.env);
  readonly #desk = new AnswerDesk(this.#store, (route) => this.#processing(route));
  readonly #live = new LiveView(() => this.#current(), this.#journal);
  readonly #runner = new Runner<CheckoutDeps, CheckoutTx>({
    journal: this.#journal,
    sagas: [openSaga, requoteSaga, paySaga, closeSaga, cancelSaga, refundSaga],
    deps: this.#deps,
    transact: (work) => this.#transact(work),
    nowMs: () => this.#nowMs(),
    chance: Math.random,
    report: (run, problem) => this.#report("saga.fault", { run, problem: String(problem) }),
  });
  /** As of the last commit; read from storage when an evicted object comes back. */
  #checkout: Checkout | undefined;
  #creating: { readonly fingerprint: string; readonly answer: Promise<Answer> } | undefined;

  /** Opens the checkout, and pays it when the call carries a payment. */
  async create(call: CreateCall): Promise<Answer> {
    const known = this.#desk.under("create", call);
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

  pay(call: PayCall): Promise<Answer> {
    const rule = (checkout: Checkout) => whyNotPay(checkout, call.body, this.#nowMs());
    return this.#enter("pay", call, rule, (checkout) => {
      if (checkout.status === "awaiting_shopper") return this.#supersede(call);
      if (checkout.status !== "open") return fresh(this.#processing("pay"));
      const { runId, input, paying } = nextPayment(checkout, call.body.payment, call.origin);
      return this.#run("pay", call, { saga: "pay", runId, input }, paying);
    });
  }

  /** Changes an open checkout and quotes it anew. */
  patch(call: PatchCall): Promise<Answer> {
    const rule = (checkout: Checkout) => whyNotPatch(checkout, call.body, this.#nowMs());
    return this.#enter("patch", call, rule, (checkout) => {
      const run = { saga: "requote", ...requoting(checkout, call.body, this.#nowMs()) };
      return this.#run("patch", call, run, withStatus(checkout, "processing"));
    });
  }

  /** Calls off what is not placed: at once while it is open, else when no money can come any more. */
  cancel(call: SaleCall): Promise<Answer> {
    return this.#enter("cancel", call, whyNotCancel, (checkout) => {
      if (checkout.status === "open") {
        return this.#run("cancel", call, closing(checkout, "cancelled"), checkout);
      }
      const cancelling = withStatus(checkout, "cancelling");
      const reply: Reply = { status: 202, body: checkoutView(cancelling) };
      this.#transact((tx) => {
        tx.save(cancelling);
        tx.expectAnswer({ ...expected("cancel", call), reply });
      });
      const payment = latestPayment(checkout);
      if (payment) this.#runner.turn(payment.runId, refuse("cancelled"));
      return fresh(reply);
    });
  }

  /** Gives money back, after the refunds that were asked for before. */
  refund(call: RefundCall): Promise<Answer> {
    const amountOf = (checkout: Checkout) => call.body.amount ?? refundable(checkout);
    const rule = (checkout: Checkout) => whyNotRefund(checkout, amountOf(checkout));
    return this.#enter("refund", call, rule, (checkout) =>
      this.#moneyCall("refund", call, withQueuedRefund(checkout, amountOf(checkout), call.key)),
    );
  }

  /** Cancels a placed order: all money back, stock back. */
  cancelOrder(call: SaleCall): Promise<Answer> {
    return this.#enter("cancel_order", call, whyNotCancelOrder, (checkout) =>
      this.#moneyCall("cancel_order", call, { ...checkout, cancelRequested: true }),
    );
  }

  read(caller: Caller): CheckoutView | Refusal<"not_found"> {
    return (this.#visibleTo(caller) && this.#live.now()?.view) ?? refuse("not_found");
  }

  /** As `read`, but waits a while for a sight that differs from the one `seen`. */
  async changes(caller: Caller, seen?: string): Promise<Sight | Refusal<"not_found">> {
    const sight = this.#visibleTo(caller) && (await this.#live.next(seen));
    return sight ?? refuse("not_found");
  }

  order(caller: Caller): Snapshot["order"] | Refusal<"not_found"> {
    return this.#visibleTo(caller)?.order ?? refuse("not_found");
  }

  /**
   * Stores a verified webhook; what it means is asked of the provider, never read from the event.
   * Answers whether this object knows the sale it is about.
   */
  receive(event: PaymentWebhook): boolean {
    const checkout = this.#current();
    if (!checkout) return false;
    const isAwaited = checkoutCan.hearProvider(checkout.status);
    this.#transact(() => this.#store.insertWebhook(event, this.#nowMs(), isAwaited));
    if (isAwaited) this.ctx.waitUntil(this.#quietly(this.#lookIntoInbox()));
    return true;
  }

  /** The shopper is back from their bank. Answers where the storefront wants them. */
  async shopperReturned(attempt: number): Promise<string | undefined> {
    await this.#quietly(this.#askAfterShopper());
    return this.#current()?.payments.find((each) => each.attempt === attempt)?.returnUrl;
  }

  /** An operator's wish: what gave up tries again where it did. Answers the runs that go on. */
  resume(shopId: ShopId): readonly string[] | Refusal<"not_found" | "not_stuck"> {
    const checkout = this.#visibleTo({ shopId, isMerchant: true });
    if (!checkout) return refuse("not_found");
    const stuck = this.#journal.readAll().filter(({ stuckAt }) => stuckAt !== undefined);
    if (stuck.length === 0) return refuse("not_stuck", { checkoutStatus: checkout.status });
    this.#transact((tx) => tx.save(resumed(checkout, stuck)));
    for (const { runId } of stuck) this.ctx.waitUntil(this.#quietly(this.#runner.resume(runId)));
    return stuck.map(({ runId }) => runId);
  }

  /** The order as last committed, and its events that the store may lack: a gap is filled from them. */
  snapshot(): Snapshot | undefined {
    return this.#outbox.snapshot(this.#current()?.order);
  }

  /** Whom a mail about the sale goes to. The mail feed of this region asks, and keeps it nowhere. */
  addressee(shopId: ShopId): Customer | undefined {
    return this.#visibleTo({ shopId, isMerchant: true })?.customer;
  }

  /** The order store has these versions. */
  applied(versions: readonly number[]): void {
    if (!this.#current()) return;
    this.#transact(() => this.#outbox.applied(versions));
  }

  /** How the sale stands, for the cart that it claimed. What is opening or overdue is not left so. */
  async claimant(): Promise<Claimant> {
    const checkout = this.#current();
    const opening = checkout && this.#runner.read(`${checkout.checkoutId}/open`);
    if (opening && !opening.ended) await this.#quietly(this.#runner.nudge(opening.runId));
    if (checkout) await this.#quietly(this.#expireIfDue(this.#currentOrBug()));
    return claimantOf(this.#current());
  }

  /** Everything that is due, then the next alarm. Faults stay with their run and come again. */
  override async alarm(): Promise<void> {
    this.#alarm.rang();
    const checkout = this.#current();
    if (!checkout) return;
    if ((purgeAtMs(checkout) ?? Number.POSITIVE_INFINITY) <= this.#nowMs()) return this.#purge();
    await this.#quietly(this.#expireIfDue(checkout));
    // Asked before the wait for them may time out.
    await this.#quietly(this.#askAfterShopper());
    await this.#quietly(this.#lookIntoInbox());
    await this.#quietly(this.#runner.wake());
    await this.#relay();
    this.#arm();
  }

  async #expireIfDue(checkout: Checkout): Promise<void> {
    if ((expiryMs(checkout) ?? Number.POSITIVE_INFINITY) > this.#nowMs()) return;
    const { saga, runId, input } = closing(checkout, "expired");
    await this.#runner.start(saga, runId, input);
  }

  async #open(call: CreateCall): Promise<Answer> {
    const { checkoutId } = call;
    const goods = await this.#deps.carts.goodsOf(call.caller.shopId, call.body);
    if (isRefusal(goods)) return fresh(goods);
    const input = openingOf({ ...call, goods }, this.env.ID_KEY, this.#nowMs());
    const run = await this.#runner.start("open", `${checkoutId}/open`, input, (tx, begun) => {
      tx.save(openedCheckout(input, begun, this.#nowMs()));
      tx.expectAnswer(expected("create", call));
    });
    if (this.#current()) return this.#desk.wait("create", call);
    assert(run.turned, "a checkout that was not opened was refused");
    return fresh(run.turned.because as Refusal<RefusalCode>);
  }

  /** A shopper who waits for nobody pays in another way: first the earlier way is closed. */
  async #supersede(call: PayCall): Promise<Answer> {
    await this.#quietly(this.#askAfterShopper());
    const awaited = this.#currentOrBug();
    const payment = latestPayment(awaited);
    if (payment && awaited.status === "awaiting_shopper") {
      this.#runner.turn(payment.runId, refuse("payment_superseded"));
      await this.#quietly(this.#runner.joined(payment.runId));
    }
    const checkout = this.#currentOrBug();
    if (checkout.status === "open") return this.pay(call);
    // No provider has confirmed yet that it cannot be paid, or it was paid after all.
    if (!checkout.order) return fresh(this.#processing("pay"));
    return this.#desk.under("pay", call) ?? this.#keep("pay", call, paidReply("pay", checkout));
  }

  async #askAfterShopper(): Promise<void> {
    const tell = await askAfterShopper(this.#current(), this.#runner, this.#deps.payments);
    if (tell) this.ctx.waitUntil(this.#quietly(tell()));
  }

  /** Something happened at the provider: what waits for it looks now rather than later. */
  async #lookIntoInbox(): Promise<void> {
    const now = this.#nowMs();
    if (this.#store.unappliedSinceMs() === undefined) return;
    await this.#askAfterShopper();
    const payment = latestPayment(this.#currentOrBug());
    if (payment) this.ctx.waitUntil(this.#quietly(this.#runner.nudge(payment.runId)));
    this.#transact(() => this.#store.markApplied(now, this.#nowMs()));
  }

  /** The door of every call that changes a sale: is it theirs, was it answered, is it allowed? */
  async #enter(
    route: Route,
    call: SaleCall,
    rule: (checkout: Checkout) => Refusal<RefusalCode> | undefined,
    act: (checkout: Checkout) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const checkout = this.#visibleTo(call.caller);
    const isOrderCall = route === "refund" || route === "cancel_order";
    if (!checkout || (isOrderCall && !checkout.order)) return fresh(refuse("not_found"));
    const known = this.#desk.under(route, call);
    if (known) return known;
    const no = rule(checkout);
    return no ? this.#keep(route, call, no) : act(checkout);
  }

  /** Begins a run that owes this call its answer; the sale changes in the run's first commit. */
  #run(route: Route, call: SaleCall, { saga, runId, input }: NewRun, changed: Checkout) {
    const run = this.#runner.start(saga, runId, input, (tx) => {
      tx.save(changed);
      tx.expectAnswer(expected(route, call));
    });
    return this.#desk.waitWhile(run, route, call);
  }

  /** Queues a money call and answers when it is done; it is sent now unless another one is out. */
  #moneyCall(route: Route, call: SaleCall, queued: Checkout): Promise<Answer> {
    const next = nextMoneyCall(queued);
    if (next) return this.#run(route, call, next, queued);
    this.#transact((tx) => {
      tx.save(queued);
      tx.expectAnswer(expected(route, call));
    });
    return this.#desk.wait(route, call);
  }

  /** Answers at once. A refusal of a sale that exists is kept under its key like any answer. */
  #keep(route: Route, call: SaleCall, reply: Reply): Answer {
    this.#transact((tx) => tx.expectAnswer({ ...expected(route, call), reply }));
    return fresh(reply);
  }

  #processing(route: Route): Reply {
    return processingReply(route, this.#currentOrBug(), this.#journal.readAll());
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
    assert(this.#current(), "the sale exists");
    return this.#checkout as Checkout;
  }

  /** One commit: what `work` writes, the sale, its answers, its events, and the alarm. */
  #transact<R>(work: (tx: CheckoutTx) => R): R {
    const stores = { store: this.#store, outbox: this.#outbox };
    const tx = new CheckoutTx(stores, this.#current(), this.#nowMs());
    const transaction = () => {
      const value = work(tx);
      tx.flush();
      this.#arm(tx.result);
      return value;
    };
    try {
      const result = this.#alarm.within(() => this.ctx.storage.transactionSync(transaction));
      this.#checkout = tx.result;
      if (tx.hasAnswered) this.#desk.ring();
      this.#live.ring();
      if (tx.hasEmitted) this.ctx.waitUntil(this.#relay());
      return result;
    } catch (problem) {
      // The tables may have gone with what the transaction took back.
      this.#store.tables.forget();
      throw problem;
    }
  }

  async #relay(): Promise<void> {
    const { region } = this.#currentOrBug();
    const queue = this.env[regions[region].bindings.events];
    await this.#quietly(this.#outbox.relay(queue, this.#nowMs()));
  }

  #arm(checkout = this.#current()): void {
    if (!checkout) return;
    const { runDueMs, eventSinceMs, webhookSinceMs } = this.#store.waiting();
    const eventDueMs = eventSinceMs && this.#outbox.dueAtMs(eventSinceMs);
    const webhookDueMs = inboxDueMs(webhookSinceMs, this.#nowMs());
    this.#alarm.setFor(earliest(checkout, runDueMs, eventDueMs, webhookDueMs));
  }

  async #purge(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#checkout = undefined;
    this.#store.tables.forget();
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
