import { type OrderEventType, orderEvent } from "../../schema/events.ts";
import type { Order } from "../../schema/order.ts";
import { assert } from "../../schema/outcome.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Reply } from "./answers.ts";
import type { CheckoutStore, Route } from "./checkout.store.ts";
import type { Checkout } from "./checkout.ts";

type Stores = { readonly store: CheckoutStore; readonly outbox: Outbox };

/** A call that came with an idempotency key; `reply` when it is answered at once. */
export type Expected = {
  readonly route: Route;
  readonly key: string;
  readonly fingerprint: string;
  readonly reply?: Reply;
};

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
  readonly #replies = new Map<Route, Reply>();

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
    return this.#replies.size > 0;
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
    const expected = this.#expected.find(({ route }) => route !== "cancel")?.route;
    const route = expected ?? this.#stores.store.unanswered();
    if (route) this.answer(route, replyTo(route));
  }

  answer(route: Route, reply: Reply): void {
    this.#replies.set(route, reply);
  }

  flush(): void {
    const { store } = this.#stores;
    if (this.#after && this.#after !== this.#before) {
      if (this.#before) store.update(this.#after);
      else store.insert(this.#after);
    }
    for (const { route, key, fingerprint, reply } of this.#expected) {
      store.insertAnswer(route, key, fingerprint, reply ?? this.#replies.get(route));
    }
    for (const [route, reply] of this.#replies) {
      if (!this.#expected.some((expected) => expected.route === route)) {
        store.settleAnswer(route, reply);
      }
    }
  }
}
