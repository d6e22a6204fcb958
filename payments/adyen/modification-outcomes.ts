import type { Money } from "../../schema/money.ts";

/** What came of a capture or a refund. `reference` is Adyen's name for it. */
export type Outcome =
  | { readonly is: "done"; readonly amount: Money | undefined; readonly reference: string }
  | { readonly is: "refused"; readonly reason: string };

/** What takes an earlier yes back, and what says yes, by what was asked for. */
export const BOUNCED: { readonly [type: string]: readonly string[] } = {
  CAPTURE: ["CAPTURE_FAILED"],
  REFUND: ["REFUND_FAILED", "REFUNDED_REVERSED"],
};
export const DONE: { readonly [type: string]: readonly string[] } = {
  CAPTURE: ["CAPTURE"],
  REFUND: ["REFUND", "REFUND_WITH_DATA"],
};
