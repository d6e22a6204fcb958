import type { Report, RoutedNotice, Unroutable } from "./notice.ts";

const FIRST_LOOK_MS = 30_000; // a sale that is just being written is there by then

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

  async keepReports(reports: readonly Report[], nowMs: number): Promise<void> {
    const insert =
      "INSERT INTO provider_reports (provider, name, url, announced_at_ms) VALUES (?, ?, ?, ?) " +
      "ON CONFLICT DO NOTHING";
    const rows = reports.map(({ provider, name, url }) =>
      this.#d1.prepare(insert).bind(provider, name, url, nowMs),
    );
    if (rows.length > 0) await this.#d1.batch(rows);
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

type Kept = { readonly routed: string | null; readonly cause: string };
