import { cartStub, customerStub } from "../../../durable-objects/placement.ts";
import { customerReferenceOf } from "../../../durable-objects/pseudonym.ts";
import type { CartView, MovedCart } from "../../../schema/cart.ts";
import { CartId, type ShopId } from "../../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import type { RefusalCode } from "../../../schema/refusals.ts";
import { ask } from "./ask.ts";

const HOPS_MAX = 8; // a cart that moved on so often while somebody looks for it is somebody's fun

/** The carts of one customer of a shop: there is one at a time. */
export class CustomerCarts {
  readonly #env: Env;
  readonly #shopId: ShopId;
  readonly #reference: string;

  constructor(env: Env, shopId: ShopId, customerId: string) {
    this.#env = env;
    this.#shopId = shopId;
    this.#reference = customerReferenceOf(env.ID_KEY, shopId, customerId);
  }

  /** The one to go on with, wherever it lives; undefined where none is left to buy. */
  async find(): Promise<CartView | undefined> {
    return (await this.#look()).cart;
  }

  /**
   * Makes a guest's cart the customer's: their only one, or merged into the one that they have. Repeating it is safe,
   * and two devices that do so at once end in one cart: which is first is written down in one place.
   */
  async logIn(guest: CartId): Promise<MovedCart | Refusal<RefusalCode>> {
    const { cart: found, over } = await this.#look();
    if (found && found.cartId !== guest) return this.#merge(guest, found.cartId);
    const owned = await ask(() => this.#cart(guest).ownBy(this.#reference));
    if (isRefusal(owned)) return owned;
    const kept = await ask(() => this.#desk().keep(guest, over));
    // Another device was quicker: its cart is the customer's, and this one goes into it.
    if (kept !== guest) return this.#merge(guest, kept);
    const cart = await ask(() => this.#cart(guest).read());
    return isRefusal(cart) ? cart : { ...cart, cuts: [] };
  }

  /** The customer's cart, or which one it was that is over: only in place of that one another may be theirs. */
  async #look(): Promise<{ readonly cart?: CartView; readonly over?: CartId }> {
    let cartId = await ask(() => this.#desk().cart());
    for (let hops = 0; cartId && hops < HOPS_MAX; hops += 1) {
      const sought = cartId;
      const cart = await ask(() => this.#cart(sought).read());
      if (!isRefusal(cart)) return cart.orderId ? { over: sought } : { cart };
      const moved = movedTo(cart);
      if (!moved) return { over: sought };
      cartId = await ask(() => this.#desk().keep(moved, sought));
    }
    return {};
  }

  async #merge(guest: CartId, own: CartId): Promise<MovedCart | Refusal<RefusalCode>> {
    const left = await ask(() => this.#cart(guest).mergeInto(own, this.#reference));
    if (isRefusal(left)) return left;
    const cart = await ask(() => this.#cart(own).read());
    return isRefusal(cart) ? cart : { ...cart, cuts: [...left.cuts] };
  }

  #desk() {
    return customerStub(this.#env, this.#shopId, this.#reference);
  }

  #cart(cartId: CartId) {
    return cartStub(this.#env, this.#shopId, cartId);
  }
}

function movedTo({ refused, detail }: Refusal): CartId | undefined {
  return refused === "cart_moved" ? CartId.safeParse(detail?.cartId).data : undefined;
}
