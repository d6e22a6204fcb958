import type { Line, Quote } from "../../../schema/checkout.ts";
import { type Money, minus, sum } from "../../../schema/money.ts";

/** Pieces that are cancelled before they are sent or paid; what they are worth is let go. */
export type Cancellation = {
  readonly n: number;
  readonly lines: readonly Line[];
  readonly amount: Money;
  readonly shipping?: Money | undefined;
};

/** Pieces that go back on the shelf: out of the house's sold ones, or from the shopper. */
export type PiecesBack = Line & { readonly of: "unsent" | "sent" };

type Sold = { readonly quote: Quote; readonly cancellations?: readonly Cancellation[] };

/** What of an order's total is to be taken in the end: all but what was cancelled untaken. */
export function due({ quote, cancellations = [] }: Sold): Money {
  const letGo = cancellations.map(({ amount }) => amount);
  return minus(quote.total, sum(letGo, quote.total.currency));
}
