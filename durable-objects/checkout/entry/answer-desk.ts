import type { Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import type { Route } from "../sale/answers.store.ts";
import type { Answer, Reply } from "../sale/answers.ts";
import type { SaleCall } from "../sale/calls.ts";
import type { CheckoutStore } from "../sale/checkout.store.ts";
import { ANSWER_WITHIN_MS } from "../sale/durations.ts";

/** Keeps callers waiting until the answer under their key is committed; all of them hear the same. */
export class AnswerDesk {
  readonly #store: CheckoutStore;
  readonly #processing: (route: Route) => Reply;
  #waiting: (() => void)[] = [];

  /** `processing` words what a caller hears when the answer takes too long; it is not kept. */
  constructor(store: CheckoutStore, processing: (route: Route) => Reply) {
    this.#store = store;
    this.#processing = processing;
  }

  /** What this key was or will be answered; undefined when the key is new. */
  under(route: Route, call: SaleCall): Promise<Answer> | Answer | undefined {
    const stored = this.#store.answers.under(route, call.key);
    if (!stored) return undefined;
    if (stored.fingerprint !== call.fingerprint) return fresh(refuse("idempotency_key_reused"));
    if (stored.reply) return { reply: stored.reply, replayed: true };
    return this.wait(route, call).then((answer) => ({ ...answer, replayed: true }));
  }

  /** Waits for the answer of a running call, but not for ever. */
  async wait(route: Route, { key }: SaleCall): Promise<Answer> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.ring();
    }, ANSWER_WITHIN_MS);
    try {
      for (;;) {
        const reply = this.#store.answers.under(route, key)?.reply;
        if (reply) return fresh(reply);
        if (isLate) return fresh(this.#processing(route));
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** As `wait`; a run that broke ends the wait at once. */
  waitWhile(run: Promise<unknown>, route: Route, call: SaleCall): Promise<Answer> {
    const answer = this.wait(route, call);
    return Promise.race([answer, run.then(() => answer)]);
  }

  /** Answers were committed: whoever waits looks again. */
  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

export function fresh(reply: Reply | Refusal<RefusalCode>): Answer {
  return { reply, replayed: false };
}
