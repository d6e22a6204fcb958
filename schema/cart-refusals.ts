export type RefusalTable = Readonly<
  Record<string, { readonly status: number; readonly sentence: string; readonly then: string }>
>;

/** A part of the table of refusals: what a cart can say no with. */
export const cartRefusals = {
  cart_mismatch: {
    status: 400,
    sentence: "The cart was made for another country or currency.",
    then: "fix_request",
  },
  cart_claimed: {
    status: 409,
    sentence: "A checkout of this cart is under way, so its lines are fixed.",
    then: "continue_checkout",
  },
  cart_consumed: {
    status: 409,
    sentence: "This cart was bought.",
    then: "read_order",
  },
  cart_moved: {
    status: 409,
    sentence: "The cart moved to another region with its country: `cartId` is its name there.",
    then: "use_that_cart",
  },
  cart_merged: {
    status: 409,
    sentence: "The cart was merged into its customer's, whose name only the customer is told.",
    then: "find_cart",
  },
  cart_empty: {
    status: 409,
    sentence: "The cart has no lines to buy.",
    then: "change_cart",
  },
  cart_full: {
    status: 409,
    sentence: "The cart has as many lines as a checkout can take.",
    then: "change_cart",
  },
  cart_changed: {
    status: 412,
    sentence: "The cart is not in the version that was meant: it changed meanwhile.",
    then: "read_cart",
  },
} as const satisfies RefusalTable;
