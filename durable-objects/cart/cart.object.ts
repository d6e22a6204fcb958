import { DurableObject } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { subtotalOf, type Unsold, whyNotSold } from "../../pricing/cart-subtotal.ts";
import { D1Catalogue } from "../../pricing/d1/d1-catalogue.ts";
import type { CartView, ChangeCart } from "../../schema/cart.ts";
import { type CartId, type CheckoutId, cartIdFrom, regionOf } from "../../schema/ids.ts";
import { withdrawalOf } from "../../schema/iso-4217.ts";
import { isRefusal, type Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { homeRegion, type RegionCode } from "../../schema/regions.ts";
import { alarmTimeMs, nowMs } from "../clock.ts";
import { cartStub, checkoutStub } from "../placement.ts";
import { CartStore } from "./cart.store.ts";
import {
  asMade,
  type Buyer,
  type Cart,
  type CartEdit,
  type ClaimRefusal,
  type ClaimRequest,
  claimed,
  consumed,
  type EditRefusal,
  edited,
  type Goods,
  goodsFor,
  idleUntilMs,
  isOnItsWay,
  type NewCart,
  newCart,
  type Over,
  passedOver,
  type UnfitCart,
  whyOver,
} from "./cart.ts";
import { CartMoves, type LeaveRefusal, type Left } from "./cart-moves.ts";
import type { Claim } from "./claim.ts";
import { type Arrival, isAnothers, owned, type Parcel, relocated } from "./departure.ts";

const FINISH_AFTER_MS = 15_000; // a call between regions that takes longer has failed

type NoCart = Refusal<"not_found">;
export type Made = { readonly cart: CartView; readonly replayed: boolean };

/** One cart and its only writer: what is in it, and which checkout buys it. */
export class CartObject extends DurableObject<Env> {
  readonly #store = new CartStore(this.ctx.storage.sql);
  readonly #moves = new CartMoves({
    env: this.env,
    read: () => this.#store.read(),
    write: (change) => this.#write(change),
    pastClaim: (change) => this.#pastClaim(change),
  });

  /** The same cart for a repeated create, answered as it was made. */
  async create(request: NewCart): Promise<Made | Refusal<"idempotency_key_reused">> {
    const known = this.#store.read();
    if (known && (known.currency !== request.currency || known.country !== request.country)) {
      return refuse("idempotency_key_reused");
    }
    const cart = known ? asMade(known) : this.#insert(newCart(request, this.#nowMs()));
    return { cart: await this.#view(cart), replayed: known !== undefined };
  }

  async read(): Promise<CartView | Over | NoCart> {
    const cart = await this.#moves.settled();
    if (!cart) return refuse("not_found");
    // What was bought is still shown; what lives on elsewhere is read there.
    return (cart.leaving && whyOver(cart)) ?? this.#view(cart);
  }

  /** Refuses what the shop does not sell before anything is written. */
  async edit(edit: CartEdit): Promise<CartView | EditRefusal | Unsold | NoCart> {
    const cart = await this.#moves.settled();
    if (!cart) return refuse("not_found");
    const over = cart.leaving && whyOver(cart);
    if (over) return over;
    const wanted = edit.line?.quantity ? edit.line.sku : undefined;
    const unsold = wanted && (await whyNotSold(this.#catalogueOf(cart), wanted, cart.currency));
    if (unsold) return unsold;
    const after = await this.#pastClaim((before, now) => edited(before, edit, now));
    if ("continues" in after) return refuse("cart_claimed", { checkoutId: after.claimedBy });
    return isRefusal(after) ? after : this.#view(after);
  }

  /**
   * For another country or currency from now on; in another region where that is the country's home. `by` is a
   * checkout that has the cart and gives way to another one there.
   *
   * Refuses: country_not_served, currency_not_sold, and as an edit does.
   */
  async relocate(
    change: ChangeCart,
    by?: CheckoutId,
  ): Promise<Left | LeaveRefusal | Refusal<"country_not_served" | "currency_not_sold">> {
    const cart = await this.#moves.settled();
    if (!cart) return refuse("not_found");
    const { country = cart.country, currency = cart.currency } = change;
    const region = homeRegion(country);
    if (!region) return refuse("country_not_served", { country });
    const withdrawal = withdrawalOf(currency);
    if (withdrawal) return refuse("currency_not_sold", { currency, ...withdrawal });
    const market = { country, currency };
    if (region !== regionOf(cart.cartId)) {
      return this.#moves.leave({ to: this.#idIn(region, cart), how: "moved", market, by });
    }
    const after = await this.#pastClaim((before, now) => relocated(before, market, now));
    if ("continues" in after) return refuse("cart_claimed", { checkoutId: after.claimedBy });
    return isRefusal(after) ? after : { to: cart.cartId, cuts: [] };
  }

  /** Whose cart it is from now on, by pseudonym. Another customer's is nothing here. */
  async ownBy(customer: string): Promise<{ readonly ok: true } | Over | NoCart> {
    await this.#moves.settled();
    const after = this.#write((cart, now) => owned(cart, customer, now));
    return isRefusal(after) ? after : { ok: true };
  }

  /** Adds its goods to another cart, as far as they go in, and is a sign to it then. */
  async mergeInto(to: CartId, customer: string): Promise<Left | LeaveRefusal> {
    const cart = await this.#moves.settled();
    if (!cart || isAnothers(cart, customer)) return refuse("not_found");
    const { country, currency } = cart;
    return this.#moves.leave({ to, how: "merged", market: { country, currency } });
  }

  /** Of a cart that comes from another region: the same one however often it comes. */
  arrive({ from: _from, n: _n, lines, codes, customer, claimedBy, ...made }: Arrival) {
    const cuts: Left["cuts"] = [];
    if (this.#store.read()) return { cuts };
    const claim = claimedBy ? { claimedBy, claims: 1 } : {};
    this.#insert({ ...newCart(made, this.#nowMs()), lines, codes, customer, ...claim });
    return { cuts };
  }

  takeIn(parcel: Parcel): ReturnType<CartMoves["takeIn"]> {
    return this.#moves.takeIn(parcel);
  }

  /** What a checkout for this buyer would sell; claims nothing. */
  async goodsFor(buyer: Buyer): Promise<Goods | UnfitCart | NoCart> {
    const cart = await this.#moves.settled();
    return cart ? goodsFor(cart, buyer) : refuse("not_found");
  }

  /** Fixes the cart for one checkout. Repeating it is safe; a claim whose checkout ended passes. */
  async claim(request: ClaimRequest): Promise<Claim | ClaimRefusal | NoCart> {
    const after = await this.#pastClaim((before, now) => claimed(before, request, now));
    if ("continues" in after) return { continues: after.continues };
    return isRefusal(after) ? after : { ok: true };
  }

  /** The cart was bought, wherever it lives now. One that is gone by now needs not to be told. */
  async consume(checkoutId: CheckoutId): Promise<{ readonly ok: true }> {
    const after = this.#write((cart, now) => consumed(cart, checkoutId, now));
    if (isRefusal(after) || !after.leaving) return { ok: true };
    const { leaving, shopId } = (await this.#moves.settled()) ?? after;
    if (!leaving) return this.consume(checkoutId);
    if (leaving.how === "merged") return { ok: true };
    return cartStub(this.env, shopId, leaving.to).consume(checkoutId);
  }

  /** Set once, when the cart is made: it rings too early for a cart in use, and is set again. */
  override async alarm(): Promise<void> {
    try {
      await this.#moves.settled();
    } catch (problem) {
      // The other region cannot be asked now; the goods are still here, and it is asked again.
      console.warn({ event: "cart.move_pending", problem: String(problem) });
    }
    const cart = this.#store.read();
    if (!cart) return;
    const isIdle = !isOnItsWay(cart) && idleUntilMs(cart) <= this.#nowMs();
    if (isIdle) await this.ctx.storage.deleteAll();
    else this.#arm(cart);
  }

  /**
   * Makes a change that a claim may stand in the way of. Then the claiming checkout is asked how it
   * stands: one that ended is passed over, unless another claim came meanwhile; one that placed its
   * order has bought the cart, even if it could not say so yet.
   */
  async #pastClaim<R extends Refusal>(change: (cart: Cart, nowMs: number) => Cart | R) {
    let endedClaim: number | undefined;
    for (;;) {
      const outcome = this.#write((cart, now) => change(passedOver(cart, endedClaim), now));
      const { claimedBy, claims, shopId } = this.#store.read() ?? {};
      const isHeld = isRefusal(outcome) && outcome.refused === "cart_claimed";
      if (!isHeld || !claimedBy || !shopId) return outcome;
      const claimant = await checkoutStub(this.env, shopId, claimedBy).claimant();
      if (claimant.is === "live") return { continues: claimant.reply, claimedBy };
      if (claimant.is === "placed") await this.consume(claimedBy);
      endedClaim = claims;
    }
  }

  #write<R extends Refusal>(change: (cart: Cart, nowMs: number) => Cart | R): Cart | R | NoCart {
    return this.ctx.storage.transactionSync(() => {
      const before = this.#store.read();
      if (!before) return refuse("not_found");
      const after = change(before, this.#nowMs());
      if (isRefusal(after) || after === before) return after;
      this.#store.update(after);
      if (isOnItsWay(after)) this.#arm(after);
      return after;
    });
  }

  #insert(cart: Cart): Cart {
    this.ctx.storage.transactionSync(() => {
      this.#store.insert(cart);
      if (cart.claimedBy) this.#store.update(cart);
      this.#arm(cart);
    });
    return cart;
  }

  #arm(cart: Cart): void {
    const dueMs = isOnItsWay(cart) ? this.#nowMs() + FINISH_AFTER_MS : idleUntilMs(cart);
    void this.ctx.storage.setAlarm(alarmTimeMs(this.env, dueMs));
  }

  async #view(cart: Cart): Promise<CartView> {
    const { cartId, version, currency, country, codes, orderId } = cart;
    const { lines, subtotal } = await subtotalOf(this.#catalogueOf(cart), cart.lines, currency);
    const view = {
      cartId,
      version,
      currency,
      country,
      lines,
      promotionCodes: [...codes],
      subtotal,
    };
    return orderId ? { ...view, orderId } : view;
  }

  /** One id per region, so that a move that is begun twice ends in one cart. */
  #idIn(region: RegionCode, { shopId, cartId }: Cart): CartId {
    const name = JSON.stringify(["moved-cart", shopId, cartId]);
    return cartIdFrom(region, createHmac("sha256", this.env.ID_KEY).update(name).digest());
  }

  #catalogueOf({ shopId }: Cart): D1Catalogue {
    return new D1Catalogue(this.env.CATALOG, shopId, () => this.#nowMs());
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}
