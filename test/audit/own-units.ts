import type { ProviderName } from "../../schema/payment.ts";
import type { LedgerRow } from "./dumps.ts";

/**
 * How many of our minor units one unit of a provider's is, where that is not one. The auditor's own
 * table: it shares none with the adapters whose sums it checks.
 *
 * Sources: https://docs.stripe.com/currencies#special-cases and
 * https://docs.adyen.com/development-resources/currency-codes
 */
const minorPerUnit: { readonly [Name in ProviderName]: Readonly<Record<string, number>> } = {
  stripe: { ISK: 1 / 100, UGX: 1 / 100, MGA: 100 },
  adyen: { CLP: 1 / 100, ISK: 1 / 100, CVE: 100, IDR: 100 },
};

/** A ledger's line in our minor units: sums of another size than an order's are no match by chance. */
export function inMinorUnits(provider: ProviderName, row: LedgerRow): LedgerRow {
  const ratio = minorPerUnit[provider][row.currency] ?? 1;
  // Rounded off is the float's error alone: a hundredth of our unit stays one, and is a violation.
  const minor = (units: number) => Math.round(units * ratio * 100) / 100;
  return {
    ...row,
    amount: minor(row.amount),
    amountReceived: minor(row.amountReceived),
    amountRefunded: minor(row.amountRefunded),
    amountCapturable: minor(row.amountCapturable),
    refunds: row.refunds.map((refund) => ({ ...refund, amount: minor(refund.amount) })),
  };
}
