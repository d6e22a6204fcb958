import { type OrderEventType, orderEvent } from "../../../schema/events.ts";
import type { Order } from "../../../schema/order.ts";
import { assert } from "../../../schema/outcome.ts";
import type { Outbox } from "../../outbox/outbox.ts";
import type { Expected, Route } from "./answers.store.ts";
import type { Reply } from "./answers.ts";
import type { CheckoutStore } from "./checkout.store.ts";
import type { Checkout } from "./checkout.ts";

type Stores = { readonly store: CheckoutStore; readonly outbox: Outbox };

/**
 * One transaction's writes to the sale. The document is written once, at the end, however often
 * it changed; events and answers go with it or not at all.
 */
export class CheckoutTx {
  readonly #stores: Stores;
  readonly #before: Checkout | undefined;
  readonly #nowMs: number;
  #after: Checkout | undefined;
  #emitted = false;
  readonly #expected: Expected[] = [];
  readonly #replies: { route: Route; reply: Reply; key?: string | undefined }[] = [];

  constructor(stores: Stores, checkout: Checkout | undefined, nowMs: number) {
    this.#stores = stores;
    this.#before = checkout;
    this.#after = checkout;
    this.#nowMs = nowMs;
  }

  get checkout(): Checkout {
    assert(this.#after, "the sale exists");
    return this.#after;
  }

  /** The sale as this transaction leaves it. */
  get result(): Checkout | undefined {
    return this.#after;
  }

  get hasAnswered(): boolean {
    return this.#replies.length > 0;
  }

  get hasEmitted(): boolean {
    return this.#emitted;
  }

  save(checkout: Checkout): void {
    this.#after = checkout;
  }

  /** Puts the order's new version into the outbox. */
  emit(type: OrderEventType, order: Order): void {
    this.#stores.outbox.insert(orderEvent(type, order), this.#nowMs);
    this.#emitted = true;
  }

  /** Owes `route` an answer under this key from now on, or answers it at once. */
  expectAnswer(expected: Expected): void {
    this.#expected.push(expected);
  }

  /** Answers the call that waits for the payment: the pay, or the create that carried it. */
  answerPayment(replyTo: (route: Route) => Reply): void {
    const isPayment = ({ route }: Expected) => route === "create" || route === "pay";
    const expected = this.#expected.find(isPayment)?.route;
    const route = expected ?? this.#stores.store.answers.owedByPayment();
    if (route) this.answer(route, replyTo(route));
  }

  /** Answers the calls of a route that wait, or only the one with this key. */
  answer(route: Route, reply: Reply, key?: string): void {
    this.#replies.push({ route, reply, key });
  }

  flush(): void {
    const { store } = this.#stores;
    if (this.#after && this.#after !== this.#before) {
      if (this.#before) store.update(this.#after);
      else store.insert(this.#after);
    }
    for (const expected of this.#expected) {
      store.answers.insert({ ...expected, reply: expected.reply ?? this.#replyTo(expected) });
    }
    for (const { route, reply, key } of this.#replies) store.answers.reply(route, reply, key);
  }

  /** A call that begins and ends in one transaction is written with its answer. */
  #replyTo({ route, key }: Expected): Reply | undefined {
    return this.#replies.find((each) => each.route === route && (each.key ?? key) === key)?.reply;
  }
}
