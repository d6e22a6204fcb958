import * as z from "zod";
import { ProviderName } from "../schema/payment.ts";
import type { Notice, RoutedNotice, Unroutable } from "./webhook-notice.ts";

/** The dead letters of webhooks that no sale took. */
export const WEBHOOK_LETTERS = "provider-webhooks";

const FIRST_LOOK_MS = 30_000; // a sale that is just being written is there by then

const Row = z.object({
  provider: ProviderName,
  event_id: z.string(),
  type: z.string(),
  reference: z.string(),
  routed: z.string().nullable(),
  cause: z.string(),
  attempts: z.int(),
  first_at_ms: z.int(),
});

/** A webhook that is looked at again. */
export type UnroutedWebhook = Unroutable & {
  /** As it was stored; absent when the sale is not known. */
  readonly routed: RoutedNotice | undefined;
  readonly attempts: number;
  readonly firstAtMs: number;
};

/** What webhooks told and no sale has taken; a job looks at it again. Statements of D1 CATALOG. */
export class UnroutedWebhooks {
  readonly #d1: D1Database;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /** Keeps events by id alone: they are fetched from the provider again. The same one counts once. */
  async keepEvents(events: readonly Unroutable[], nowMs: number): Promise<void> {
    const rows = events.map((event) =>
      this.#insert({ ...event, routed: null, cause: "no_sale" }, nowMs),
    );
    if (rows.length > 0) await this.#d1.batch(rows);
  }

  /** Keeps notices whose sale did not take them: it was not there, or it could not be asked. */
  async keepNotices(
    notices: readonly (RoutedNotice & { readonly cause: string })[],
    nowMs: number,
  ): Promise<void> {
    const rows = notices.map(({ cause, ...routed }) => {
      const { provider, noticeId, type, reference } = routed.notice;
      const event = { provider, eventId: noticeId, type, reference };
      return this.#insert({ ...event, routed: JSON.stringify(routed), cause }, nowMs);
    });
    if (rows.length > 0) await this.#d1.batch(rows);
  }

  /** What is due, the longest overdue first; and the names of rows that cannot be read. */
  async due(
    nowMs: number,
    limit: number,
  ): Promise<readonly (UnroutedWebhook | { readonly unreadable: Named })[]> {
    const { results } = await this.#d1
      .prepare(
        "SELECT * FROM unrouted_webhooks WHERE due_at_ms <= ? ORDER BY due_at_ms, event_id LIMIT ?",
      )
      .bind(nowMs, limit)
      .all<Named & Record<string, unknown>>();
    return results.map((row) => toWebhook(row) ?? { unreadable: row });
  }

  /** Looked at in vain: when it is next, and what was the matter. A look that came first stands. */
  async postpone({ provider, eventId, attempts }: UnroutedWebhook, next: Postponed): Promise<void> {
    await this.#d1
      .prepare(
        `UPDATE unrouted_webhooks SET attempts = attempts + 1, due_at_ms = ?, cause = ?
         WHERE provider = ? AND event_id = ? AND attempts = ?`,
      )
      .bind(next.dueAtMs ?? null, next.cause, provider, eventId, attempts)
      .run();
  }

  /**
   * An operator's wish: it is looked at again from now on, as if it had just come. What was forgotten
   * since is kept anew.
   */
  async lookAgain(told: ToldOf, nowMs: number): Promise<void> {
    const { provider, eventId, type, routed } = told;
    const reference = routed?.notice.reference ?? "";
    const kept = routed ? JSON.stringify(routed) : null;
    const event = { provider, eventId, type, reference, routed: kept, cause: "redriven" };
    const again = `UPDATE unrouted_webhooks SET first_at_ms = ?1, due_at_ms = ?1
      WHERE provider = ?2 AND event_id = ?3`;
    await this.#d1.batch([
      this.#insert(event, nowMs),
      this.#d1.prepare(again).bind(nowMs, provider, eventId),
    ]);
  }

  /** Forgets what nobody looks at any more and was first told of before then. Answers how many. */
  async forget(beforeMs: number): Promise<number> {
    const { meta } = await this.#d1
      .prepare("DELETE FROM unrouted_webhooks WHERE due_at_ms IS NULL AND first_at_ms < ?")
      .bind(beforeMs)
      .run();
    return meta.changes;
  }

  /** Nobody looks at it any more. */
  async close({ provider, event_id }: Named, cause: string): Promise<void> {
    await this.#d1
      .prepare(
        "UPDATE unrouted_webhooks SET due_at_ms = NULL, cause = ? WHERE provider = ? AND event_id = ?",
      )
      .bind(cause, provider, event_id)
      .run();
  }

  /** Everything that was told of a payment and no sale has taken, oldest first. */
  async toldOf(provider: ProviderName, reference: string): Promise<readonly Notice[]> {
    const { results } = await this.#d1
      .prepare(
        `SELECT routed FROM unrouted_webhooks
         WHERE provider = ? AND reference = ? AND routed IS NOT NULL ORDER BY first_at_ms`,
      )
      .bind(provider, reference)
      .all<{ routed: string }>();
    return results.map(({ routed }) => (JSON.parse(routed) as RoutedNotice).notice);
  }

  #insert(
    { provider, eventId, type, reference, routed, cause }: Unroutable & Kept,
    nowMs: number,
  ): D1PreparedStatement {
    return this.#d1
      .prepare(
        `INSERT INTO unrouted_webhooks
           (provider, event_id, type, reference, routed, cause, first_at_ms, due_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .bind(provider, eventId, type, reference, routed, cause, nowMs, nowMs + FIRST_LOOK_MS);
  }
}

/** A webhook as its letter tells of it. */
export type ToldOf = Pick<Unroutable, "provider" | "eventId" | "type"> & {
  readonly routed?: RoutedNotice | undefined;
};

/** As the table names it. */
type Named = { readonly provider: string; readonly event_id: string };
/** Without a time nobody looks any more. */
type Postponed = { readonly dueAtMs: number | undefined; readonly cause: string };

/** Undefined for a row that this version cannot read. */
function toWebhook(row: unknown): UnroutedWebhook | undefined {
  const { data } = Row.safeParse(row);
  if (!data) return undefined;
  const { provider, event_id: eventId, type, reference, attempts, first_at_ms } = data;
  const routed = data.routed === null ? undefined : (JSON.parse(data.routed) as RoutedNotice);
  if (routed && !routed.notice) return undefined;
  return { provider, eventId, type, reference, routed, attempts, firstAtMs: first_at_ms };
}

type Kept = { readonly routed: string | null; readonly cause: string };
