import type { CreateCart } from "../../schema/cart.ts";
import { type CreateCheckout, LINES_MAX, type Line } from "../../schema/checkout.ts";
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
  readonly lines: readonly Line[];
  readonly codes: readonly string[];
  /**
   * The checkout that is buying it. Only a pointer (decision 7): whether that checkout still lives is
   * known to that checkout alone, so a claim needs no release and a crash leaves nothing to clean up.
   */
  readonly claimedBy?: CheckoutId;
  /** How many claims there were. Who passes over a claim names its number, and no later one. */
  readonly claims: number;
  readonly orderId?: OrderId;
  readonly touchedAtMs: number;
};

export type NewCart = CreateCart & { readonly shopId: ShopId; readonly cartId: CartId };

/** What of a cart changes, if it is still in one of the versions that the caller saw. */
export type CartEdit = {
  readonly line?: { readonly sku: Line["sku"]; readonly quantity: number };
  readonly codes?: readonly string[];
  readonly versions?: readonly number[] | undefined;
};

/** A checkout that wants to buy the cart in the version that it was priced in. */
export type ClaimRequest = { readonly checkoutId: CheckoutId; readonly version: number };

export type Claimed = Refusal<"cart_claimed">;
export type EditRefusal = Claimed | Refusal<"cart_changed" | "cart_consumed" | "cart_full">;
export type ClaimRefusal = Claimed | Refusal<"cart_changed" | "cart_consumed">;

export function newCart(request: NewCart, nowMs: number): Cart {
  return { ...request, version: 1, lines: [], codes: [], claims: 0, touchedAtMs: nowMs };
}

/** As it was made, whatever happened since: the answer to a repeated create. */
export function asMade(cart: Cart): Cart {
  const { shopId, cartId, currency, country, touchedAtMs } = cart;
  return newCart({ shopId, cartId, currency, country }, touchedAtMs);
}

/** The cart with one line set or its codes replaced; itself when that changes nothing. */
export function edited(cart: Cart, edit: CartEdit, nowMs: number): Cart | EditRefusal {
  const { version, orderId, claimedBy } = cart;
  if (orderId) return refuse("cart_consumed", { orderId });
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
  const { version, orderId, claimedBy } = cart;
  if (orderId) return refuse("cart_consumed", { orderId });
  if (claimedBy && claimedBy !== checkoutId) {
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
  if (cart.orderId) return cart;
  return { ...cart, orderId: orderIdOf(checkoutId), touchedAtMs: nowMs };
}

/** What a checkout says that it is for. */
export type Buyer = Pick<CreateCheckout, "currency" | "country">;

/** What a checkout is made from, as it stands in one version of the cart. */
export type Goods = Pick<Cart, "version" | "lines" | "codes">;

export type UnfitCart = Refusal<"cart_mismatch" | "cart_empty" | "cart_consumed">;

/** What there is to buy, whoever has claimed it. */
export function goodsFor(cart: Cart, { currency, country }: Buyer): Goods | UnfitCart {
  const { version, lines, codes, orderId } = cart;
  if (orderId) return refuse("cart_consumed", { orderId });
  if (cart.currency !== currency || cart.country !== country) {
    return refuse("cart_mismatch", { currency: cart.currency, country: cart.country });
  }
  return lines.length === 0 ? refuse("cart_empty") : { version, lines, codes };
}

/** When the cart has been left alone for so long that nobody will come back. */
export function idleUntilMs({ touchedAtMs }: Cart): number {
  return touchedAtMs + IDLE_MS;
}

function withLine(lines: readonly Line[], line: NonNullable<CartEdit["line"]>): readonly Line[] {
  const { sku, quantity } = line;
  if (quantity === 0) return lines.filter((each) => each.sku !== sku);
  const isKnown = lines.some((each) => each.sku === sku);
  return isKnown ? lines.map((each) => (each.sku === sku ? line : each)) : [...lines, line];
}
