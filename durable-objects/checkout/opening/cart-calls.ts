import { assert, isRefusal } from "../../../schema/outcome.ts";
import { cartStub } from "../../placement.ts";
import type { Carts } from "../sale/ports.ts";

/** The port to carts: each call one call to the cart's object. */
export function cartCalls(env: Env): Carts {
  return {
    goodsOf: async (shopId, { cartId, lines, promotionCodes, currency, country, replaces }) => {
      if (!cartId) return { lines: lines ?? [], promotionCodes };
      const goods = await cartStub(env, shopId, cartId).goodsFor({ currency, country });
      if (isRefusal(goods)) return goods;
      const { version, codes } = goods;
      return {
        // What replaces another checkout sells what that one would have sold.
        lines: lines ?? goods.lines,
        promotionCodes: promotionCodes ?? codes,
        cart: { cartId, version, instead: replaces?.checkoutId },
      };
    },
    claim: ({ shopId, checkoutId }, cart) => {
      assert(cart, "only a cart is claimed");
      return cartStub(env, shopId, cart.cartId).claim({ ...cart, checkoutId });
    },
    consume: ({ shopId, checkoutId }, cart) => {
      assert(cart, "only a cart is consumed");
      return cartStub(env, shopId, cart.cartId).consume(checkoutId);
    },
  };
}
