import type { Money } from "../schema/money.ts";
import type { ProviderName } from "../schema/payment.ts";

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

/** Where a provider's books are read: reconciliation compares orders with them. */
export interface LedgerSource {
  /**
   * The payments that were begun from `fromMs` until before `untilMs` (epoch ms), in no order.
   * Throws when they cannot be read now; what was given before stands.
   */
  listPayments(fromMs: number, untilMs: number): AsyncIterable<LedgerPayment>;
  /** One payment as it stands now; undefined when the books have none of that name. */
  payment(reference: string): Promise<LedgerPayment | undefined>;
}
