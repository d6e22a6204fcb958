import { orderIdOf } from "../../schema/ids.ts";
import { newCheckoutId, orderAt, placed } from "./order-fixtures.ts";

/** A shop that has sold for years: as many orders as wanted, made by the database itself. */
const CUSTOMERS = 1000; // so that one of them has a thousandth of all orders
const RARE = 997; // one order in so many is unusual

export const crowdShop = "crowd";
export const crowdCustomer = "cus_crowd_7";

/** SQL of both dialects, with `n` the order's number from 1 on. `||` makes text in both. */
export function crowdOrders(n: string): string {
  const id = `'_eu_' || ${n}`;
  const isRare = `${n} % ${RARE} = 0`;
  return `SELECT 'ord' || ${id}, 'chk' || ${id}, '${crowdShop}', 'eu', 3,
    CASE WHEN ${isRare} THEN 'capture_failed' ELSE 'fulfilled' END,
    CASE WHEN ${isRare} THEN 'capture_failed' ELSE 'captured' END,
    CASE WHEN ${isRare} THEN 'cancelled' ELSE 'fulfilled' END,
    CASE WHEN ${n} % ${2 * RARE} = 1 THEN 'open' ELSE 'none' END,
    'EUR', 1789, 1789, 0, '[]', 'stripe', 'pi_' || ${n}, 'cus_crowd_' || (${n} % ${CUSTOMERS}),
    1795413600000 + ${n}, 1795413600000 + ${n}, '{}'`;
}

export function crowdEvents(n: string): string {
  return `SELECT ${n}, 'ord_eu_' || ${n}, 1, '${crowdShop}', 'tender.order.placed.v1',
    1795413600000 + ${n}, '{}'`;
}

export function crowdLetters(n: string): string {
  return `SELECT 'events-eu-dlq.' || ${n}, 'events-eu-dlq', '${crowdShop}', NULL, 'x', '{}', 1, ${n}, ${n},
    CASE WHEN ${n} % 97 = 2 THEN 'open' ELSE 'redriven' END, NULL, NULL`;
}

export function crowdStubs(n: string): string {
  return `SELECT 'ord_us_' || ${n}, 'chk_us_' || ${n}, '${crowdShop}', 'us', 1, 'placed', 'EUR', 1, 0, 0,
    ${n}, ${n}, ${n}, 'x'`;
}

export const ORDER_COLUMNS =
  "order_id, checkout_id, shop_id, region, version, status, payment, fulfilment, dispute, currency, " +
  "total_minor, captured_minor, refunded_minor, lines, provider, provider_reference, " +
  "customer_reference, created_at_ms, updated_at_ms, details";

/** An order that stands among them and can be read: the crowd's ids are too short for ids. */
export function someone() {
  const checkoutId = newCheckoutId();
  return placed(orderAt(0, { checkoutId, orderId: orderIdOf(checkoutId) }));
}
