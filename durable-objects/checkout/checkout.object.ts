import { connect } from "cloudflare:sockets";
import { DurableObject } from "cloudflare:workers";
import type { ReturnProof } from "../../payments/provider.ts";
import type { Notice } from "../../payments/webhook-notice.ts";
import type { Customer } from "../../schema/buyer.ts";
import type { CheckoutView } from "../../schema/checkout.ts";
import type { ShopId } from "../../schema/ids.ts";
import type { OrderDetails } from "../../schema/order-details.ts";
import { assert, isRefusal, type Refusal } from "../../schema/outcome.ts";
import type { ProviderName } from "../../schema/payment.ts";
import { type RefusalCode, refuse } from "../../schema/refusals.ts";
import { regions } from "../../schema/regions.ts";
import { checkoutCan } from "../../schema/states.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { nowMs } from "../clock.ts";
import type { Snapshot } from "../outbox/outbox.ts";
import { SendSoon } from "../outbox/send-soon.ts";
import { Runner } from "../saga/runner.ts";
import { cancelOrder, captureOrder, fulfilOrder, refundOrder } from "./after-sale/order-calls.ts";
import { type WithdrawalCall, withdrawalCall } from "./after-sale/withdrawal/withdrawal-calls.ts";
import { withdrawalOf } from "./after-sale/withdrawal/withdrawals.ts";
import { checkoutDeps } from "./checkout.deps.ts";
import { closing } from "./ending/close.saga.ts";
import { AnswerDesk, fresh } from "./entry/answer-desk.ts";
import { type Claimant, claimantOf, openingRunId } from "./entry/claimant.ts";
import { CreateOnce } from "./entry/create-once.ts";
import { LiveView, type Sight } from "./entry/live-view.ts";
import { OperatorCalls } from "./entry/operator-calls.ts";
import { type CallOff, replaceable, whyNotCallOff } from "./entry/replacement.ts";
import { SaleDoor } from "./entry/sale-door.ts";
import { openedCheckout, openingOf } from "./opening/open.input.ts";
import { patchCheckout } from "./opening/patch-call.ts";
import { Cards } from "./paying/cards.ts";
import { nextPayment, routed, storable, wantedNext } from "./paying/pay.input.ts";
import { unstoredToken } from "./paying/provider-tokens.ts";
import { whyNotPay } from "./paying/why-not-pay.ts";
import { PaymentWatch } from "./provider-news/payment-watch.ts";
import { sagas } from "./sagas.ts";
import { expected, type Route } from "./sale/answers.store.ts";
import type { Answer, Reply } from "./sale/answers.ts";
import type {
  Caller,
  CancelCall,
  CaptureCall,
  CreateCall,
  FulfilCall,
  PatchCall,
  PayCall,
  RefundCall,
  SaleCall,
} from "./sale/calls.ts";
import { type Checkout, latestPayment, paymentOf } from "./sale/checkout.ts";
import { CheckoutTx } from "./sale/checkout.tx.ts";
import { withStatus } from "./sale/checkout-changes.ts";
import type { CheckoutDeps } from "./sale/ports.ts";
import { SaleStorage } from "./sale/sale-storage.ts";
import { expiryMs, purgeAtMs } from "./sale/schedule.ts";
import { checkoutView } from "./view/checkout-view.ts";
import { orderDetails } from "./view/order-details.ts";
import { paidReply, processingReply } from "./view/replies.ts";

/**
 * One sale, and its only writer: shopper, webhook, alarm and operator all enter here. What happens
 * is told by the sagas; this class lets calls in, keeps their answers and owns the one alarm.
 */
export class CheckoutObject extends DurableObject<Env> {
  readonly #storage = new SaleStorage(this.ctx.storage.sql);
  readonly #store = this.#storage.store;
  readonly #outbox = this.#storage.outbox;
  readonly #journal = this.#storage.journal;
  readonly #alarm = new AlarmClock(this.ctx.storage, this.env);
  readonly #cards = new Cards();
  readonly #deps = checkoutDeps(this.env, {
    ...{ heard: () => this.#store.notices(), cards: this.#cards, connect },
    shopperBackAtMs: (attempt) => paymentOf(this.#current(), attempt)?.shopperBackAtMs,
  });
  readonly #desk = new AnswerDesk(this.#store, (route) => this.#processing(route));
  readonly #creates = new CreateOnce();
  readonly #live = new LiveView(() => this.#current(), this.#journal);
  readonly #runner = new Runner<CheckoutDeps, CheckoutTx>({
    journal: this.#journal,
    sagas,
    deps: this.#deps,
    transact: (work) => this.#transact(work),
    nowMs: () => this.#nowMs(),
    chance: Math.random,
    report: (run, problem) => this.#report("saga.fault", { run, problem: String(problem) }),
  });
  readonly #door = new SaleDoor({
    ...{ runner: this.#runner, desk: this.#desk },
    current: () => this.#current(),
    transact: (work) => this.#transact(work),
  });
  readonly #watch = new PaymentWatch({
    ...{ store: this.#store, journal: this.#journal, runner: this.#runner, deps: this.#deps },
    current: () => this.#currentOrBug(),
    transact: (work) => this.#transact(work),
    nowMs: () => this.#nowMs(),
    behind: (work) => this.#behind(work),
    report: (problem) => this.#report("checkout.fault", { problem: String(problem) }),
  });
  readonly #operator = new OperatorCalls({
    ...{ door: this.#door, journal: this.#journal, runner: this.#runner },
    transact: (work) => this.#transact(work),
    behind: (work) => this.#behind(work),
  });
  readonly #sending = new SendSoon(
    () => this.#runner.quiet(),
    () => this.#relay(),
  );
  /** As of the last commit; read from storage when an evicted object comes back. */
  #checkout: Checkout | undefined;

  /** Opens the checkout, and pays it when the call carries a payment. */
  async create(call: CreateCall): Promise<Answer> {
    const known = this.#desk.under("create", call);
    if (known) return known;
    if (this.#current()) return fresh(refuse("idempotency_key_reused"));
    return this.#creates.join(call, () => this.#open(call));
  }

  async pay(call: PayCall): Promise<Answer> {
    const book = await this.#deps.routing.book(call.caller.shopId);
    const rule = (checkout: Checkout) => whyNotPay(checkout, call.body, this.#nowMs());
    return this.#door.enter("pay", call, rule, (checkout) => {
      if (checkout.status === "awaiting_shopper") return this.#supersede(call);
      if (checkout.status !== "open") return fresh(this.#processing("pay"));
      const payment = storable(call.body.payment);
      const route = routed(book, wantedNext(checkout), payment);
      if (isRefusal(route)) return this.#door.keep("pay", call, route);
      const way = { routed: route, origin: call.origin, nowMs: this.#nowMs() };
      const run = nextPayment(checkout, payment, way);
      this.#cards.put(run.input.attempt, unstoredToken(call.body.payment.tokens));
      return this.#door.run("pay", call, run, run.paying);
    });
  }

  /** Changes an open checkout and quotes it anew. */
  patch(call: PatchCall): Promise<Answer> {
    return patchCheckout(this.#door, call, { idKey: this.env.ID_KEY, nowMs: this.#nowMs() });
  }

  /** Calls off what is not placed: at once while it is open, else when no money can come any more. */
  cancel(call: CallOff): Promise<Answer> {
    return this.#door.enter("cancel", call, whyNotCallOff(call, this.#nowMs()), (checkout) => {
      if (checkout.status === "open") {
        return this.#door.run("cancel", call, closing(checkout, "cancelled"), checkout);
      }
      const cancelling = { ...withStatus(checkout, "cancelling"), isCalledOff: true } as const;
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

  replaceable(call: SaleCall): ReturnType<typeof replaceable> {
    return replaceable({ door: this.#door, desk: this.#desk }, call, this.#nowMs());
  }

  capture(call: CaptureCall): Promise<Answer> {
    return captureOrder(this.#door, call);
  }

  refund(call: RefundCall): Promise<Answer> {
    return refundOrder(this.#door, call, this.#nowMs());
  }

  fulfil(call: FulfilCall): Promise<Answer> {
    return fulfilOrder(this.#door, call);
  }

  cancelOrder(call: CancelCall): Promise<Answer> {
    return cancelOrder(this.#door, call);
  }

  /** A shopper's withdrawal from the contract, and what becomes of its goods. */
  async withdrawal(call: WithdrawalCall): Promise<Answer> {
    const terms = await this.#deps.withdrawalTerms(call.caller.shopId);
    return withdrawalCall(this.#door, call, { terms, nowMs: this.#nowMs() });
  }

  read(caller: Caller): CheckoutView | Refusal<"not_found"> {
    return (this.#door.visibleTo(caller) && this.#live.now(caller)?.view) ?? refuse("not_found");
  }

  /** As `read`, but waits a while for a sight that differs from the one `seen`. */
  async changes(caller: Caller, seen?: string): Promise<Sight | Refusal<"not_found">> {
    const sight = this.#door.visibleTo(caller) && (await this.#live.next(seen, caller));
    return sight ?? refuse("not_found");
  }

  order(caller: Caller): OrderDetails | Refusal<"not_found"> {
    return orderDetails(this.#door.visibleTo(caller)) ?? refuse("not_found");
  }

  /**
   * Stores a verified webhook; what it means is found out behind its answer.
   * Answers whether this object knows the sale it is about.
   */
  receive(notice: Notice): boolean {
    if (!this.#current()) return false;
    this.#watch.receive(notice);
    return true;
  }

  /** A webhook that was given up is looked into as if it had just come. Answers whether it is known. */
  receiveAgain(provider: ProviderName, noticeId: string): boolean {
    return this.#current() !== undefined && this.#watch.receiveAgain({ provider, noticeId });
  }

  /** As `receive`, of money that stands in a provider's books: only if it is this sale's to settle. */
  claim(notice: Notice): boolean {
    return this.#current() !== undefined && this.#watch.claim(notice);
  }

  /** The shopper is back from their bank. Answers where the storefront wants them. */
  async shopperReturned(attempt: number, proof: ReturnProof): Promise<string | undefined> {
    const payment = paymentOf(this.#current(), attempt);
    if (payment) await this.#quietly(this.#watch.shopperReturned(attempt, proof));
    return payment?.returnUrl;
  }

  /** What gave up tries again where it did. Answers the runs that go on. */
  resume(shopId: ShopId): ReturnType<OperatorCalls["resume"]> {
    return this.#operator.resume(shopId);
  }

  /** An expired sale opens again when its stock allows. Answers what it is then. */
  reopen(shopId: ShopId): ReturnType<OperatorCalls["reopen"]> {
    return this.#operator.reopen(shopId, this.#nowMs());
  }

  /** The order as last committed, and its events that the store may lack: a gap is filled from them. */
  snapshot(): Snapshot | undefined {
    return this.#outbox.snapshot(this.#current()?.order);
  }

  /** Whom a mail about the sale goes to. The mail feed of this region asks, and keeps it nowhere. */
  addressee(shopId: ShopId): Customer | undefined {
    return this.#door.visibleTo({ shopId, isMerchant: true })?.customer;
  }

  /** What the shopper was told of their nth withdrawal, with date and time. */
  acknowledgement(shopId: ShopId, n: number): string | undefined {
    const checkout = this.#door.visibleTo({ shopId, isMerchant: true });
    return checkout && withdrawalOf(checkout, n)?.acknowledgement;
  }

  /** The order store has these versions. */
  applied(versions: readonly number[]): void {
    if (!this.#current() || !this.#outbox.awaits(versions)) return;
    this.#transact(() => this.#outbox.applied(versions));
  }

  /** How the sale stands, for the cart that it claimed. What is opening or overdue is not left so. */
  async claimant(): Promise<Claimant> {
    const checkout = this.#current();
    const opening = checkout && this.#runner.read(openingRunId(checkout));
    if (opening && !opening.ended) await this.#quietly(this.#runner.nudge(opening.runId));
    if (checkout) await this.#quietly(this.#expireIfDue(this.#currentOrBug()));
    return claimantOf(this.#current(), opening && this.#runner.read(opening.runId));
  }

  /** Everything that is due, then the next alarm. Faults stay with their run and come again. */
  override async alarm(): Promise<void> {
    this.#alarm.rang();
    const checkout = this.#current();
    if (!checkout) return;
    if ((purgeAtMs(checkout) ?? Number.POSITIVE_INFINITY) <= this.#nowMs()) return this.#purge();
    await this.#quietly(this.#expireIfDue(checkout));
    // Asked before a wait may time out.
    await this.#quietly(this.#watch.look());
    await this.#quietly(this.#watch.authorizationDue());
    await this.#quietly(this.#watch.lastLook());
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
    const goods = await this.#deps.carts.goodsOf(call.caller.shopId, call.body);
    if (isRefusal(goods)) return fresh(goods);
    const input = openingOf({ ...call, goods }, this.env.ID_KEY, this.#nowMs());
    this.#cards.put(1, unstoredToken(call.body.payment?.tokens));
    const run = await this.#runner.start("open", `${call.checkoutId}/open`, input, (tx, begun) => {
      tx.save(openedCheckout(input, begun, this.#nowMs()));
      tx.expectAnswer(expected("create", call));
    });
    if (this.#current()) return this.#desk.wait("create", call);
    this.#cards.forget();
    assert(run.turned, "a checkout that was not opened was refused");
    return fresh(run.turned.because as Refusal<RefusalCode>);
  }

  /** A shopper who waits for nobody pays in another way: first the earlier way is closed. */
  async #supersede(call: PayCall): Promise<Answer> {
    await this.#quietly(this.#watch.look());
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
    return (
      this.#desk.under("pay", call) ?? this.#door.keep("pay", call, paidReply("pay", checkout))
    );
  }

  #processing(route: Route): Reply {
    return processingReply(route, this.#currentOrBug(), this.#journal.readAll());
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
    this.#storage.know();
    const tx = new CheckoutTx(this.#storage, this.#current(), this.#nowMs());
    const transaction = () => {
      const value = work(tx);
      tx.flush();
      this.#arm(tx.result);
      return value;
    };
    try {
      const result = this.#alarm.within(() => this.ctx.storage.transactionSync(transaction));
      this.#checkout = tx.result;
      const mayPay = !tx.result || checkoutCan.waitOut(tx.result.status);
      if (!mayPay) this.#cards.forget();
      if (tx.hasAnswered) this.#desk.ring();
      this.#live.ring();
      if (tx.hasEmitted) this.ctx.waitUntil(this.#sending.soon());
      return result;
    } catch (problem) {
      this.#storage.forget();
      throw problem;
    }
  }

  async #relay(): Promise<void> {
    const queue = this.env[regions[this.#currentOrBug().region].bindings.events];
    await this.#quietly(this.#outbox.relay(queue, this.#nowMs()));
  }

  #arm(checkout = this.#current()): void {
    if (!checkout) return;
    this.#alarm.setFor(this.#storage.dueAtMs(checkout, this.#nowMs()));
  }

  async #purge(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#checkout = undefined;
    this.#storage.forget();
  }

  #behind(work: Promise<unknown>): void {
    this.ctx.waitUntil(this.#quietly(work));
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
