import type { Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import type { Runner } from "../../saga/runner.ts";
import { nextMoneyCall } from "../after-sale/money-queue.ts";
import { expected, type Route } from "../sale/answers.store.ts";
import type { Answer, Reply } from "../sale/answers.ts";
import { type Caller, type Change, mayUse, type NewRun, type SaleCall } from "../sale/calls.ts";
import type { Checkout } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { type AnswerDesk, fresh } from "./answer-desk.ts";

/** What the door needs of the object that it belongs to. */
type Sale = {
  readonly runner: Runner<CheckoutDeps, CheckoutTx>;
  readonly desk: AnswerDesk;
  current(): Checkout | undefined;
  transact<R>(work: (tx: CheckoutTx) => R): R;
};

type Rule = (checkout: Checkout) => Refusal<RefusalCode> | undefined;

const orderRoutes: readonly Route[] = [
  ...(["capture", "refund", "fulfill", "cancel_order"] as const),
  ...(["withdraw", "confirm_withdrawal", "return"] as const),
];

/** The door of every call that changes a sale: is it theirs, was it answered, is it allowed? */
export class SaleDoor {
  readonly #sale: Sale;

  constructor(sale: Sale) {
    this.#sale = sale;
  }

  async enter(
    route: Route,
    call: SaleCall,
    rule: Rule,
    act: (checkout: Checkout) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const checkout = this.visibleTo(call.caller);
    if (!checkout || (orderRoutes.includes(route) && !checkout.order)) {
      return fresh(refuse("not_found"));
    }
    const known = this.#sale.desk.under(route, call);
    if (known) return known;
    const no = rule(checkout);
    return no ? this.keep(route, call, no) : act(checkout);
  }

  /** The sale, for who may see it. */
  visibleTo(caller: Caller): Checkout | undefined {
    const checkout = this.#sale.current();
    return checkout && mayUse(checkout, caller) ? checkout : undefined;
  }

  /** Begins a run that owes this call its answer; the sale changes in the run's first commit. */
  run(route: Route, call: SaleCall, { saga, runId, input }: NewRun, changed: Checkout) {
    const { runner, desk } = this.#sale;
    const run = runner.start(saga, runId, input, (tx) => {
      tx.save(changed);
      tx.expectAnswer(expected(route, call));
    });
    return desk.waitWhile(run, route, call);
  }

  /** Queues a money call and answers when it is done; it is sent now unless another one is out. */
  moneyCall(route: Route, call: SaleCall, queued: Checkout): Promise<Answer> {
    const next = nextMoneyCall(queued);
    if (next) return this.run(route, call, next, queued);
    this.#sale.transact((tx) => {
      tx.save(queued);
      tx.expectAnswer(expected(route, call));
    });
    return this.#sale.desk.wait(route, call);
  }

  /** Commits a change with its event and answers at once; what it began goes on behind the answer. */
  change(route: Route, call: SaleCall, { checkout, reply, told, run }: Change): Promise<Answer> {
    const { runner, desk, transact } = this.#sale;
    const write = (tx: CheckoutTx) => {
      tx.save(checkout);
      if (told && checkout.order) tx.emit(told, checkout.order);
      tx.expectAnswer({ ...expected(route, call), reply });
    };
    const next = run ?? nextMoneyCall(checkout);
    if (next) {
      const begun = runner.start(next.saga, next.runId, next.input, write);
      return desk.waitWhile(begun, route, call);
    }
    transact(write);
    return desk.wait(route, call);
  }

  /** Answers at once. A refusal of a sale that exists is kept under its key like any answer. */
  keep(route: Route, call: SaleCall, reply: Reply): Answer {
    this.#sale.transact((tx) => tx.expectAnswer({ ...expected(route, call), reply }));
    return fresh(reply);
  }
}
