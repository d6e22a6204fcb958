import type { OrderEvent } from "../schema/events.ts";
import type { CheckoutId, OrderId, ShopId } from "../schema/ids.ts";
import type { Money } from "../schema/money.ts";
import type { Order } from "../schema/order.ts";
import type { OrderNumber } from "../schema/order-number.ts";
import type { RegionCode } from "../schema/regions.ts";
import type { ShopEvent, ShopEventType } from "../schema/shop-events.ts";
import type { OrderFacts, OrderStatus } from "../schema/states.ts";
import type { DeadLetter, DeadLetterPage, KeptDeadLetter } from "./dead-letter.ts";

/**
 * One region's orders, the log of their events, and what could not be delivered. Orders and log are
 * written by the one consumer alone. Every call throws when the store is away; all are safe to repeat.
 */
export interface OrderStore {
  /**
   * Writes each event to the log and its order's row, and the letters that the events bring along,
   * all or none (decision 10). An event or a letter that is there already changes nothing, and a row
   * never goes back to a lower version. Offsets of the log are dense: no hole, none given twice.
   */
  apply(events: readonly OrderEvent[], letters?: readonly DeadLetter[]): Promise<void>;
  order(shopId: ShopId, orderId: OrderId): Promise<Order | undefined>;
  /** Orders by time, oldest first, from `sinceMs` on; `after` continues a page. */
  orders(shopId: ShopId, page: OrderPage): Promise<readonly Order[]>;
  /** One customer's, newest first. `after` is the last order of the page before. */
  ordersOfCustomer(shopId: ShopId, page: CustomerPage): Promise<readonly Order[]>;
  /** Those that people call by this number: one, unless two ids begin alike (decision 26). */
  ordersNumbered(shopId: ShopId, wanted: NumberedPage): Promise<readonly Order[]>;
  /** By facts and time, newest first. */
  searchOrders(shopId: ShopId, page: SearchPage): Promise<readonly Order[]>;

  /** One shop's part of the log, by offset. */
  events(shopId: ShopId, page: EventPage): Promise<readonly LoggedEvent[]>;
  /** The whole log of the region, every shop's, by offset: what a feed follows (decision 15). */
  log(page: LogPage): Promise<readonly LoggedEvent[]>;
  /** All that the log has of these orders, in no order. */
  logOf(orderIds: readonly OrderId[]): Promise<readonly LoggedEvent[]>;
  /** The latest offset given; 0 before the first. A feed at it has seen everything. */
  head(): Promise<number>;
  /** The sequences that the log lacks below the highest it has, of these orders (decision 10). */
  missing(orderIds: readonly OrderId[]): Promise<readonly Missing[]>;
  /**
   * Writes the rows of one shop's next `limit` orders anew from the log, and drops rows that no
   * event tells of. A reader meets the old row or the new one, never none.
   */
  rebuild(shopId: ShopId, page: RebuildPage): Promise<Rebuilt>;

  /** Keeps letters. One that is there counts its attempts up; when redriven, it is open again. */
  keepDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  deadLetters(shopId: ShopId, page: DeadLetterPage): Promise<readonly KeptDeadLetter[]>;
  deadLetter(shopId: ShopId, letterId: string): Promise<KeptDeadLetter | undefined>;
  /** Marks a letter as sent again. Twice is once. Answers the letter, or undefined for none. */
  redriven(shopId: ShopId, letterId: string, nowMs: number): Promise<KeptDeadLetter | undefined>;
  /** Lets a letter go. Twice is once, with the first reason. */
  discarded(shopId: ShopId, letterId: string, by: Discard): Promise<KeptDeadLetter | undefined>;

  /** Keeps what happened to shops and to no order. One that is there changes nothing. */
  keepShopEvents(told: readonly ShopEvent[]): Promise<void>;
  shopEvents(shopId: ShopId, page: ShopEventPage): Promise<readonly ShopEvent[]>;
  /** How many in each hour that had any, oldest first. */
  shopEventHours(shopId: ShopId, span: ShopEventSpan): Promise<readonly HourCount[]>;

  /** Keeps what is known here of other regions' orders; a lower version changes nothing. */
  keepStubs(stubs: readonly OrderStub[]): Promise<void>;
  stub(shopId: ShopId, orderId: OrderId): Promise<OrderStub | undefined>;

  /** Given to `orderStoreOf`, a later read is not behind this one. Undefined where none ever is. */
  bookmark(): string | undefined;
}

export type OrderPlace = { readonly createdAtMs: number; readonly orderId: string };

export type OrderPage = {
  readonly sinceMs: number;
  readonly after?: OrderPlace | undefined;
  readonly limit: number;
};

export type CustomerPage = {
  readonly customerReference: string;
  readonly after?: OrderPlace | undefined;
  readonly limit: number;
};

export type NumberedPage = {
  /** Whose orders the store keeps. */
  readonly region: RegionCode;
  readonly orderNumber: OrderNumber;
  readonly limit: number;
};

/** Every given fact must hold. `untilMs` itself is outside. */
export type SearchPage = { readonly [Fact in keyof OrderFacts]?: OrderFacts[Fact] | undefined } & {
  readonly status?: OrderStatus | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly after?: OrderPlace | undefined;
  readonly limit: number;
};

export type LogPage = { readonly afterOffset: number; readonly limit: number };
export type EventPage = LogPage & { readonly sinceMs: number };

export type LoggedEvent = { readonly offset: number; readonly event: OrderEvent };

export type Missing = { readonly orderId: OrderId; readonly sequence: number };

export type RebuildPage = { readonly after?: string | undefined; readonly limit: number };
/** `next` is the `after` of the next page; undefined when this was the last. */
export type Rebuilt = { readonly rebuilt: number; readonly next: string | undefined };

export type Discard = { readonly reason: string; readonly nowMs: number };

/** `untilMs` itself is outside. */
export type ShopEventSpan = {
  readonly type: ShopEventType;
  readonly sinceMs: number;
  readonly untilMs: number;
};
/** Oldest first; `after` is the last event of the page before. */
export type ShopEventPage = ShopEventSpan & {
  readonly after?: { readonly atMs: number; readonly eventId: string } | undefined;
  readonly limit: number;
};

export type HourCount = { readonly hourMs: number; readonly count: number };

/** Another region's order, as a mirror told of it. No personal data. */
export type OrderStub = {
  readonly orderId: OrderId;
  readonly checkoutId: CheckoutId;
  readonly shopId: ShopId;
  /** Its home. */
  readonly region: RegionCode;
  readonly version: number;
  readonly status: OrderStatus;
  readonly total: Money;
  readonly captured: Money;
  readonly refunded: Money;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** When this was known to be so. */
  readonly asOfMs: number;
  /** Of the checkout's secret. Undefined: only a secret key opens it here. */
  readonly secretHash: string | undefined;
};
