import type { Miniflare } from "miniflare";
import type { Money } from "../schema/money.ts";
import { product } from "../scripts/building/bundle.ts";
import type { Database } from "../scripts/seed/migrate-d1.ts";
import { cardPayment, cartOf, checkoutIn, Storefront } from "../test/clients/storefront.ts";
import { eventually } from "../test/eventually.ts";
import type { Sell } from "./load.ts";

const LINES = [
  { sku: "mug", quantity: 1 },
  { sku: "shirt", quantity: 1 },
];
const CARD = "pm_card_visa";
const DRAINED_WITHIN_MS = 180_000; // a build that is saturated has minutes of work left
const DRAIN_GAP_MS = 100;

export type Provider = {
  readonly authorizeMs: number;
  readonly captureMs: number;
  readonly sendsWebhooks: boolean;
};

/** Tender's side of the bench: sales of two SKUs by card, and what became of them. */
export class TenderSales {
  readonly #storefront: Storefront;
  /** The order store of the sales' region, asked past the product: a dump would cost what is measured. */
  readonly #orders: Database;
  #storedBefore = 0;
  #total: Money | undefined;
  /** When each sale's first call was sent, by order. */
  readonly startedMs = new Map<string, number>();
  readonly payMs: number[] = [];

  static async of(url: string, miniflare: Miniflare): Promise<TenderSales> {
    const sales = new TenderSales(url, await miniflare.getD1Database("ORDERS_EU", product.name));
    sales.#storedBefore = await sales.#storedCount();
    return sales;
  }

  private constructor(url: string, orders: Database) {
    this.#storefront = new Storefront(url);
    this.#orders = orders;
  }

  /** What is stored besides is not this side's sales. */
  async counted(): Promise<void> {
    this.#storedBefore = (await this.#storedCount()) - this.soldCount;
  }

  get soldCount(): number {
    return this.startedMs.size;
  }

  /** Learns the total that the shopper sees. */
  async look(): Promise<void> {
    this.#total = checkoutIn(await this.open()).total;
  }

  /** A checkout that stays open. */
  open() {
    return this.#storefront.create(cartOf("mug", 1, { lines: LINES }));
  }

  /** Create and pay in one request. */
  readonly sellInOneCall: Sell = async () => {
    const startMs = Date.now();
    const payment = cardPayment(CARD, this.#total);
    const { body, text } = await this.#storefront.create(
      cartOf("mug", 1, { lines: LINES, ...payment }),
    );
    if (body.orderId === undefined) throw new Error(`not sold: ${text}`);
    this.startedMs.set(body.orderId, startMs);
  };

  /** Create, then pay, as a shopper does; notes how long the pay call took. */
  readonly sellInTwoCalls: Sell = async () => {
    const startMs = Date.now();
    const created = checkoutIn(await this.open());
    const payStartMs = performance.now();
    const { body, text } = await this.#storefront.pay(created, cardPayment(CARD, created.total));
    this.payMs.push(performance.now() - payStartMs);
    if (body.orderId === undefined) throw new Error(`not sold: ${text}`);
    this.startedMs.set(body.orderId, startMs);
  };

  /** Waits until each sale so far has its order row and all its events; answers when that was. */
  async drained(): Promise<number> {
    // Told answers are the auditor's; a long load would only keep them in memory.
    this.#storefront.told.length = 0;
    await eventually(
      async () => this.#storedBefore + this.soldCount - (await this.#storedCount()),
      (missing) => missing <= 0,
      { withinMs: DRAINED_WITHIN_MS, gapMs: DRAIN_GAP_MS },
    );
    return Date.now();
  }

  async #storedCount(): Promise<number> {
    const sql = "SELECT count(*) AS count FROM orders WHERE shop_id = 'demo' AND status = ?";
    const { results } = await this.#orders.prepare(sql).bind("fulfillment_requested").all();
    return (results[0] as { count: number }).count;
  }

  /** From the first call of a sale to the event that says its money was taken. */
  async cartToCapturedMs(since: number): Promise<number[]> {
    const sql = "SELECT order_id, at_ms FROM events WHERE type = ? AND at_ms >= ?";
    const { results } = await this.#orders
      .prepare(sql)
      .bind("tender.order.captured.v1", since)
      .all();
    return (results as { order_id: string; at_ms: number }[]).flatMap(({ order_id, at_ms }) => {
      const startedMs = this.startedMs.get(order_id) ?? 0;
      return startedMs >= since ? [at_ms - startedMs] : [];
    });
  }
}

type FeedView = { readonly lag: { readonly events: number; readonly seconds: number } };

/** How old the oldest event is that some feed of the sales' region has not been through. */
export async function feedLagSeconds(url: string): Promise<number> {
  const headers = { authorization: "Bearer op_test_operator" };
  const answer = await fetch(`${url}/v1/ops/feeds?region=eu`, { headers });
  const { feeds } = (await answer.json()) as { feeds: FeedView[] };
  return Math.max(...feeds.map(({ lag }) => lag.seconds));
}

/** One sale of the bare Worker: it is over when it is answered. */
export function bareSale({ url }: { readonly url: string }): Sell {
  return async () => {
    const response = await fetch(url, { method: "POST" });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`not sold: ${text}`);
  };
}

/** Makes the provider take this long for each call, and send its events or not. */
export async function providerIs(simulatorUrl: string, provider: Provider): Promise<void> {
  const { authorizeMs, captureMs, sendsWebhooks } = provider;
  const response = await fetch(`${simulatorUrl}/_simulator/stripe/control`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      latencyMs: { authorize: authorizeMs, capture: captureMs },
      webhooks: { mode: sendsWebhooks ? "normal" : "off" },
    }),
  });
  if (!response.ok) throw new Error(`The simulator refused: ${await response.text()}`);
}
