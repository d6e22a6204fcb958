import type { CartCut } from "../../schema/cart.ts";
import type { CartId } from "../../schema/ids.ts";
import { assert, isRefusal, type Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { cartStub } from "../placement.ts";
import { type Cart, isOnItsWay } from "./cart.ts";
import {
  type DepartureRefusal,
  type Destination,
  departed,
  departing,
  type JoinRefusal,
  type Parcel,
  parcelOf,
  stayed,
} from "./departure.ts";
import { joinedBefore, joining, refusing } from "./joining.ts";
import { availableOf } from "./shelf-look.ts";

type Change<R extends Refusal> = (cart: Cart, nowMs: number) => Cart | R;
type Live = { readonly continues: unknown; readonly claimedBy: string };

/** What the moves need of the object that they belong to. */
type Own = {
  readonly env: Env;
  read(): Cart | undefined;
  write(change: Change<never>): unknown;
  pastClaim<R extends Refusal>(change: Change<R>): Promise<Cart | R | Live | Refusal<"not_found">>;
};

/** Where a cart's goods are now, and what did not come along. */
export type Left = { readonly to: CartId; readonly cuts: readonly CartCut[] };
export type LeaveRefusal = DepartureRefusal | JoinRefusal;

/** The ways of goods from one cart to another: begun in one commit, and brought to an end whatever happens. */
export class CartMoves {
  readonly #own: Own;
  /** One at a time, so that nothing is given up that the other cart has just taken. */
  #finishing: Promise<Left | LeaveRefusal> | undefined;

  constructor(own: Own) {
    this.#own = own;
  }

  /** The cart as it stands once nothing is on its way any more. */
  async settled(): Promise<Cart | undefined> {
    const cart = this.#own.read();
    if (!cart || !isOnItsWay(cart)) return cart;
    await this.finish();
    return this.#own.read();
  }

  /** Sends the goods off and answers where they are. Repeating it is safe. */
  async leave(way: Destination): Promise<Left | LeaveRefusal> {
    await this.settled();
    const after = await this.#own.pastClaim((cart, now) => departing(cart, way, now));
    if ("continues" in after) return refuse("cart_claimed", { checkoutId: after.claimedBy });
    return isRefusal(after) ? after : this.finish();
  }

  /** Hands over what is on its way; where the other cart refuses it, all stays as it was. */
  finish(): Promise<Left | LeaveRefusal> {
    this.#finishing ??= this.#handOver().finally(() => {
      this.#finishing = undefined;
    });
    return this.#finishing;
  }

  /** Takes in what another cart hands over: once, however often and however late it comes. */
  async takeIn(parcel: Parcel): Promise<Pick<Left, "cuts"> | JoinRefusal> {
    const cart = this.#own.read();
    if (!cart) return refuse("not_found");
    const available = await availableOf(this.#own.env, cart, parcel.lines);
    const after = await this.#own.pastClaim((present, nowMs) =>
      joinedBefore(present, parcel) ? present : joining(present, parcel, { available, nowMs }),
    );
    const refused = "continues" in after ? heldBy(after) : isRefusal(after) ? after : undefined;
    if (refused) this.#own.write((present) => refusing(present, parcel));
    if (refused || !("cartId" in after)) return refused ?? refuse("not_found");
    const answer = joinedBefore(after, parcel);
    assert(answer, "what came in was written down");
    return answer.isRefused ? refuse("cart_claimed") : { cuts: answer.cuts };
  }

  async #handOver(): Promise<Left | LeaveRefusal> {
    const cart = this.#own.read();
    const { leaving } = cart ?? {};
    if (!cart || !leaving) return refuse("not_found");
    const { n, to } = leaving;
    if (leaving.cuts) return { to, cuts: leaving.cuts };
    const { parcel, cuts: left } = parcelOf(cart, leaving);
    const other = cartStub(this.#own.env, cart.shopId, to);
    // A checkout that takes it along has it there, too, until another one takes that one's place.
    const { shopId, customer, claimedBy } = cart;
    const arrival = { shopId, cartId: to, customer, claimedBy, ...leaving.market, ...parcel };
    const answer = await (leaving.how === "moved" ? other.arrive(arrival) : other.takeIn(parcel));
    if (isRefusal(answer)) {
      this.#own.write((present) => stayed(present, n));
      return answer;
    }
    const cuts = [...left, ...answer.cuts];
    this.#own.write((present) => departed(present, n, cuts));
    return { to, cuts };
  }
}

function heldBy({ claimedBy: checkoutId }: Live) {
  return refuse("cart_claimed", { checkoutId });
}
