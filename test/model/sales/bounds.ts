import type { ProviderName } from "../../../schema/payment.ts";

/** How often the search may do what it need not do. */
export type Bounds = {
  /** What the shopper pays with, attempt by attempt, and who is asked in which order. */
  readonly attempts: readonly Attempt[];
  /** Calls that are lost or hang, crashes, notices that come twice or late: all of them together. */
  readonly troubles: number;
  /** How many of them may be crashes. */
  readonly crashes: number;
  /** Definite noes of providers and banks. */
  readonly noes: number;
  /** Calls of shopper and merchant beside the payments. */
  readonly cancels?: number;
  readonly refunds?: number;
  readonly orderCancels?: number;
  /** What the merchant does by hand in the provider's dashboard. */
  readonly byHand?: number;
};

export type Attempt = {
  /** `none` once a code has taken everything off: the shopper uses it first. */
  readonly method: "card" | "ideal" | "none";
  readonly providers: readonly ProviderName[];
  /** The bank of the card wants a word with the shopper (3-D Secure). */
  readonly isChallenged?: true;
};
