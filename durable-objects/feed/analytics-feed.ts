import { HOUR_MS } from "../../schema/durations.ts";
import type { OrderEvent } from "../../schema/events.ts";
import type { Rollup } from "../../schema/feeds.ts";
import type { ShopId } from "../../schema/ids.ts";
import { type Money, minus, zero } from "../../schema/money.ts";
import type { Order } from "../../schema/order.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { retry } from "../saga/retry.ts";
import type { Effect } from "./following/effect.ts";
import type { OrderChange } from "./following/log-pages.ts";

export const ANALYTICS_SCHEMA = `
CREATE TABLE IF NOT EXISTS rollups (
  shop_id TEXT NOT NULL,
  -- When it happened at home, not when the log learnt it.
  hour_ms INTEGER NOT NULL,
  currency TEXT NOT NULL,
  orders INTEGER NOT NULL,
  ordered_minor INTEGER NOT NULL,
  captures INTEGER NOT NULL,
  captured_minor INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  refunded_minor INTEGER NOT NULL,
  cancellations INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (shop_id, hour_ms, currency)
) STRICT, WITHOUT ROWID;
`;

const NUMBERS = [
  ...["orders", "ordered_minor", "captures", "captured_minor"],
  ...["refunds", "refunded_minor", "cancellations", "failures"],
] as const;

type Numbers = { -readonly [Name in (typeof NUMBERS)[number]]: number };
type RollupRow = { shop_id: string; hour_ms: number; currency: string } & Numbers;

export type RollupRequest = {
  readonly shopId: ShopId;
  readonly sinceMs: number;
  readonly untilMs: number;
};

/** Sums by hour. They are written in the transaction of the position, so each event counts once. */
export class Analytics {
  readonly #sql: SqlStorage;
  readonly effect: Effect = {
    changesMax: 500,
    retry: retry.persistently,
    whenSpent: "pass",
    perform: async (changes, { isReplay }) => {
      return { is: "done", write: () => (isReplay ? undefined : this.#count(changes)) };
    },
  };

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Whatever is counted is forgotten: a replay from the log's start counts it anew. */
  clear(): void {
    this.#sql.exec("DELETE FROM rollups");
  }

  read(region: RegionCode, { shopId, sinceMs, untilMs }: RollupRequest): readonly Rollup[] {
    return this.#sql
      .exec<RollupRow>(
        `SELECT * FROM rollups WHERE shop_id = ? AND hour_ms >= ? AND hour_ms < ?
           ORDER BY hour_ms, currency`,
        shopId,
        sinceMs,
        untilMs,
      )
      .toArray()
      .map((row) => rollupOf(region, row));
  }

  #count(changes: readonly OrderChange[]): void {
    for (const [name, ofHour] of Map.groupBy(changes, ({ event }) => rollupName(event))) {
      const all = ofHour.map(({ event, before }) => numbersOf(event.data, before));
      const sums = NUMBERS.map((number) => all.reduce((sum, each) => sum + each[number], 0));
      if (sums.every((sum) => sum === 0)) continue;
      this.#sql.exec(ADD, ...(JSON.parse(name) as string[]), ...sums);
    }
  }
}

const ADD = `INSERT INTO rollups (shop_id, hour_ms, currency, ${NUMBERS.join(", ")})
  VALUES (?, ?, ?${", ?".repeat(NUMBERS.length)})
  ON CONFLICT DO UPDATE SET ${NUMBERS.map((n) => `${n} = ${n} + excluded.${n}`).join(", ")}`;

/** The key of the row that an event counts in, as JSON: shop, hour, currency. */
function rollupName({ shopid, time, data }: OrderEvent): string {
  const hourMs = Math.floor(Date.parse(time) / HOUR_MS) * HOUR_MS;
  return JSON.stringify([shopid, hourMs, data.total.currency]);
}

/** What this version of the order adds to the one before. */
function numbersOf(order: Order, before: Order | undefined): Numbers {
  const none = zero(order.total.currency);
  const captured = changeMinor(before?.captured ?? none, order.captured);
  const refunded = changeMinor(before?.refunded ?? none, order.refunded);
  const became = (isSo: (version: Order) => boolean) =>
    Number(isSo(order) && !(before && isSo(before)));
  return {
    orders: before ? 0 : 1,
    ordered_minor: before ? 0 : order.total.amountMinor,
    captures: Number(captured > 0),
    captured_minor: captured,
    refunds: Number(refunded > 0),
    refunded_minor: refunded,
    cancellations: became(({ status }) => status === "cancelled"),
    failures: became(({ payment }) => payment === "capture_failed"),
  };
}

/** Below zero where a capture that was told of turned out to have failed. */
function changeMinor(from: Money, to: Money): number {
  return to.amountMinor >= from.amountMinor
    ? minus(to, from).amountMinor
    : -minus(from, to).amountMinor;
}

function rollupOf(region: RegionCode, row: RollupRow): Rollup {
  return {
    shopId: row.shop_id as ShopId,
    region,
    hour: new Date(row.hour_ms).toISOString(),
    currency: row.currency,
    orders: row.orders,
    orderedMinor: row.ordered_minor,
    captures: row.captures,
    capturedMinor: row.captured_minor,
    refunds: row.refunds,
    refundedMinor: row.refunded_minor,
    cancellations: row.cancellations,
    failures: row.failures,
  };
}
