import type { Providers } from "../../../payments/providers/providers.ts";
import type { Routing } from "../../../payments/routing/routing.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import type { QuoteRefusal } from "../../../pricing/quote.ts";
import type { QuoteRequest } from "../../../pricing/quote-request.ts";
import type { AdyenMethod } from "../../../schema/adyen-method.ts";
import type { CreateCheckout, Line, Quote, WantedLine } from "../../../schema/checkout.ts";
import type { CheckoutId, ShopId } from "../../../schema/ids.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import type { CountedPromotion, PromotionId } from "../../../schema/promotion.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import type { ReservationExpired } from "../../../schema/reservation.ts";
import type { WebhookGivenUp } from "../../../schema/webhook-given-up.ts";
import type { ClaimRefusal, UnfitCart } from "../../cart/cart.ts";
import type { Claim } from "../../cart/claim.ts";
import type { Unfair } from "../../inventory/fairness.ts";
import type { OutOfStock } from "../../inventory/inventory.ts";
import type { ShipmentRefusal } from "../../inventory/movements.ts";
import type { Person } from "../../pseudonym.ts";
import type { PiecesBack } from "./cancellation.ts";
import type { CartVersion, Hold } from "./checkout.ts";
import type { WithdrawalTerms } from "./withdrawal.ts";

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

/** Some pieces of an order that go back on the shelf together. */
export type RestockOf = {
  readonly hold: Hold;
  readonly token: string;
  readonly lines: readonly PiecesBack[];
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
  extend(sale: Sale, hold: Hold): Promise<Accepted | OutOfStock | Unfair>;
  /** Changes quantities of lines that only grow, or only shrink; 0 gives a line back. */
  resize(sale: Sale, change: HoldChange): Promise<Accepted | OutOfStock | Unfair>;
  release(sale: Sale, hold: Hold): Promise<Accepted>;
  allocate(sale: Sale, allocation: AllocationOf): Promise<Accepted | OutOfStock>;
  unallocate(sale: Sale, allocation: AllocationOf): Promise<Accepted>;
  restock(sale: Sale, hold: Hold, token: string): Promise<Accepted>;
  /** Some sold pieces go back on the shelf, out of the house or from the shopper; once per token. */
  restockPieces(sale: Sale, restock: RestockOf): Promise<Accepted>;
  /** Allocated pieces leave the house: quantities of this parcel, once per token. */
  ship(sale: Sale, shipment: ShipmentOf): Promise<Accepted | ShipmentRefusal>;
  /**
   * Undoes `ship`: puts the parcel's pieces back; a `ship` with this token that arrives later does
   * nothing.
   */
  unship(sale: Sale, shipment: ShipmentOf): Promise<Accepted>;
};

/** What a create buys: the lines that it names, or those of its cart. */
export type Goods = {
  readonly lines: readonly WantedLine[];
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
  consume(sale: Sale, cart: CartVersion | undefined): Promise<Accepted>;
};

/** The sale that uses promotions, and whose it is. */
export type Buyer = Sale & Person;

type Counted = readonly CountedPromotion[];

/** The counters of promotions with limits. Every call may be repeated. */
export type Promotions = {
  /** Those of which nothing is left for this buyer; what the sale has taken is its own. */
  usedUp(buyer: Buyer, counted: Counted): Promise<ReadonlySet<PromotionId>>;
  /** One use of each, all or none: the step's undo returns what a refusal left taken. */
  take(
    buyer: Buyer,
    counted: Counted,
    generation: number,
  ): Promise<Accepted | Refusal<"promotion_exhausted">>;
  /** The sale's uses are counted for who buys from now on; whether they may have them was the quote's to say. */
  handOver(buyer: Buyer, counted: Counted, generation: number): Promise<Accepted>;
  returnUses(sale: Sale, counted: Counted, generation: number): Promise<Accepted>;
  /** The order was cancelled: its uses come back, unless its shop has them stay spent. */
  returnOrderedUses(sale: Sale, counted: Counted, generation: number): Promise<Accepted>;
};

/** Encrypted cards of one sale, in memory alone. */
export type EncryptedCards = { of(attempt: number): AdyenMethod | undefined };

/** Everything outside that the checkout's sagas call. */
export type CheckoutDeps = {
  readonly payments: Providers;
  readonly routing: Routing;
  quote(buyer: Buyer, request: QuoteRequest, expiresAtMs: number): Promise<Quote | QuoteRefusal>;
  readonly carts: Carts;
  readonly promotions: Promotions;
  readonly inventory: Inventory;
  /** What the shop has decided about withdrawals. */
  withdrawalTerms(shopId: ShopId): Promise<WithdrawalTerms>;
  /** Tells of a checkout that nobody paid in time; nothing to tell is told at once. */
  tellExpired(expired: ReservationExpired | undefined): Promise<void>;
  /** Tells of a webhook that could not be looked into, however often it was tried. */
  tellGivenUp(givenUp: WebhookGivenUp): Promise<void>;
  /** What providers told of this very sale. */
  heard(): readonly Notice[];
  readonly cards: EncryptedCards;
  /** When the shopper of the sale's nth payment last came back with something to be sent in. */
  shopperBackAtMs(attempt: number): number | undefined;
};
