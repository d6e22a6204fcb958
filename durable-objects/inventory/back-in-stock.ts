import { regions } from "../../schema/regions.ts";
import type { StockBack } from "../../schema/stock-back.ts";
import type { Shelf } from "../placement.ts";
import type { InventoryStore } from "./inventory.store.ts";

const AGAIN_MS = 30_000; // a queue that is away is back within minutes

type QueuesEnv = Pick<Cloudflare.Env, (typeof regions)[keyof typeof regions]["bindings"]["events"]>;

/** Notes that a shelf which was sold out has pieces again; what never had any is new, not back. */
export function noteBack<R>(store: InventoryStore, work: () => R, nowMs: number): R {
  const before = store.levels();
  const answer = work();
  const isBack = before.received > 0 && before.available === 0 && store.levels().available > 0;
  if (isBack) store.cameBack(nowMs);
  return answer;
}

/** What is told of it. The same return tells the same id. */
export function stockBack(shelf: Shelf, atMs: number, available: number): StockBack {
  const { shopId, region, sku, cell } = shelf;
  return {
    specversion: "1.0",
    id: `${shopId}/${region}/${encodeURIComponent(sku)}/${cell}/back/${atMs}`,
    source: `/shops/${shopId}/regions/${region}`,
    type: "tender.stock.back.v1",
    subject: sku,
    time: new Date(atMs).toISOString(),
    datacontenttype: "application/json",
    shopid: shopId,
    region,
    data: { sku, cell, available },
  };
}

/** Answers when to try again, epoch ms; undefined once the queue has it. */
export async function tellBack(env: QueuesEnv, told: StockBack, nowMs: number) {
  try {
    await env[regions[told.region].bindings.events].sendBatch([{ body: told }]);
    return undefined;
  } catch (problem) {
    console.error({ event: "stock.back_untold", id: told.id, problem: String(problem) });
    return nowMs + AGAIN_MS;
  }
}
