import type { OrderEvent } from "../schema/events.ts";
import type { OrderId, ShopId } from "../schema/ids.ts";
import type { Order } from "../schema/order.ts";

/** A message that no consumer could take, as it came. */
export type DeadLetter = {
  readonly messageId: string;
  readonly queue: string;
  readonly body: string;
  readonly attempts: number;
  readonly atMs: number;
};

/** One region's orders and the log of their events. Written by the one consumer alone. */
export interface OrderStore {
  /**
   * Writes each event to the log and its order's row, all or none. An event that the log has
   * changes nothing, and a row never goes back to a lower version.
   */
  apply(events: readonly OrderEvent[]): Promise<void>;
  order(shopId: ShopId, orderId: OrderId): Promise<Order | undefined>;
  keepDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  /** Orders by time, oldest first, from `sinceMs` on; `after` continues a page. */
  orders(shopId: ShopId, page: OrderPage): Promise<readonly Order[]>;
  /** The log by offset. */
  events(shopId: ShopId, page: EventPage): Promise<readonly LoggedEvent[]>;
}

export type OrderPage = {
  readonly sinceMs: number;
  readonly after?: { readonly createdAtMs: number; readonly orderId: string } | undefined;
  readonly limit: number;
};

export type EventPage = {
  readonly sinceMs: number;
  readonly afterOffset: number;
  readonly limit: number;
};

export type LoggedEvent = { readonly offset: number; readonly event: OrderEvent };
