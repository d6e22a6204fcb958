import type { Reply } from "./answers.ts";
import type { Checkout } from "./checkout.ts";
import { createReply } from "./replies.ts";

/** How the checkout stands that claimed a cart, and what whoever else wants to buy it is answered. */
export type Claimant =
  | { readonly is: "live"; readonly reply: Reply }
  | { readonly is: "placed" }
  | { readonly is: "ended" };

/**
 * A checkout writes itself down before it claims. So one that is not there has been forgotten since,
 * long after its end: it is not one whose create is still on its way.
 */
export function claimantOf(checkout: Checkout | undefined): Claimant {
  if (checkout?.order) return { is: "placed" };
  if (!checkout || checkout.endedAtMs !== undefined) return { is: "ended" };
  return { is: "live", reply: createReply(checkout) };
}
