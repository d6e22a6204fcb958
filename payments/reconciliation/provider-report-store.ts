import type { Report } from "../webhook-notice.ts";

const TRIES_MAX = 300; // every five minutes, for a day

export type AnnouncedReport = Report & { readonly announcedAtMs: number };

/** Reports that providers have announced by webhook. Statements of D1 CATALOG. */
export class ProviderReports {
  readonly #d1: D1Database;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  async keep(reports: readonly Report[], nowMs: number): Promise<void> {
    const insert =
      "INSERT INTO provider_reports (provider, name, url, announced_at_ms) VALUES (?, ?, ?, ?) " +
      "ON CONFLICT DO NOTHING";
    const rows = reports.map(({ provider, name, url }) =>
      this.#d1.prepare(insert).bind(provider, name, url, nowMs),
    );
    if (rows.length > 0) await this.#d1.batch(rows);
  }

  /** Announced and not read yet. One that failed comes behind those that did not. */
  async unread(limit: number): Promise<readonly AnnouncedReport[]> {
    const { results } = await this.#d1
      .prepare(
        `SELECT provider, name, url, announced_at_ms AS announcedAtMs FROM provider_reports
         WHERE read_at_ms IS NULL AND tries < ${TRIES_MAX} ORDER BY tries, announced_at_ms LIMIT ?`,
      )
      .bind(limit)
      .all<AnnouncedReport>();
    return results;
  }

  async markRead({ provider, name }: Report, nowMs: number): Promise<void> {
    await this.#d1
      .prepare("UPDATE provider_reports SET read_at_ms = ? WHERE provider = ? AND name = ?")
      .bind(nowMs, provider, name)
      .run();
  }

  /** It could not be read. After `TRIES_MAX` times nobody tries any more. */
  async markUnread({ provider, name }: Report, cause: string): Promise<void> {
    await this.#d1
      .prepare(
        `UPDATE provider_reports SET tries = tries + 1, cause = ? WHERE provider = ? AND name = ?`,
      )
      .bind(cause, provider, name)
      .run();
  }
}
