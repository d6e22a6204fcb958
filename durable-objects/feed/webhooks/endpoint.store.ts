import { DAY_MS, HOUR_MS } from "../../../schema/durations.ts";
import type { OrderEventType } from "../../../schema/events.ts";
import type { ShopId } from "../../../schema/ids.ts";
import type { EndpointId } from "../../../schema/webhook-endpoints.ts";

const KEEP_DELIVERIES_MS = 30 * DAY_MS; // as long as a merchant looks for what went wrong

export type Secret = { readonly secret: string; readonly expiresAtMs?: number };

/** An endpoint as every region keeps it. Newest secret first. */
export type Endpoint = {
  readonly endpointId: EndpointId;
  readonly shopId: ShopId;
  readonly version: number;
  readonly isRemoved: boolean;
  readonly url: string;
  readonly types?: readonly OrderEventType[] | undefined;
  readonly secrets: readonly Secret[];
  readonly createdAtMs: number;
};

/** One try to hand an event over, and how it ended. */
export type Delivery = {
  readonly endpointId: EndpointId;
  readonly eventId: string;
  readonly type: string;
  /** Which one this was for its event, from 1. */
  readonly nthTry: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly problem: string | undefined;
};

type DeliveryRow = {
  delivery_id: number;
  endpoint_id: string;
  event_id: string;
  type: string;
  attempt: number;
  at_ms: number;
  duration_ms: number;
  status: number | null;
  problem: string | null;
};

export type DeliveryPage = { readonly before?: number | undefined; readonly limit: number };

const PURGED_AT_ONCE = 1_000;
const PURGE_EVERY_MS = HOUR_MS;

/**
 * The statements of endpoints and of what was sent to them. Callers bring the transaction. Endpoints
 * are read once and kept: this object is the only writer of its rows.
 */
export class EndpointStore {
  readonly #sql: SqlStorage;
  readonly #known = new Map<EndpointId, Endpoint>();
  #purgedAtMs = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** After a transaction that was taken back: memory may hold what never was. */
  forget(): void {
    this.#known.clear();
    this.#purgedAtMs = 0;
  }

  /** Also what was removed. */
  read(endpointId: EndpointId): Endpoint | undefined {
    const known = this.#known.get(endpointId);
    if (known) return known;
    const query = "SELECT document FROM endpoints WHERE endpoint_id = ?";
    const [row] = this.#sql.exec<{ document: string }>(query, endpointId).toArray();
    if (!row) return undefined;
    const endpoint: Endpoint = JSON.parse(row.document);
    this.#known.set(endpointId, endpoint);
    return endpoint;
  }

  /** What is registered now; of one shop, or of all. */
  all(shopId: ShopId | null = null): readonly Endpoint[] {
    return this.#sql
      .exec<{ document: string }>(
        `SELECT document FROM endpoints WHERE shop_id = ifnull(?, shop_id) AND is_removed = 0
           ORDER BY endpoint_id`,
        shopId,
      )
      .toArray()
      .map(({ document }) => JSON.parse(document) as Endpoint);
  }

  /** Answers whether it was news. */
  put(endpoint: Endpoint): boolean {
    const { endpointId, shopId, version, isRemoved } = endpoint;
    const written = this.#sql.exec(
      `INSERT INTO endpoints (endpoint_id, shop_id, version, is_removed, document)
         VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET version = excluded.version, is_removed = excluded.is_removed,
           document = excluded.document WHERE excluded.version > version`,
      endpointId,
      shopId,
      version,
      Number(isRemoved),
      JSON.stringify(endpoint),
    );
    this.#known.delete(endpointId);
    return written.rowsWritten > 0;
  }

  insertDelivery(delivery: Delivery): void {
    this.#sql.exec(
      `INSERT INTO deliveries (endpoint_id, event_id, type, attempt, at_ms, duration_ms, status,
         problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      delivery.endpointId,
      delivery.eventId,
      delivery.type,
      delivery.nthTry,
      delivery.atMs,
      delivery.durationMs,
      delivery.status ?? null,
      delivery.problem ?? null,
    );
    this.#purge(delivery.atMs);
  }

  /** Now and then, the oldest alone: ids grow with time, so that no index has to be kept for this. */
  #purge(nowMs: number): void {
    if (nowMs - this.#purgedAtMs < PURGE_EVERY_MS) return;
    this.#purgedAtMs = nowMs;
    this.#sql.exec(
      `DELETE FROM deliveries WHERE at_ms < ? AND delivery_id IN
         (SELECT delivery_id FROM deliveries ORDER BY delivery_id LIMIT ?)`,
      nowMs - KEEP_DELIVERIES_MS,
      PURGED_AT_ONCE,
    );
  }

  /** How often this event was handed over to this endpoint, in vain or not. */
  tries(endpointId: EndpointId, eventId: string): number {
    // Looks at the latest 200 alone: an event's tries follow each other.
    const query = `SELECT ifnull(max(attempt), 0) AS n FROM
      (SELECT attempt, event_id FROM deliveries WHERE endpoint_id = ?
         ORDER BY delivery_id DESC LIMIT 200) WHERE event_id = ?`;
    return this.#sql.exec<{ n: number }>(query, endpointId, eventId).one().n;
  }

  /** Newest first. */
  deliveries(
    endpointId: EndpointId,
    { before, limit }: DeliveryPage,
  ): readonly (Delivery & { readonly deliveryId: number })[] {
    return this.#sql
      .exec<DeliveryRow>(
        `SELECT * FROM deliveries WHERE endpoint_id = ? AND delivery_id < ?
           ORDER BY delivery_id DESC LIMIT ?`,
        endpointId,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray()
      .map((row) => ({
        deliveryId: row.delivery_id,
        endpointId,
        eventId: row.event_id,
        type: row.type,
        nthTry: row.attempt,
        atMs: row.at_ms,
        durationMs: row.duration_ms,
        status: row.status ?? undefined,
        problem: row.problem ?? undefined,
      }));
  }
}
