import type { ReturnProof } from "../../../payments/provider.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import type { Journal } from "../../saga/journal.ts";
import type { Run } from "../../saga/run.ts";
import type { Runner } from "../../saga/runner.ts";
import { nextMoneyCall } from "../after-sale/money-queue.ts";
import { nextOrder } from "../after-sale/order.ts";
import { type CheckoutStore, noticeName } from "../sale/checkout.store.ts";
import { type Checkout, isUntaken } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withPaymentChange } from "../sale/checkout-changes.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { expiryTellsAtMs, lastLookMs } from "../sale/schedule.ts";
import { askFor, awaitsShopper, type RunEvent, showProof } from "./ask-provider.ts";
import { givingBack } from "./give-back.saga.ts";
import { possibleLateMoney } from "./last-look.ts";
import type { LateMoney } from "./late-money.ts";
import { isOwnMoney, isStillWanted, latePayment } from "./late-money.ts";
import { hasLapsed, isWorthAsking, newsOf, type ProviderNews } from "./news.ts";
import { dueNotices, type FailedLook, givenUp, withTried } from "./notice-retries.ts";
import { record } from "./record-news.ts";

const LOOKS_MAX = 3; // of one notice in a row, while money calls of ours come back meanwhile
const MONEY_CALL_OUT = "a money call of this payment is out";

/** What the watch needs of the object that it belongs to. */
type Sale = {
  readonly store: CheckoutStore;
  readonly journal: Pick<Journal, "readAll">;
  readonly runner: Runner<CheckoutDeps, CheckoutTx>;
  readonly deps: CheckoutDeps;
  current(): Checkout;
  transact<R>(work: (tx: CheckoutTx) => R): R;
  nowMs(): number;
  /** For work that nobody waits for; its fault is reported. */
  behind(work: Promise<unknown>): void;
  report(problem: unknown): void;
};

/**
 * Watches what happens to a sale's payments at the providers: takes their notices in, asks for what
 * runs wait for, and settles what no run waits for any more. One look at a time; who comes second
 * joins, and a notice that comes meanwhile is looked into before it ends.
 */
export class PaymentWatch {
  readonly #sale: Sale;
  #looking: Promise<void> | undefined;
  /** Something came that the present look may have missed. */
  #hasMore = false;

  constructor(sale: Sale) {
    this.#sale = sale;
  }

  /** Stores a notice, once. It is looked into when the answer is out. */
  receive(notice: Notice): void {
    const isAwaited = isWorthAsking(notice, { checkout: this.#sale.current(), runs: this.#runs() });
    const { store } = this.#sale;
    if (!store.knows(notice)) {
      this.#sale.transact(() => store.insertNotice(notice, this.#sale.nowMs(), isAwaited));
    }
    if (!isAwaited) return;
    this.#hasMore = true;
    this.#sale.behind(this.look());
  }

  /** A notice that was given up is new again. Answers whether it is known. */
  receiveAgain(name: Pick<Notice, "provider" | "noticeId">): boolean {
    const { store } = this.#sale;
    const isKnown = this.#sale.transact(() => store.markNew(noticeName(name)));
    if (!isKnown) return false;
    this.#hasMore = true;
    this.#sale.behind(this.look());
    return true;
  }

  /** Takes in that money stands at a provider, if it is this sale's to settle. */
  claim(notice: Notice): boolean {
    const seen = { checkout: this.#sale.current(), runs: this.#runs() };
    if (!isOwnMoney(notice, seen)) return false;
    this.receive(notice);
    return true;
  }

  /**
   * Asks for everything that is waited for and looks into every notice that is new. What cannot be
   * found out now holds up nothing else: it is reported, and looked into again. What cannot be found
   * out for days is told of, and left to an operator.
   */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** The shopper is back from their bank, with what their browser brought along. */
  async shopperReturned(attempt: number, proof: ReturnProof): Promise<void> {
    const run = this.#runs().find(({ runId }) => runId.endsWith(`/pay/${attempt}`));
    if (!run || !awaitsShopper(run)) return;
    // Known before it is sent: should the payment go back now, what comes of it is waited for.
    const back = { shopperBackAtMs: this.#sale.nowMs() };
    this.#sale.transact((tx) => tx.save(withPaymentChange(tx.checkout, attempt, back)));
    this.#tell(await showProof(run, proof, this.#asking()));
  }

  /** An authorization that nobody took: told of a day ahead, looked into once it is over. */
  async authorizationDue(): Promise<void> {
    const checkout = this.#sale.current();
    const { order } = checkout;
    const untilMs = order?.authorizedUntil && Date.parse(order.authorizedUntil);
    if (!untilMs || !isUntaken(checkout)) return;
    const nowMs = this.#sale.nowMs();
    if (nowMs >= untilMs) {
      const isOver = await hasLapsed(checkout, this.#askingFor(checkout));
      if (isOver) this.#actOn({ is: "lapsed" });
      return;
    }
    if (checkout.isExpiryTold || nowMs < expiryTellsAtMs(untilMs)) return;
    this.#sale.transact((tx) => {
      const told = nextOrder(order, {}, nowMs);
      tx.save({ ...checkout, order: told, isExpiryTold: true });
      tx.emit("tender.order.authorization_expiring.v1", told);
    });
  }

  /** Asks once more for money of attempts that ended without any: nobody may have told of it. */
  async lastLook(): Promise<void> {
    const { lastLooks } = this.#sale.current();
    if ((lastLookMs(this.#sale.current()) ?? Number.POSITIVE_INFINITY) > this.#sale.nowMs()) return;
    const done = lastLooks?.done ?? 0;
    try {
      for (const { notice, window } of possibleLateMoney(this.#runs())) {
        const seen = { checkout: this.#sale.current(), runs: this.#runs() };
        const { deps, call } = this.#askingFor(seen.checkout);
        const asking = { deps, call: { ...call, ...window } };
        const news = await newsOf(notice, seen, asking);
        if (news && news.is !== "unclear") this.#actOn(news);
      }
    } catch (problem) {
      const failed = { done, failedAtMs: this.#sale.nowMs() };
      this.#sale.transact((tx) => tx.save({ ...tx.checkout, lastLooks: failed }));
      throw problem;
    }
    this.#sale.transact((tx) => tx.save({ ...tx.checkout, lastLooks: { done: done + 1 } }));
  }

  async #lookAtAll(): Promise<void> {
    do {
      this.#hasMore = false;
      await this.#look();
    } while (this.#hasMore);
  }

  async #look(): Promise<void> {
    const { store, runner } = this.#sale;
    const notices = dueNotices(store.newNotices(), this.#sale.current(), this.#sale.nowMs());
    const unasked = await this.#askForWaiting();
    const failed: FailedLook[] = [];
    for (const notice of notices) {
      // Any of them may be the one that tells a run which could not be asked for.
      const problem = (await this.#lookedInto(notice)) ?? unasked;
      if (problem !== undefined) failed.push({ notice, problem });
    }
    if (notices.length === 0) return;
    for (const run of this.#runs()) {
      if (!run.ended && !run.stuckAt) this.#sale.behind(runner.nudge(run.runId));
    }
    this.#markTried(notices, failed);
    for (const { notice } of failed) await this.#problemOf(this.#giveUp(notice));
  }

  #markTried(notices: readonly Notice[], failed: readonly FailedLook[]): void {
    const nowMs = this.#sale.nowMs();
    const inVain = new Set(failed.map(({ notice }) => notice));
    const read = notices.filter((notice) => !inVain.has(notice));
    this.#sale.transact((tx) => {
      this.#sale.store.markApplied(read, nowMs);
      tx.save(withTried(tx.checkout, notices, failed, nowMs));
    });
  }

  /** Told before it is written: what could not be told is tried again, and told then. */
  async #giveUp(notice: Notice): Promise<void> {
    const told = givenUp(this.#sale.current(), notice);
    if (!told) return;
    await this.#sale.deps.tellGivenUp(told);
    this.#markTried([notice], []);
  }

  /** Answers why it has to be looked into again, if so. */
  async #lookedInto(notice: Notice): Promise<unknown> {
    let again: string | undefined;
    const looked = this.#newsOf(notice).then((news) => {
      if (news?.is === "unclear") again = MONEY_CALL_OUT;
      else if (news) this.#actOn(news);
    });
    return (await this.#problemOf(looked)) ?? again;
  }

  async #newsOf(notice: Notice): Promise<ProviderNews | undefined> {
    // What was unclear once is read from the books: its own sums are old by now.
    const { unread = [] } = this.#sale.current();
    const name = noticeName(notice);
    let isUnclear = unread.some((each) => each.notice === name && each.cause === MONEY_CALL_OUT);
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const seen = { checkout: this.#sale.current(), runs: this.#runs() };
      const asked = isUnclear ? ({ ...notice, kind: "books" } as const) : notice;
      const news = await newsOf(asked, seen, this.#askingFor(seen.checkout));
      // Sums that were read before a money call of ours was back say nothing of what it did.
      const isOld = news?.is === "outsideActs" && !isSameMoney(seen.checkout, this.#sale.current());
      if (!isOld) return news;
      isUnclear = true;
    }
    return { is: "unclear" };
  }

  /** Asks for every run that waits. Answers why one of them could not be asked for, if so. */
  async #askForWaiting(): Promise<unknown> {
    let unasked: unknown;
    for (const run of this.#runs()) {
      const asked = askFor(run, this.#asking()).then((told) => this.#tell(told));
      unasked = (await this.#problemOf(asked)) ?? unasked;
    }
    return unasked;
  }

  async #problemOf(work: Promise<void>): Promise<unknown> {
    try {
      await work;
      return undefined;
    } catch (problem) {
      this.#sale.report(problem);
      return problem ?? new Error("thrown without a reason");
    }
  }

  #tell(told: RunEvent | undefined): void {
    if (!told) return;
    this.#sale.behind(this.#sale.runner.deliver(told.runId, told.event));
  }

  #actOn(news: Exclude<ProviderNews, { is: "unclear" }>): void {
    const nowMs = this.#sale.nowMs();
    if (news.is === "lateMoney") this.#useLateMoney(news);
    else this.#change((tx) => record(tx, news, nowMs));
  }

  /** Late money buys what it was for when that still stands; else it goes back. By itself. */
  #useLateMoney({ attempt, secured }: LateMoney): void {
    const { runner } = this.#sale;
    const checkout = this.#sale.current();
    if (isStillWanted(checkout, secured, this.#sale.nowMs())) {
      const { saga, runId, input, paying } = latePayment(checkout, attempt, secured);
      this.#sale.behind(runner.start(saga, runId, input, (tx) => tx.save(paying)));
      return;
    }
    const { saga, runId, input } = givingBack(checkout, attempt, secured);
    this.#sale.behind(runner.start(saga, runId, input));
  }

  /** A change that may call for a money call: it begins at once, or when the present one is back. */
  #change(work: (tx: CheckoutTx) => void): void {
    this.#sale.transact(work);
    const next = nextMoneyCall(this.#sale.current());
    if (!next || this.#sale.runner.read(next.runId)) return;
    this.#sale.behind(this.#sale.runner.start(next.saga, next.runId, next.input));
  }

  /** For what no run waits for: it is about the sale as a whole. */
  #askingFor({ region, createdAtMs: startedAtMs }: Checkout) {
    const { deps, heard, nowMs } = this.#asking();
    return { deps, call: { region, startedAtMs, nowMs, nthTry: 1, heard } };
  }

  #asking() {
    const { deps, store } = this.#sale;
    return { deps, heard: store.notices(), nowMs: this.#sale.nowMs() };
  }

  #runs(): readonly Run[] {
    return this.#sale.journal.readAll();
  }
}

/** Whether no money call began or came back in between. */
function isSameMoney(before: Checkout, now: Checkout): boolean {
  const moneyOf = ({ captures, refunds, order, status }: Checkout) =>
    JSON.stringify([captures, refunds, order?.captured, order?.refunded, status]);
  return moneyOf(before) === moneyOf(now);
}
