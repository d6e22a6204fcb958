import type { CreateCheckout, Line } from "../../schema/checkout.ts";
import type { CartId, ShopId } from "../../schema/ids.ts";
import { assert, isRefusal, type Refusal } from "../../schema/outcome.ts";
import type { Claim } from "../cart/cart.object.ts";
import type { ClaimRefusal, UnfitCart } from "../cart/cart.ts";
import { cartStub } from "../placement.ts";
import type { Sale } from "./checkout.deps.ts";

/** A cart as it was when the checkout was priced. */
export type CartVersion = { readonly cartId: CartId; readonly version: number };

/** What a create buys: the lines that it names, or those of its cart. */
export type Goods = {
  readonly lines: readonly Line[];
  readonly promotionCodes: readonly string[] | undefined;
  readonly cart?: CartVersion;
};

type NoCart = Refusal<"not_found">;

/** The carts that checkouts are made of. Every call may be repeated. */
export type Carts = {
  /** Reads the goods; a checkout made from lines asks nobody. */
  goodsOf(shopId: ShopId, body: CreateCheckout): Promise<Goods | UnfitCart | NoCart>;
  /** Fixes the cart for this sale, or answers the live checkout that has it already. */
  claim(sale: Sale, cart: CartVersion | undefined): Promise<Claim | ClaimRefusal | NoCart>;
  consume(sale: Sale, cart: CartVersion | undefined): Promise<{ readonly ok: true }>;
};

export function cartsOf(env: Env): Carts {
  return {
    goodsOf: async (shopId, { cartId, lines, promotionCodes, currency, country }) => {
      if (!cartId) return { lines: lines ?? [], promotionCodes };
      const goods = await cartStub(env, shopId, cartId).goodsFor({ currency, country });
      if (isRefusal(goods)) return goods;
      const { version, codes } = goods;
      return {
        lines: goods.lines,
        promotionCodes: promotionCodes ?? codes,
        cart: { cartId, version },
      };
    },
    claim: ({ shopId, checkoutId }, cart) => {
      assert(cart, "only a cart is claimed");
      return cartStub(env, shopId, cart.cartId).claim({ checkoutId, version: cart.version });
    },
    consume: ({ shopId, checkoutId }, cart) => {
      assert(cart, "only a cart is consumed");
      return cartStub(env, shopId, cart.cartId).consume(checkoutId);
    },
  };
}
