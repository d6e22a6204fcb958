import type { CartCut, CreateCart } from "../../schema/cart.ts";
import type { WantedLine } from "../../schema/checkout.ts";
import { type CartId, type CheckoutId, regionOf } from "../../schema/ids.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import {
  type Cart,
  type Claimed,
  type EditRefusal,
  type Leaving,
  type NewCart,
  type Over,
  whyOver,
} from "./cart.ts";

/** Where a cart's goods are to go; `by` is a checkout that takes them along. */
export type Destination = Pick<Leaving, "to" | "how" | "market"> & {
  readonly by?: CheckoutId | undefined;
};

/** Goods on their way from one cart to another: the nth departure of the first. */
export type Parcel = Pick<Cart, "lines" | "codes"> & {
  readonly from: CartId;
  readonly n: number;
};

/** A cart that comes to live in another region. */
export type Arrival = NewCart &
  Parcel &
  Pick<Cart, "customer"> & { readonly claimedBy: Cart["claimedBy"] | undefined };

export type DepartureRefusal = Claimed | Over;
export type JoinRefusal = EditRefusal | Refusal<"not_found">;

/**
 * The cart with its goods on the way. They stay in it until the other cart has them, so a crash loses none; and the
 * departure is numbered, so whatever arrives twice, or late, is added once.
 */
export function departing(
  cart: Cart,
  { by, ...way }: Destination,
  nowMs: number,
): Cart | DepartureRefusal {
  const { leaving, claimedBy, departures = 0 } = cart;
  if (leaving && isSame(leaving, way)) return cart;
  const over = whyOver(cart);
  if (over) return over;
  if (claimedBy && claimedBy !== by) return refuse("cart_claimed", { checkoutId: claimedBy });
  const n = departures + 1;
  return { ...cart, leaving: { ...way, n }, departures: n, touchedAtMs: nowMs };
}

function isSame(leaving: Leaving, { to, how, market }: Destination): boolean {
  const { currency, country } = leaving.market;
  const isSameMarket = currency === market.currency && country === market.country;
  return leaving.to === to && leaving.how === how && (how === "merged" || isSameMarket);
}

/** The other cart has the goods: this one is an empty sign to it from now on. */
export function departed(cart: Cart, n: number, cuts: readonly CartCut[]): Cart {
  const { leaving } = cart;
  if (leaving?.n !== n || leaving.cuts) return cart;
  return { ...cart, leaving: { ...leaving, cuts }, lines: [], codes: [] };
}

/** The other cart would not have them: all is as it was. */
export function stayed(cart: Cart, n: number): Cart {
  return cart.leaving?.n === n ? { ...cart, leaving: undefined } : cart;
}

/** What is sent, and what may not leave: a note stays in the region that it was written in. */
export function parcelOf(cart: Cart, { n, to }: Pick<Leaving, "n" | "to">) {
  const { cartId: from, lines, codes } = cart;
  if (regionOf(from) === regionOf(to)) return { parcel: { from, n, lines, codes }, cuts: [] };
  const bare = lines.map(({ sku, quantity }): WantedLine => ({ sku, quantity }));
  const cuts = lines
    .filter(({ note }) => note)
    .map(({ sku }): CartCut => ({ sku, because: "note_stays_home" }));
  return { parcel: { from, n, lines: bare, codes }, cuts };
}

/** The cart for another country or currency of its own region. */
export function relocated(
  cart: Cart,
  { currency, country }: CreateCart,
  nowMs: number,
): Cart | EditRefusal {
  const over = whyOver(cart);
  if (over) return over;
  if (cart.claimedBy) return refuse("cart_claimed", { checkoutId: cart.claimedBy });
  if (cart.currency === currency && cart.country === country) return cart;
  return { ...cart, currency, country, version: cart.version + 1, touchedAtMs: nowMs };
}

export function isAnothers(cart: Cart, customer: string): boolean {
  return cart.customer !== undefined && cart.customer !== customer;
}

/** Whose cart it is from now on; another customer's is nobody else's. */
export function owned(
  cart: Cart,
  customer: string,
  nowMs: number,
): Cart | Over | Refusal<"not_found"> {
  if (isAnothers(cart, customer)) return refuse("not_found");
  const over = whyOver(cart);
  if (over) return over;
  return cart.customer === customer ? cart : { ...cart, customer, touchedAtMs: nowMs };
}
