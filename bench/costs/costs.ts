import { RESEND_AFTER_MS, SECOND_MS } from "../../schema/durations.ts";
import { regionCodes, regions } from "../../schema/regions.ts";
import { product } from "../../scripts/building/bundle.ts";
import { pause } from "../../scripts/machine/platform.ts";
import type { Counts } from "../../test/counting/counts.ts";
import type { Build } from "../builds.ts";
import { openLoop } from "../load.ts";
import { AS_IN_LIFE } from "../measure.ts";
import { providerIs } from "../sales.ts";
import { type Side, startSide } from "../sides.ts";
import { type Item, OBJECT_GIGABYTES, OPERATIONS_PER_MESSAGE, prices } from "./price-list.ts";

const SALES_PER_SECOND = 10; // as a shop that sells well: feeds and queues take several at a time
const WARM_SALES = 20;
const MEGABYTE = 1e6;

export type Usage = Readonly<Record<Item, number>>;
type Seen = { readonly counts: Counts; readonly d1Bytes: number };

/** What one card sale of two SKUs uses, created, then paid, with webhooks: the mean of many. */
export async function usagePerSale(
  build: Build,
  folder: string,
  forMs: number,
): Promise<Usage & { readonly counts: Counts; readonly sales: number }> {
  const side = await startSide(`${build.name} counted`, build, { folder });
  try {
    await providerIs(side.simulatorUrl, AS_IN_LIFE);
    await sell(side, (WARM_SALES * SECOND_MS) / SALES_PER_SECOND);
    const before = await restart(side);
    const sales = await sell(side, forMs);
    const after = await look(side);
    return { ...usageOf(after, before, sales), counts: after.counts, sales };
  } finally {
    await side.stop();
  }
}

async function sell(side: Side, forMs: number): Promise<number> {
  const load = await openLoop(side.sales.sellInTwoCalls, { perSecond: SALES_PER_SECOND, forMs });
  await side.sales.drained();
  await pause(RESEND_AFTER_MS + 2 * SECOND_MS); // its last alarm is the sale's too
  return load.soldCount;
}

async function restart(side: Side): Promise<Seen> {
  const before = await look(side);
  await fetch(`${side.url}/counts/start`);
  return before;
}

async function look({ url, miniflare }: Side): Promise<Seen> {
  const counts = (await (await fetch(`${url}/counts`)).json()) as Counts;
  let d1Bytes = 0;
  for (const code of regionCodes) {
    const { orders } = regions[code].bindings;
    const database = await miniflare.getD1Database(orders, product.name);
    d1Bytes += (await database.prepare("SELECT 1").all()).meta.size_after;
  }
  return { counts, d1Bytes };
}

const total = (sums: Readonly<Record<string, number>>) =>
  Object.values(sums).reduce((sum, each) => sum + each, 0);

function usageOf(after: Seen, before: Seen, sales: number): Usage {
  const { calls, alarms, rowsRead, rowsWritten, queues, d1, requests, activeMs } = after.counts;
  const storedBytes = total(after.counts.storedBytes) - total(before.counts.storedBytes);
  // Calls are timed until they answer; the capture goes on after the answer.
  const activeSeconds = total(activeMs) / SECOND_MS / sales + AS_IN_LIFE.captureMs / SECOND_MS;
  const each = (sum: number | undefined) => (sum ?? 0) / sales;
  return {
    requests: each(requests.fetch),
    cpuMs: Number.NaN, // of the timed build: counting costs time itself
    objectRequests: each(total(calls)),
    gigabyteSeconds: activeSeconds * OBJECT_GIGABYTES,
    objectRowsRead: each(total(rowsRead)),
    objectRowsWritten: each(total(rowsWritten) + total(alarms)),
    objectMegabyteMonths: each(storedBytes) / MEGABYTE,
    queueOperations: each(queues.messages) * OPERATIONS_PER_MESSAGE,
    d1RowsRead: each(d1.rowsRead),
    d1RowsWritten: each(d1.rowsWritten),
    d1MegabyteMonths: (after.d1Bytes - before.d1Bytes) / sales / MEGABYTE,
  };
}

export type Bill = readonly {
  readonly item: Item;
  readonly perSale: number;
  /** For a million sales, and a month of keeping them. */
  readonly usd: number;
}[];

export function billPerMillion(usage: Usage): Bill {
  return (Object.keys(prices) as Item[]).map((item) => {
    const perSale = usage[item];
    return { item, perSale, usd: perSale * prices[item].usdPerMillion };
  });
}

export const billTotal = (bill: Bill) => bill.reduce((sum, { usd }) => sum + usd, 0);
