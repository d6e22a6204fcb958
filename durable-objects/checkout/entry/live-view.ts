import { createHash } from "node:crypto";
import type { CheckoutView } from "../../../schema/checkout.ts";
import { WATCH_QUIET_MS } from "../../../schema/durations.ts";
import type { Journal } from "../../saga/journal.ts";
import type { Checkout } from "../sale/checkout.ts";
import { checkoutView, isAtRest, type Reader, routesFor, timeline } from "../view/checkout-view.ts";

/** A sale as somebody saw it. `version` names the sight: the same sale looks the same to all shoppers. */
export type Sight = {
  readonly version: string;
  readonly view: CheckoutView;
  /** It has ended and nothing is under way any more. */
  readonly isAtRest: boolean;
};

/** Lets callers wait for the next commit. Between commits nothing is read and nothing is kept. */
export class LiveView {
  readonly #checkout: () => Checkout | undefined;
  readonly #journal: Pick<Journal, "readAll">;
  #waiting: (() => void)[] = [];

  constructor(checkout: () => Checkout | undefined, journal: Pick<Journal, "readAll">) {
    this.#checkout = checkout;
    this.#journal = journal;
  }

  /** The sale with its timeline, as this reader may see it; undefined when there is none. */
  now(reader: Reader): Sight | undefined {
    const checkout = this.#checkout();
    if (!checkout) return undefined;
    const runs = this.#journal.readAll();
    const view = {
      ...checkoutView(checkout, runs),
      timeline: timeline(runs, reader),
      ...routesFor(reader, runs),
    };
    const sight = { view, isAtRest: isAtRest(checkout, runs) };
    return { ...sight, version: createHash("sha256").update(JSON.stringify(sight)).digest("hex") };
  }

  /** The sale as soon as it differs from what was `seen`, or after a while as it is. */
  async next(seen: string | undefined, reader: Reader): Promise<Sight | undefined> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.ring();
    }, WATCH_QUIET_MS);
    try {
      for (;;) {
        const sight = this.now(reader);
        if (!sight || sight.isAtRest || sight.version !== seen || isLate) return sight;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Something was committed: whoever waits looks again. */
  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
