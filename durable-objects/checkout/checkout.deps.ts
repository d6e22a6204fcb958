import type { Notice } from "../../payments/notice.ts";
import type { Connect } from "../../payments/reachable.ts";
import type { QuoteRefusal, QuoteRequest } from "../../pricing/quote.ts";
import type { Line, Quote } from "../../schema/checkout.ts";
import type { CheckoutId, ShopId } from "../../schema/ids.ts";
import { type RegionCode, regions } from "../../schema/regions.ts";
import type { ReservationExpired } from "../../schema/reservation.ts";
import type { WebhookGivenUp } from "../../schema/webhook-given-up.ts";
import { nowMs } from "../clock.ts";
import type { Unfair } from "../inventory/fairness.ts";
import type { OutOfStock } from "../inventory/inventory.ts";
import type { ShipmentRefusal } from "../inventory/movements.ts";
import type { Cards } from "./cards.ts";
import { type Carts, cartsOf } from "./carts.ts";
import type { Hold } from "./checkout.ts";
import { inventoryOf } from "./inventories.ts";
import { type PaymentDeps, paymentDeps } from "./payments.deps.ts";
import { type Buyer, type Promotions, promotionsOf } from "./promotions.ts";
import { quotingFrom } from "./quoting.ts";

/** The sale whose stock is meant. */
export type Sale = { readonly shopId: ShopId; readonly checkoutId: CheckoutId };

type Accepted = { readonly ok: true };
export type AllocationOf = { readonly hold: Hold; readonly payment: number };

/** What leaves the house together: some lines of a hold, with the quantities of this parcel. */
export type ShipmentOf = {
  readonly hold: Hold;
  readonly token: string;
  readonly lines: readonly Line[];
};

/** Lines of a hold with the quantities they had and are to have. */
export type HoldChange = Omit<Hold, "lines"> & {
  readonly lines: readonly (Line & { readonly quantityBefore: number })[];
};

/** By SKU, the regions that may sell what is sold out at home. The other lines are held. */
export type Elsewhere = {
  readonly ok: true;
  readonly elsewhere: Readonly<Record<string, RegionCode>>;
};

/** All lines or none, over one object per SKU. Every call may be repeated. */
export type Inventory = {
  hold(sale: Sale, hold: Hold): Promise<Accepted | Elsewhere | OutOfStock | Unfair>;
  /** Lets go of what its home still has of these lines, and holds them where they come `from`. */
  borrow(sale: Sale, hold: Hold): Promise<Accepted | OutOfStock | Unfair>;
  extend(sale: Sale, hold: Hold): Promise<Accepted | OutOfStock>;
  /** Changes quantities of lines that only grow, or only shrink; 0 gives a line back. */
  resize(sale: Sale, change: HoldChange): Promise<Accepted | OutOfStock | Unfair>;
  release(sale: Sale, hold: Hold): Promise<Accepted>;
  allocate(sale: Sale, allocation: AllocationOf): Promise<Accepted | OutOfStock>;
  unallocate(sale: Sale, allocation: AllocationOf): Promise<Accepted>;
  restock(sale: Sale, hold: Hold, token: string): Promise<Accepted>;
  /** Allocated pieces leave the house: quantities of this parcel, once per token. */
  ship(sale: Sale, shipment: ShipmentOf): Promise<Accepted | ShipmentRefusal>;
  /** What left of a parcel that was refused is in the house again, and none of it leaves late. */
  unship(sale: Sale, shipment: ShipmentOf): Promise<Accepted>;
};

/** Everything outside that the checkout's sagas call. */
export type CheckoutDeps = PaymentDeps & {
  quote(buyer: Buyer, request: QuoteRequest, expiresAtMs: number): Promise<Quote | QuoteRefusal>;
  readonly carts: Carts;
  readonly promotions: Promotions;
  readonly inventory: Inventory;
  /** Tells of a checkout that nobody paid in time; nothing to tell is told at once. */
  tellExpired(expired: ReservationExpired | undefined): Promise<void>;
  /** Tells of a webhook that could not be looked into, however often it was tried. */
  tellGivenUp(givenUp: WebhookGivenUp): Promise<void>;
  /** What providers told of this very sale. */
  heard(): readonly Notice[];
  /** Encrypted cards of this very sale. */
  readonly cards: Cards;
  /** When the shopper of the sale's nth payment last came back with something to be sent in. */
  shopperBackAtMs(attempt: number): number | undefined;
};

/** What is the same for every sale of an isolate, and what is one sale's own. */
type Shared = Omit<CheckoutDeps, OwnNames>;
type Own = Pick<CheckoutDeps, OwnNames>;
type Net = { readonly connect?: Connect };
type OwnNames = "heard" | "cards" | "shopperBackAtMs";

const sharedOf = new WeakMap<Env, Shared>();

/** Most of it is made once an isolate: a new object is made for each sale, and should cost little. */
export function checkoutDeps(env: Env, { connect, ...own }: Own & Net): CheckoutDeps {
  const known = sharedOf.get(env);
  if (known) return { ...known, ...own };
  const shared = sharedDeps(env, connect);
  sharedOf.set(env, shared);
  return { ...shared, ...own };
}

function sharedDeps(env: Env, connect: Connect | undefined): Shared {
  const _now = () => nowMs(env);
  const promotions = promotionsOf(env);
  return {
    quote: quotingFrom(env, promotions),
    promotions,
    carts: cartsOf(env),
    inventory: inventoryOf(env),
    ...paymentDeps(env, connect),
    tellExpired: async (expired) => {
      if (!expired) return;
      await env[regions[expired.region].bindings.events].sendBatch([{ body: expired }]);
    },
    tellGivenUp: async (givenUp) => {
      await env[regions[givenUp.region].bindings.events].sendBatch([{ body: givenUp }]);
    },
  };
}
