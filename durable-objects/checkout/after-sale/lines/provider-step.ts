import { stepOf } from "../../../../payments/amounts.ts";
import type { Currency } from "../../../../schema/money.ts";
import type { PaidBy } from "../../sale/checkout.ts";

/** In which steps the provider that has the payment counts, in our minor units; any where nobody has. */
export function stepMinorOf(paidBy: PaidBy | undefined, currency: Currency): number {
  return paidBy ? stepOf(paidBy.secured.provider, currency) : 1;
}
