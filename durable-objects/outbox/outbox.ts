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

type OutboxRow = { envelope: string; at_ms: number };
type Waiting = { readonly event: OrderEvent; readonly atMs: number };

/**
 * Events written in the transaction of the change they tell of. They leave when the order store
 * has applied them, and are sent again until then; so the queue may lose or double anything
 * (decision 6).
 */
export class Outbox {
  readonly #sql: SqlStorage;
  readonly #tables: { isEmpty(): boolean };
  /** In memory only: after a restart everything that is left is simply sent again. */
  #sentUpTo = 0;
  #sentAtMs = 0;
  /** What the order store is not known to have; undefined until it is read. Nobody else writes it. */
  #unapplied: readonly Waiting[] | undefined;

  /** `tables` says whether there is an outbox at all. */
  constructor(sql: SqlStorage, tables: { isEmpty(): boolean }) {
    this.#sql = sql;
    this.#tables = tables;
  }

  insert(event: OrderEvent, atMs: number): void {
    const waiting = this.#waiting();
    const insert = "INSERT INTO outbox (sequence, envelope, at_ms) VALUES (?, ?, ?)";
    this.#sql.exec(insert, event.sequence, JSON.stringify(event), atMs);
    this.#unapplied = [...waiting, { event, atMs }];
  }

  /** Whether any of these versions is still to be dropped. */
  awaits(versions: readonly number[]): boolean {
    return this.#waiting().some(({ event }) => versions.includes(event.sequence));
  }

  /** Drops exactly what the order store has: one that is missing between others stays. */
  applied(versions: readonly number[]): void {
    const list = JSON.stringify(versions);
    this.#sql.exec("DELETE FROM outbox WHERE sequence IN (SELECT value FROM json_each(?))", list);
    this.#unapplied = this.#waiting().filter(({ event }) => !versions.includes(event.sequence));
  }

  /** Storage is no longer what is known of it. */
  forget(): void {
    this.#unapplied = undefined;
  }

  /** An order with its events that the order store is not known to have yet. */
  snapshot(order: Order | undefined): Snapshot | undefined {
    if (!order) return undefined;
    return { order, unapplied: this.#waiting().map(({ event }) => event) };
  }

  /** Sends what was never sent, and everything when the oldest is overdue. */
  async relay(queue: Pick<Queue, "sendBatch">, nowMs: number): Promise<void> {
    const events = this.#waiting().map(({ event }) => event);
    const isOverdue = (this.dueAtMs() ?? Number.POSITIVE_INFINITY) <= nowMs;
    const toSend = isOverdue ? events : events.filter(({ sequence }) => sequence > this.#sentUpTo);
    const last = toSend.at(-1);
    if (!last) return;
    this.#sentUpTo = Math.max(this.#sentUpTo, last.sequence);
    this.#sentAtMs = nowMs;
    await queue.sendBatch(toSend.map((body) => ({ body })));
  }

  /**
   * When the oldest unapplied event is to be sent again: it waits a part of its age. Undefined when
   * all are applied.
   */
  dueAtMs(): number | undefined {
    const timesMs = this.#waiting().map(({ atMs }) => atMs);
    if (timesMs.length === 0) return undefined;
    const oldest = Math.min(...timesMs);
    const lastMs = Math.max(oldest, this.#sentAtMs);
    const partMs = Math.ceil((lastMs - oldest) / RESENDS_PER_AGE);
    return lastMs + Math.min(RESEND_DELAY_MAX_MS, Math.max(RESEND_AFTER_MS, partMs));
  }

  /** In the order of their versions. */
  #waiting(): readonly Waiting[] {
    this.#unapplied ??= this.#tables.isEmpty() ? [] : this.#read();
    return this.#unapplied;
  }

  #read(): readonly Waiting[] {
    return this.#sql
      .exec<OutboxRow>("SELECT envelope, at_ms FROM outbox ORDER BY sequence")
      .toArray()
      .map(({ envelope, at_ms }) => ({ event: JSON.parse(envelope), atMs: at_ms }));
  }
}
