import type { AdyenCard } from "../../../schema/payment.ts";

/**
 * Encrypted cards on their way through: in memory alone, for as long as their attempt may have to
 * be sent again. A crash takes them, and what they were sent for is then found out without them.
 */
export class Cards {
  readonly #cards = new Map<number, AdyenCard>();

  /** Of the checkout's nth payment. */
  put(attempt: number, card: AdyenCard | undefined): void {
    if (card) this.#cards.set(attempt, card);
  }

  of(attempt: number): AdyenCard | undefined {
    return this.#cards.get(attempt);
  }

  forget(): void {
    this.#cards.clear();
  }
}
