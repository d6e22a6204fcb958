import type { Money } from "../schema/money.ts";
import { readDumps } from "../test/audit/read-dumps.ts";
import { cardPayment, cartOf, checkoutIn, Storefront } from "../test/clients/storefront.ts";
import { eventually } from "../test/eventually.ts";
import type { Sell } from "./load.ts";
import type { Worlds } from "./worlds.ts";

const LINES = [
  { sku: "mug", quantity: 1 },
  { sku: "shirt", quantity: 1 },
];
const CARD = "pm_card_visa";
const DRAINED_WITHIN_MS = 60_000;
const DRAIN_GAP_MS = 250; // each look reads the dumps and costs the measured process something

export type Provider = {
  readonly authorizeMs: number;
  readonly captureMs: number;
  readonly sendsWebhooks: boolean;
};

/** Tender's side of the bench: sales of two SKUs by card, and what became of them. */
export class TenderSales {
  readonly #worlds: Worlds;
  readonly #storefront: Storefront;
  #total: Money | undefined;
  /** When each sale's first call was sent, by order. */
  readonly startedMs = new Map<string, number>();
  readonly payMs: number[] = [];

  constructor(worlds: Worlds) {
    this.#worlds = worlds;
    this.#storefront = new Storefront(worlds.tender.url);
  }

  /** Learns the total that the shopper sees. */
  async look(): Promise<void> {
    const seen = await this.#storefront.create(cartOf("mug", 1, { lines: LINES }));
    this.#total = checkoutIn(seen).total;
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
    const created = checkoutIn(await this.#storefront.create(cartOf("mug", 1, { lines: LINES })));
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
      () => this.#unfinishedCount(),
      (count) => count === 0,
      { withinMs: DRAINED_WITHIN_MS, gapMs: DRAIN_GAP_MS },
    );
    return Date.now();
  }

  async #unfinishedCount(): Promise<number> {
    const rows = await orderRows(this.#worlds.tender.url);
    const done = rows.filter(({ status }) => status === "fulfillment_requested").length;
    return this.startedMs.size - done;
  }

  /** From the first call of a sale to the event that says its money was taken. */
  async cartToCapturedMs(since: number): Promise<number[]> {
    const { url } = this.#worlds.tender;
    const { events } = await readDumps({ url, simulatorUrl: this.#worlds.simulatorUrl });
    return events
      .filter(({ type }) => type === "tender.order.captured.v1")
      .flatMap(({ subject, time }) => {
        const startedMs = this.startedMs.get(subject) ?? 0;
        return startedMs >= since ? [Date.parse(String(time)) - startedMs] : [];
      });
  }
}

async function orderRows(url: string): Promise<{ status: string }[]> {
  const headers = { authorization: "Bearer op_test_operator" };
  const text = await (await fetch(`${url}/v1/ops/dump/orders?region=eu`, { headers })).text();
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as { status: string });
}

/** One sale of the bare Worker: it is over when it is answered. */
export function bareSale({ bare }: Worlds): Sell {
  return async () => {
    const response = await fetch(bare.url, { method: "POST" });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`not sold: ${text}`);
  };
}

/** Makes the provider take this long for each call, and send its events or not. */
export async function providerIs({ simulatorUrl }: Worlds, provider: Provider): Promise<void> {
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
