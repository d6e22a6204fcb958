import type { SaleMethod } from "../../../../schema/payment.ts";
import idealWero from "../../art/ideal-wero.svg";
import wero from "../../art/wero.svg";

/**
 * What a shopper reads for `ideal`, and nothing shorter: the scheme's rule since 2026-03-31, of which
 * accounts that do not follow may lose the method.
 * Sources: https://support.stripe.com/questions/ideal-to-wero-migration (phase 1),
 * https://docs.adyen.com/payment-methods/ideal/api-only, read on 2026-11-30
 */
export const IDEAL_NAME = "iDEAL | Wero";

/** A way to pay, in the shopper's words. */
export type Way = {
  readonly method: SaleMethod;
  readonly name: string;
  readonly story: string;
  /** Its mark beside the name: lettering of our own, for the schemes license theirs to their members. */
  readonly mark?: string;
};

/** What people of a country know best comes first; everybody knows cards. */
const known: readonly Way[] = [
  {
    ...{ method: "ideal", name: IDEAL_NAME, story: "Approve it at your own bank." },
    mark: idealWero,
  },
  {
    ...{ method: "wero", name: "Wero", story: "Approve it in your bank's app or in Wero." },
    mark: wero,
  },
  { method: "pix", name: "Pix", story: "Scan a code with your bank's app." },
  { method: "upi", name: "UPI", story: "Approve it in your UPI app." },
  { method: "card", name: "Card", story: "In this shop, a test card." },
  { method: "none", name: "Nothing to pay", story: "It is on the house." },
];

/** Of the methods that a checkout offers, those that this page can show. */
export function waysOf(methods: readonly string[]): readonly Way[] {
  return known.filter(({ method }) => methods.includes(method));
}
