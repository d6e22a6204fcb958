import { retry } from "../../saga/retry.ts";
import type { CartVersion, Hold } from "../sale/checkout.ts";
import { SHOPPER_GRACE_MS } from "../sale/durations.ts";
import type { CheckoutDeps, Sale } from "../sale/ports.ts";

/** The goods of one attempt to pay: what every run that places an order knows of them. */
export type AttemptedGoods = {
  readonly sale: Sale;
  readonly cart?: CartVersion | undefined;
  readonly attempt: number;
  readonly hold: Hold;
  /** How long the attempt can take at the longest: its hold has to outlive that. */
  readonly windowMs: number;
};

type Call = { readonly deps: CheckoutDeps; readonly input: AttemptedGoods };
type Moment = { readonly input: AttemptedGoods; readonly nowMs: number };

/** The hold outlives the attempt's longest window. */
export const extendHold = {
  unless: ({ input, nowMs }: Moment) => input.hold.expiresAtMs > nowMs + input.windowMs,
  do: ({ deps, input, nowMs }: Call & Moment) =>
    deps.inventory.extend(input.sale, {
      ...input.hold,
      expiresAtMs: nowMs + input.windowMs + SHOPPER_GRACE_MS,
    }),
  undo: "nothing", // the checkout owns its hold and lets go of it in time
} as const;

/** Held pieces become sold ones; undone, they are held again. */
export const allocate = {
  do: ({ deps, input }: Call) => deps.inventory.allocate(input.sale, allocationOf(input)),
  undo: ({ deps, input }: Call) => deps.inventory.unallocate(input.sale, allocationOf(input)),
  undoesRefusal: true,
  ahead: true, // it is the same whoever took the money
} as const;

/** The cart is told that it was bought. */
export const consumeCart = {
  unless: ({ input }: Moment) => !input.cart,
  do: ({ deps, input }: Call) => deps.carts.consume(input.sale, input.cart),
  retry: retry.persistently,
} as const;

function allocationOf({ hold, attempt }: AttemptedGoods) {
  return { hold, payment: attempt };
}
