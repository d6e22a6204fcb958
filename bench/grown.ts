import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { product } from "../scripts/building/bundle.ts";
import { shopKeys } from "../scripts/machine/local-keys.ts";
import { HOST } from "../scripts/machine/platform.ts";
import type { Database } from "../scripts/seed/migrate-d1.ts";
import { eventually } from "../test/eventually.ts";
import { closedLoop } from "./load.ts";
import { AT_ONCE } from "./measure.ts";
import { providerIs } from "./sales.ts";
import type { Side } from "./sides.ts";

/** What a shop has stored that has sold for a while. */
export const VOLUMES = { orders: 100_000, events: 50_000, checkouts: 10_000, promotions: 1_000 };
export type Volumes = typeof VOLUMES;

const CHUNK = 10_000; // rows of one statement
const CLIENTS = 16;
const CAUGHT_UP_MS = 15 * 60_000;
/** Of the kinds of event one that no mail tells of: all feeds but the failing one are to get through soon. */
const EVENT_TYPE = "tender.order.capture_pending.v1";

/** Puts all of it into a running side, and waits until only the failing endpoint is behind. */
export async function fill(side: Side, volumes: Volumes, say: (what: string) => void) {
  const orders = await side.miniflare.getD1Database("ORDERS_EU", product.name);
  const catalogue = await side.miniflare.getD1Database("CATALOG", product.name);
  say(`${volumes.promotions} promotions`);
  await storePromotions(catalogue, volumes.promotions);
  await providerIs(side.simulatorUrl, AT_ONCE);
  await side.sales.look();
  await side.sales.sellInOneCall();
  await side.sales.drained();
  const merchant = await openFailingEndpoint(side.url);
  say(`${volumes.orders} orders, ${volumes.events} events that an endpoint will not take`);
  await storeOrders(orders, volumes);
  await side.sales.counted();
  await side.sales.sellInOneCall(); // wakes the feeds
  say("what the other feeds make of it");
  await othersCaughtUp(side.url);
  // Last: they stay open for a quarter of an hour, and what closing them takes is no sale's.
  say(`${volumes.checkouts} open checkouts`);
  await openCheckouts(side, volumes.checkouts);
  return merchant;
}

/** Half of them apply by themselves, to goods that nobody here buys; half have a code. */
async function storePromotions(catalogue: Database, count: number): Promise<void> {
  const rule = { kind: "bundle", items: [{ sku: "other", quantity: 2 }], amounts: { EUR: 100 } };
  const sql = `INSERT INTO promotions (shop_id, promotion_id, version, name, code, rule, exclusive, rank)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    SELECT 'demo', 'grown-' || i, 1, 'Promotion ' || i, iif(i % 2, 'GROWN' || i, NULL), ?, 0, 1000 + i
    FROM n`;
  await catalogue.prepare(sql).bind(count, JSON.stringify(rule)).run();
}

/** An endpoint of the shop's that answers 500 for ever. */
async function openFailingEndpoint(url: string) {
  const server = createServer((_request, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`${url}/v1/webhook-endpoints`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${shopKeys.secret}`,
      "content-type": "application/json",
      "idempotency-key": "grown",
    },
    body: JSON.stringify({ url: `http://${HOST}:${port}/` }),
  });
  if (!answer.ok) throw new Error(`The endpoint was refused: ${await answer.text()}`);
  return {
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Copies of the one order that was sold, and of its first event, each under an id of its own. */
async function storeOrders(database: Database, { orders, events }: Volumes): Promise<void> {
  const [order] = (await rowsOf(database, "SELECT * FROM orders LIMIT 1")) as [Row];
  const columns = Object.keys(order);
  const values = columns.map((column) => {
    if (column === "order_id") return "printf('ord_eu_%026d', i)";
    return column === "checkout_id" ? "printf('chk_eu_%026d', i)" : `t.${column}`;
  });
  const insertOrders = `INSERT INTO orders (${columns}) ${NUMBERS}
    SELECT ${values} FROM n, (SELECT * FROM orders WHERE order_id = ?3) t`;
  const insertEvents = `INSERT INTO events (order_id, sequence, shop_id, type, at_ms, envelope) ${NUMBERS}
    SELECT printf('ord_eu_%026d', i), 1, t.shop_id, ?5, t.at_ms,
      json_set(replace(replace(t.envelope, ?3, printf('ord_eu_%026d', i)),
        ?4, printf('chk_eu_%026d', i)), '$.type', ?5)
    FROM n, (SELECT * FROM events WHERE order_id = ?3 AND sequence = 1) t`;
  for (let from = 0; from < orders; from += CHUNK) {
    const to = Math.min(orders, from + CHUNK);
    await database.prepare(insertOrders).bind(from, to, order.order_id).run();
    if (from >= events) continue;
    const ids = [order.order_id, order.checkout_id, EVENT_TYPE];
    await database
      .prepare(insertEvents)
      .bind(from, Math.min(events, to), ...ids)
      .run();
  }
}

const NUMBERS = "WITH RECURSIVE n(i) AS (SELECT ?1 + 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)";

type Row = Readonly<Record<string, unknown>>;

const rowsOf = async (database: Database, sql: string) =>
  (await database.prepare(sql).all()).results as Row[];

async function openCheckouts({ sales }: Side, count: number): Promise<void> {
  let opened = 0;
  const open = async () => {
    await sales.open();
    opened += 1;
  };
  await closedLoop(open, { clients: CLIENTS, until: () => opened >= count });
}

type FeedView = { readonly feed: string; readonly lag: { readonly events: number } };

async function othersCaughtUp(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${shopKeys.operator}` };
  await eventually(
    async () => {
      const answer = await fetch(`${url}/v1/ops/feeds?region=eu`, { headers });
      const { feeds } = (await answer.json()) as { feeds: readonly FeedView[] };
      return feeds.map(({ feed, lag }) => ({ feed, behind: lag.events }));
    },
    (feeds) => feeds.every(({ feed, behind }) => feed === "webhooks" || behind === 0),
    { withinMs: CAUGHT_UP_MS, gapMs: 1_000 },
  );
}
