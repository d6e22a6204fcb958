import type { AdyenMethod } from "../../../schema/adyen-method.ts";

/**
 * Encrypted cards, and what Adyen's component says of other methods, on their way through: in memory alone, for as long as their attempt may have to
 * be sent again. A crash takes them, and what they were sent for is then found out without them.
 */
export class Cards {
  readonly #cards = new Map<number, AdyenMethod>();

  /** Of the checkout's nth payment. */
  put(attempt: number, card: AdyenMethod | undefined): void {
    if (card) this.#cards.set(attempt, card);
  }

  of(attempt: number): AdyenMethod | undefined {
    return this.#cards.get(attempt);
  }

  forget(): void {
    this.#cards.clear();
  }
}
