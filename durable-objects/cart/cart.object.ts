import { DurableObject } from "cloudflare:workers";
import { subtotalOf, type Unsold, whyNotSold } from "../../pricing/cart-subtotal.ts";
import { D1Catalogue } from "../../pricing/d1/d1-catalogue.ts";
import type { CartView } from "../../schema/cart.ts";
import type { CheckoutId } from "../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { alarmTimeMs, nowMs } from "../clock.ts";
import { checkoutStub } from "../placement.ts";
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
  type NewCart,
  newCart,
  passedOver,
  type UnfitCart,
} from "./cart.ts";
import type { Claim } from "./claim.ts";

type NoCart = Refusal<"not_found">;
export type Made = { readonly cart: CartView; readonly replayed: boolean };

/** One cart and its only writer: what is in it, and which checkout buys it. */
export class CartObject extends DurableObject<Env> {
  readonly #store = new CartStore(this.ctx.storage.sql);

  /** The same cart for a repeated create, answered as it was made. */
  async create(request: NewCart): Promise<Made | Refusal<"idempotency_key_reused">> {
    const known = this.#store.read();
    if (known && (known.currency !== request.currency || known.country !== request.country)) {
      return refuse("idempotency_key_reused");
    }
    const cart = known ? asMade(known) : this.#insert(newCart(request, this.#nowMs()));
    return { cart: await this.#view(cart), replayed: known !== undefined };
  }

  async read(): Promise<CartView | NoCart> {
    const cart = this.#store.read();
    return cart ? this.#view(cart) : refuse("not_found");
  }

  /** Refuses what the shop does not sell before anything is written. */
  async edit(edit: CartEdit): Promise<CartView | EditRefusal | Unsold | NoCart> {
    const cart = this.#store.read();
    if (!cart) return refuse("not_found");
    const wanted = edit.line?.quantity ? edit.line.sku : undefined;
    const unsold = wanted && (await whyNotSold(this.#catalogueOf(cart), wanted, cart.currency));
    if (unsold) return unsold;
    const after = await this.#pastClaim((before, now) => edited(before, edit, now));
    if ("continues" in after) return refuse("cart_claimed", { checkoutId: after.claimedBy });
    return isRefusal(after) ? after : this.#view(after);
  }

  /** What a checkout for this buyer would sell; claims nothing. */
  goodsFor(buyer: Buyer): Goods | UnfitCart | NoCart {
    const cart = this.#store.read();
    return cart ? goodsFor(cart, buyer) : refuse("not_found");
  }

  /** Fixes the cart for one checkout. Repeating it is safe; a claim whose checkout ended passes. */
  async claim(request: ClaimRequest): Promise<Claim | ClaimRefusal | NoCart> {
    const after = await this.#pastClaim((before, now) => claimed(before, request, now));
    if ("continues" in after) return { continues: after.continues };
    return isRefusal(after) ? after : { ok: true };
  }

  /** The cart was bought. One that is gone by now needs not to be told. */
  consume(checkoutId: CheckoutId): { readonly ok: true } {
    this.#write((cart, now) => consumed(cart, checkoutId, now));
    return { ok: true };
  }

  /** Set once, when the cart is made: it rings too early for a cart in use, and is set again. */
  override async alarm(): Promise<void> {
    const cart = this.#store.read();
    if (!cart) return;
    if (idleUntilMs(cart) <= this.#nowMs()) await this.ctx.storage.deleteAll();
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
      if (claimant.is === "placed") this.consume(claimedBy);
      endedClaim = claims;
    }
  }

  #write<R extends Refusal>(change: (cart: Cart, nowMs: number) => Cart | R): Cart | R | NoCart {
    return this.ctx.storage.transactionSync(() => {
      const before = this.#store.read();
      if (!before) return refuse("not_found");
      const after = change(before, this.#nowMs());
      if (!isRefusal(after) && after !== before) this.#store.update(after);
      return after;
    });
  }

  #insert(cart: Cart): Cart {
    this.ctx.storage.transactionSync(() => {
      this.#store.insert(cart);
      this.#arm(cart);
    });
    return cart;
  }

  #arm(cart: Cart): void {
    void this.ctx.storage.setAlarm(alarmTimeMs(this.env, idleUntilMs(cart)));
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

  #catalogueOf({ shopId }: Cart): D1Catalogue {
    return new D1Catalogue(this.env.CATALOG, shopId, () => this.#nowMs());
  }

  #nowMs(): number {
    return nowMs(this.env);
  }
}
