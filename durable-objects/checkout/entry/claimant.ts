import type { Run } from "../../saga/run.ts";
import { requoteRunId } from "../opening/requote.input.ts";
import type { Reply } from "../sale/answers.ts";
import type { Checkout } from "../sale/checkout.ts";
import { createReply } from "../view/replies.ts";

/** How the checkout stands that claimed a cart, and what whoever else wants to buy it is answered. */
export type Claimant =
  | { readonly is: "live"; readonly reply: Reply }
  | { readonly is: "placed" }
  | { readonly is: "ended" };

/** The run that opens the checkout: for the first time, or once it has expired again. */
export function openingRunId(checkout: Checkout): string {
  return checkout.status === "expired" ? requoteRunId(checkout) : `${checkout.checkoutId}/open`;
}

/**
 * A checkout writes itself down before it claims. So one that is not there has been forgotten since,
 * long after its end: it is not one whose create is still on its way.
 *
 * Throws: while an expired one is being opened again and nobody knows yet whether it can be.
 */
export function claimantOf(checkout: Checkout | undefined, opening: Run | undefined): Claimant {
  if (checkout?.order) return { is: "placed" };
  const isUnknown = checkout?.status === "expired" && opening && !opening.ended;
  if (isUnknown) throw new Error(`${opening.runId} is under way`);
  if (!checkout || checkout.endedAtMs !== undefined) return { is: "ended" };
  return { is: "live", reply: createReply(checkout) };
}
