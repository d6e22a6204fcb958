import type { ShopId } from "../../schema/ids.ts";
import type { LedgerDay } from "../ledger-source.ts";
import type { Finding } from "./ledger-comparison.ts";
import type { Figures } from "./reconciliation-figures.ts";
import {
  type Done,
  type Item,
  type KeptFigures,
  toFigures,
  toItem,
} from "./reconciliation-rows.ts";

/** Where a look's findings are kept. Statements of D1 CATALOG. */
export class ReconciliationBook {
  readonly #d1: D1Database;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /** The figures of a day as they are now: those of an earlier look at it give way, all at once. */
  async keepFigures(
    { provider, day }: LedgerDay,
    figures: readonly Figures[],
    nowMs: number,
  ): Promise<void> {
    const forget = "DELETE FROM reconciliations WHERE provider = ? AND day = ?";
    const insert = `INSERT INTO reconciliations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    await this.#d1.batch([
      this.#d1.prepare(forget).bind(provider, day),
      ...figures.map(({ shopId, currency, payments, orders, ordered, provider: theirs }) =>
        this.#d1
          .prepare(insert)
          .bind(
            ...[shopId, provider, day, currency, payments, orders],
            ...[ordered.capturedMinor, ordered.refundedMinor, ordered.chargedBackMinor],
            ...[theirs.capturedMinor, theirs.refundedMinor, theirs.chargedBackMinor],
            nowMs,
          ),
      ),
    ]);
  }

  /** Keeps what was found, each once, and due now: what is being dealt with goes on, what ended begins anew. */
  async keepFindings(day: string, findings: readonly Finding[], nowMs: number): Promise<void> {
    const upsert = `INSERT INTO reconciliation_items
        (provider, reference, kind, shop_id, checkout_id, our_reference, day, currency,
         ordered_minor, provider_minor, done, cause, first_at_ms, due_at_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)
      ON CONFLICT (provider, reference, kind) DO UPDATE SET
        ordered_minor = excluded.ordered_minor, provider_minor = excluded.provider_minor,
        done = iif(due_at_ms IS NULL, excluded.done, done),
        attempts = attempts + (due_at_ms IS NULL), due_at_ms = excluded.due_at_ms`;
    const rows = findings.map((finding) => {
      const isForPeople = finding.kind === "unknown_to_provider";
      return this.#d1
        .prepare(upsert)
        .bind(
          ...[finding.provider, finding.reference, finding.kind, finding.shopId],
          ...[finding.checkoutId, finding.ourReference, day, finding.currency],
          ...[finding.orderedMinor, finding.providerMinor, isForPeople ? "reported" : "found"],
          ...[nowMs, isForPeople ? null : nowMs],
        );
    });
    if (rows.length > 0) await this.#d1.batch(rows);
  }

  /** Whether this payment was found to be nobody's: what is told of it has no sale to go to. */
  async isOrphan({ provider, reference }: Pick<Finding, "provider" | "reference">) {
    const query =
      "SELECT 1 FROM reconciliation_items WHERE provider = ? AND reference = ? AND kind = 'orphan'";
    return (await this.#d1.prepare(query).bind(provider, reference).first()) !== null;
  }

  /** What is to be looked at, the longest overdue first. */
  async due(nowMs: number, limit: number): Promise<readonly Item[]> {
    const query =
      "SELECT * FROM reconciliation_items WHERE due_at_ms <= ? ORDER BY due_at_ms, reference LIMIT ?";
    const { results } = await this.#d1.prepare(query).bind(nowMs, limit).all();
    return results.map(toItem);
  }

  /** What a look came to. One that came first stands. */
  async note(
    { provider, reference, kind, attempts }: Item,
    { done, cause, dueAtMs }: { done: Done; cause: string; dueAtMs: number | undefined },
  ): Promise<void> {
    const update = `UPDATE reconciliation_items
      SET done = ?, cause = ?, due_at_ms = ?, attempts = attempts + 1
      WHERE provider = ? AND reference = ? AND kind = ? AND attempts = ?`;
    await this.#d1
      .prepare(update)
      .bind(done, cause, dueAtMs ?? null, provider, reference, kind, attempts)
      .run();
  }

  /** A shop's figures of a day. */
  async figures(shopId: ShopId, day: string): Promise<readonly KeptFigures[]> {
    const query =
      "SELECT * FROM reconciliations WHERE shop_id = ? AND day = ? ORDER BY provider, currency";
    const { results } = await this.#d1.prepare(query).bind(shopId, day).all();
    return results.map(toFigures);
  }

  /** What of a shop did not match, of a day. */
  async items(shopId: ShopId, day: string, limit: number): Promise<readonly Item[]> {
    const query =
      "SELECT * FROM reconciliation_items WHERE shop_id = ? AND day = ? ORDER BY provider, reference, kind LIMIT ?";
    const { results } = await this.#d1.prepare(query).bind(shopId, day, limit).all();
    return results.map(toItem);
  }
}
