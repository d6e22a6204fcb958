import { MINUTE_MS, RESEND_AFTER_MS } from "../../schema/durations.ts";
import type { OrderEvent } from "../../schema/events.ts";
import type { Order } from "../../schema/order.ts";

export const OUTBOX_SCHEMA = `
CREATE TABLE IF NOT EXISTS outbox (
  -- The order's version that this event made; gapless from 1.
  sequence INTEGER PRIMARY KEY,
  envelope TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
`;

const RESEND_DELAY_MAX_MS = 10 * MINUTE_MS; // an order store that is down for hours is not hammered
// After five minutes without store or queue all is sent within one; a smaller part would fill the
// queue, which keeps each copy for a store that is away.
const RESENDS_PER_AGE = 5;

export type Snapshot = { readonly order: Order; readonly unapplied: readonly OrderEvent[] };

type OutboxRow = { sequence: number; envelope: string; at_ms: number };

/**
 * Events written in the transaction of the change they tell of. They leave when the order store
 * has applied them, and are sent again until then; so the queue may lose or double anything
 * (decision 6).
 */
export class Outbox {
  readonly #sql: SqlStorage;
  /** In memory only: after a restart everything that is left is simply sent again. */
  #sentUpTo = 0;
  #sentAtMs = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  insert(event: OrderEvent, atMs: number): void {
    const insert = "INSERT INTO outbox (sequence, envelope, at_ms) VALUES (?, ?, ?)";
    this.#sql.exec(insert, event.sequence, JSON.stringify(event), atMs);
  }

  /** Drops exactly what the order store has: one that is missing between others stays. */
  applied(versions: readonly number[]): void {
    const list = JSON.stringify(versions);
    this.#sql.exec("DELETE FROM outbox WHERE sequence IN (SELECT value FROM json_each(?))", list);
  }

  /** An order with its events that the order store is not known to have yet. */
  snapshot(order: Order | undefined): Snapshot | undefined {
    if (!order) return undefined;
    return { order, unapplied: this.#rows().map(({ envelope }) => JSON.parse(envelope)) };
  }

  /** Sends what was never sent, and everything when the oldest is overdue. */
  async relay(queue: Pick<Queue, "sendBatch">, nowMs: number): Promise<void> {
    const rows = this.#rows();
    const isOverdue = (this.dueAtMs() ?? Number.POSITIVE_INFINITY) <= nowMs;
    const toSend = isOverdue ? rows : rows.filter(({ sequence }) => sequence > this.#sentUpTo);
    const last = toSend.at(-1);
    if (!last) return;
    this.#sentUpTo = Math.max(this.#sentUpTo, last.sequence);
    this.#sentAtMs = nowMs;
    await queue.sendBatch(toSend.map(({ envelope }) => ({ body: JSON.parse(envelope) })));
  }

  /**
   * When the oldest unapplied event is to be sent again: it waits a part of its age. Undefined when
   * all are applied.
   */
  dueAtMs(oldest = this.#oldestMs()): number | undefined {
    if (oldest === undefined) return undefined;
    const lastMs = Math.max(oldest, this.#sentAtMs);
    const partMs = Math.ceil((lastMs - oldest) / RESENDS_PER_AGE);
    return lastMs + Math.min(RESEND_DELAY_MAX_MS, Math.max(RESEND_AFTER_MS, partMs));
  }

  #oldestMs(): number | undefined {
    const query = "SELECT min(at_ms) AS at_ms FROM outbox";
    return this.#sql.exec<{ at_ms: number | null }>(query).one().at_ms ?? undefined;
  }

  #rows(): readonly OutboxRow[] {
    return this.#sql
      .exec<OutboxRow>("SELECT sequence, envelope, at_ms FROM outbox ORDER BY sequence")
      .toArray();
  }
}
