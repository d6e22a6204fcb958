import type { RegionCode } from "../../schema/regions.ts";
import type { Fetched } from "./unleash-client.ts";

/** The definitions read last, outside the isolate: a new one begins with them (decision 20). */
export interface FlagCopy {
  /** The last definitions that could be read; none before the first. */
  read(): Promise<Fetched | undefined>;
  keep(fetched: Fetched, nowMs: number): Promise<void>;
}

/** A row per region and source in the catalogue. */
export class D1FlagCopy implements FlagCopy {
  readonly #d1: D1Database;
  readonly #region: RegionCode;
  readonly #source: string;

  constructor(d1: D1Database, region: RegionCode, source: string) {
    this.#d1 = d1;
    this.#region = region;
    this.#source = source;
  }

  async read(): Promise<Fetched | undefined> {
    const row = await this.#d1
      .prepare("SELECT etag, definitions FROM flag_definitions WHERE region = ? AND source = ?")
      .bind(this.#region, this.#source)
      .first<{ etag: string; definitions: string }>();
    return row ? { etag: row.etag, text: row.definitions } : undefined;
  }

  /** Every isolate tells of a change; a row is written only for a new ETag, so by the first. */
  async keep({ etag, text }: Fetched, nowMs: number): Promise<void> {
    await this.#d1
      .prepare(
        `INSERT INTO flag_definitions (region, source, etag, definitions, read_at_ms)
         VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (region, source) DO UPDATE SET
           etag = excluded.etag, definitions = excluded.definitions,
           read_at_ms = excluded.read_at_ms
         WHERE etag <> excluded.etag`,
      )
      .bind(this.#region, this.#source, etag, text, nowMs)
      .run();
  }
}
