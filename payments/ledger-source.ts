import type { Money } from "../schema/money.ts";
import type { ProviderName } from "../schema/payment.ts";
import type { Notice } from "./webhook-notice.ts";

/** A payment as its provider's books have it, whatever we believe. */
export type LedgerPayment = {
  readonly provider: ProviderName;
  /** The provider's name of the payment. */
  readonly reference: string;
  /** Our reference as the provider kept it; absent for a payment that names none of ours. */
  readonly ourReference?: string;
  /** `awaited`: nothing is held yet. `held`: some of it still is. `ended`: nothing is or was, or all went back. */
  readonly status: "awaited" | "held" | "captured" | "ended";
  /** What was asked for. */
  readonly amount: Money;
  readonly captured: Money;
  /** What went back or is on its way; never more than `captured`. */
  readonly refunded: Money;
  /** Whether a bank argues or argued about it. */
  readonly isDisputed: boolean;
  /** What the shopper's bank took back for good. Absent where only `disputes` can tell. */
  readonly chargedBack?: Money;
  readonly createdAtMs: number;
};

/** A UTC day (2026-11-24) of one provider's books. */
export type LedgerDay = { readonly provider: ProviderName; readonly day: string };

/** Where a provider's books are read: reconciliation compares orders with them. */
export interface LedgerSource {
  /**
   * Whether a payment is in the books from its beginning on, so that one that they lack does not
   * exist. Else they have it once it was paid out, and before that only webhooks tell of it.
   */
  readonly isComplete: boolean;
  /** How far before and after a day the orders may have been placed that its payments are for, ms. */
  readonly ordersWithin: { readonly beforeMs: number; readonly afterMs: number };
  /** The payments that the books have under a UTC day, in no order. Throws when unreadable now. */
  paymentsOf(day: string): Promise<readonly LedgerPayment[]>;
  /** One payment as it stands now; undefined when the books have none of that name. */
  payment(reference: string): Promise<LedgerPayment | undefined>;
  /** What webhooks would have told of a payment, by their very ids: one that did come counts once. */
  notices(reference: string, nowMs: number): Promise<readonly Notice[]>;
}
