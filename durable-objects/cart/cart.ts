import type { CartCut, CreateCart } from "../../schema/cart.ts";
import { type CreateCheckout, LINES_MAX, type WantedLine } from "../../schema/checkout.ts";
import { DAY_MS } from "../../schema/durations.ts";
import {
  type CartId,
  type CheckoutId,
  type OrderId,
  orderIdOf,
  type ShopId,
} from "../../schema/ids.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";

const IDLE_MS = 30 * DAY_MS; // a shopper who comes back within a month finds it as it was

/** One cart as its object keeps it. */
export type Cart = {
  readonly shopId: ShopId;
  readonly cartId: CartId;
  readonly currency: CreateCart["currency"];
  readonly country: CreateCart["country"];
  readonly version: number;
  /** With the buyer's notes, which may be personal data: they stay in the cart's region. */
  readonly lines: readonly WantedLine[];
  readonly codes: readonly string[];
  /**
   * The checkout that is buying it. Only a pointer (decision 7): whether that checkout still lives is
   * known to that checkout alone, so a claim needs no release and a crash leaves nothing to clean up.
   */
  readonly claimedBy?: CheckoutId;
  /** How many claims there were. Who passes over a claim names its number, and no later one. */
  readonly claims: number;
  readonly orderId?: OrderId;
  /** Whose cart it is, by pseudonym; absent for a guest's. */
  readonly customer?: string | undefined;
  /** Where its goods have gone, or are on their way to. */
  readonly leaving?: Leaving | undefined;
  /** How often it set out: a call of an earlier time does nothing any more. */
  readonly departures?: number | undefined;
  /** The carts that were merged into it, the latest ones. */
  readonly joined?: readonly Joined[] | undefined;
  readonly touchedAtMs: number;
};

/** Lives on under another id: moved with its country, or merged into its customer's cart. */
export type Leaving = {
  readonly n: number;
  readonly to: CartId;
  readonly how: "moved" | "merged";
  /** What a cart that moved is for from now on. */
  readonly market: CreateCart;
  /** Once the other cart has the goods, with what did not come along. */
  readonly cuts?: readonly CartCut[];
};

/** The nth departure of another cart, as it was answered. */
export type Joined = {
  readonly from: CartId;
  readonly n: number;
  readonly cuts: readonly CartCut[];
  readonly isRefused?: true;
};

export type NewCart = CreateCart & { readonly shopId: ShopId; readonly cartId: CartId };

/** What of a cart changes, if it is still in one of the versions that the caller saw. */
export type CartEdit = {
  readonly line?: WantedLine;
  readonly codes?: readonly string[];
  readonly versions?: readonly number[] | undefined;
};

/** A checkout that wants to buy the cart in the version that it was priced in. */
export type ClaimRequest = {
  readonly checkoutId: CheckoutId;
  readonly version: number;
  /** The checkout whose claim it takes over, because it takes that one's place. */
  readonly instead?: CheckoutId | undefined;
};

export type Claimed = Refusal<"cart_claimed">;
export type Over = Refusal<"cart_consumed" | "cart_moved" | "cart_merged">;
export type EditRefusal = Claimed | Over | Refusal<"cart_changed" | "cart_full">;
export type ClaimRefusal = Claimed | Over | Refusal<"cart_changed">;

export function newCart(request: NewCart, nowMs: number): Cart {
  return { ...request, version: 1, lines: [], codes: [], claims: 0, touchedAtMs: nowMs };
}

/** As it was made, whatever happened since: the answer to a repeated create. */
export function asMade(cart: Cart): Cart {
  const { shopId, cartId, currency, country, touchedAtMs } = cart;
  return newCart({ shopId, cartId, currency, country }, touchedAtMs);
}

/**
 * Why nothing more happens to this cart. A cart that moved names the new one; one that was merged does not: whoever
 * has a guest's cart in a browser that others use must not get at the customer's.
 */
export function whyOver({ orderId, leaving }: Cart): Over | undefined {
  if (orderId) return refuse("cart_consumed", { orderId });
  if (leaving?.how === "merged") return refuse("cart_merged");
  return leaving && refuse("cart_moved", { cartId: leaving.to, ...leaving.market });
}

/** Its goods have set out, and nobody knows yet whether they arrived. */
export function isOnItsWay({ leaving }: Cart): boolean {
  return leaving !== undefined && leaving.cuts === undefined;
}

/** The cart with one line set or its codes replaced; itself when that changes nothing. */
export function edited(cart: Cart, edit: CartEdit, nowMs: number): Cart | EditRefusal {
  const { version, claimedBy } = cart;
  const over = whyOver(cart);
  if (over) return over;
  if (edit.versions && !edit.versions.includes(version)) return refuse("cart_changed", { version });
  if (claimedBy) return refuse("cart_claimed", { checkoutId: claimedBy });
  const lines = edit.line ? withLine(cart.lines, edit.line) : cart.lines;
  const codes = edit.codes ? [...new Set(edit.codes)] : cart.codes;
  if (lines.length > LINES_MAX) return refuse("cart_full", { linesMax: LINES_MAX });
  if (JSON.stringify([lines, codes]) === JSON.stringify([cart.lines, cart.codes])) return cart;
  return { ...cart, lines, codes, version: version + 1, touchedAtMs: nowMs };
}

/** The cart in the hands of one checkout, which may ask as often as it likes. */
export function claimed(cart: Cart, request: ClaimRequest, nowMs: number): Cart | ClaimRefusal {
  const { checkoutId } = request;
  const { version, claimedBy } = cart;
  const over = whyOver(cart);
  if (over) return over;
  if (claimedBy && claimedBy !== checkoutId && claimedBy !== request.instead) {
    return refuse("cart_claimed", { checkoutId: claimedBy });
  }
  if (request.version !== version) return refuse("cart_changed", { version });
  return { ...cart, claimedBy: checkoutId, claims: cart.claims + 1, touchedAtMs: nowMs };
}

/** The cart without the claim of a checkout that has ended, unless a later claim took its place. */
export function passedOver(cart: Cart, endedClaim: number | undefined): Cart {
  if (cart.claims !== endedClaim) return cart;
  const { claimedBy: _ended, ...free } = cart;
  return free;
}

/** The cart as bought, for good. The first order stays. */
export function consumed(cart: Cart, checkoutId: CheckoutId, nowMs: number): Cart {
  if (cart.orderId || cart.leaving) return cart;
  return { ...cart, orderId: orderIdOf(checkoutId), touchedAtMs: nowMs };
}

/** What a checkout says that it is for. */
export type Buyer = Pick<CreateCheckout, "currency" | "country">;

/** What a checkout is made from, as it stands in one version of the cart. */
export type Goods = Pick<Cart, "version" | "lines" | "codes">;

export type UnfitCart = Over | Refusal<"cart_mismatch" | "cart_empty">;

/** What there is to buy, whoever has claimed it. */
export function goodsFor(cart: Cart, { currency, country }: Buyer): Goods | UnfitCart {
  const { version, lines, codes } = cart;
  const over = whyOver(cart);
  if (over) return over;
  if (cart.currency !== currency || cart.country !== country) {
    return refuse("cart_mismatch", { currency: cart.currency, country: cart.country });
  }
  return lines.length === 0 ? refuse("cart_empty") : { version, lines, codes };
}

/** When the cart has been left alone for so long that nobody will come back. */
export function idleUntilMs({ touchedAtMs }: Cart): number {
  return touchedAtMs + IDLE_MS;
}

function withLine(lines: readonly WantedLine[], line: WantedLine): readonly WantedLine[] {
  const { sku, quantity } = line;
  if (quantity === 0) return lines.filter((each) => each.sku !== sku);
  const known = lines.find((each) => each.sku === sku);
  const note = line.note ?? known?.note;
  const set = note ? { sku, quantity, note } : { sku, quantity };
  return known ? lines.map((each) => (each === known ? set : each)) : [...lines, set];
}
