import * as z from "zod";
import { CheckoutId, ShopId } from "../schema/ids.ts";
import { ProviderName } from "../schema/payment.ts";
import type { Figures, Finding } from "./reconciliation.ts";

/** What became of something that did not match. */
export const Done = z.enum([
  ...["found", "reported", "woken", "asked", "voided", "refunded", "never_existed", "matched"],
] as const);
export type Done = z.infer<typeof Done>;

export type Item = Finding & {
  readonly day: string;
  readonly done: Done;
  readonly cause: string;
  readonly attempts: number;
  readonly firstAtMs: number;
};

export type KeptFigures = Figures & {
  readonly providerName: ProviderName;
  readonly day: string;
  readonly ranAtMs: number;
};

const ItemRow = z.object({
  provider: ProviderName,
  reference: z.string(),
  kind: z.enum(["orphan", "amounts_differ", "dispute_differs", "unknown_to_provider"]),
  shop_id: ShopId,
  checkout_id: CheckoutId,
  our_reference: z.string(),
  day: z.string(),
  currency: z.string(),
  ordered_minor: z.int(),
  provider_minor: z.int(),
  done: Done,
  cause: z.string(),
  attempts: z.int(),
  first_at_ms: z.int(),
});

const FigureRow = z.object({
  shop_id: ShopId,
  provider: ProviderName,
  day: z.string(),
  currency: z.string(),
  payments: z.int(),
  orders: z.int(),
  ordered_captured_minor: z.int(),
  ordered_refunded_minor: z.int(),
  ordered_charged_back_minor: z.int(),
  provider_captured_minor: z.int(),
  provider_refunded_minor: z.int(),
  provider_charged_back_minor: z.int(),
  ran_at_ms: z.int(),
});

/** Of one provider and UTC day. */
export type Day = { readonly provider: ProviderName; readonly day: string };

/** Where a look's findings are kept. Statements of D1 CATALOG. */
export class ReconciliationBook {
  readonly #d1: D1Database;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /** The figures of a day as they are now: those of an earlier look at it give way, all at once. */
  async keepFigures(
    { provider, day }: Day,
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

  /** Keeps what was found, each once, and due now: what is being settled goes on, what ended begins anew. */
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

  /** How far a job has come, epoch ms; undefined before its first time. */
  async mark(job: string): Promise<number | undefined> {
    const row = await this.#d1
      .prepare("SELECT at_ms FROM job_marks WHERE job = ?")
      .bind(job)
      .first<{ at_ms: number }>();
    return row?.at_ms;
  }

  async setMark(job: string, atMs: number): Promise<void> {
    await this.#d1
      .prepare(
        "INSERT INTO job_marks VALUES (?, ?) ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)",
      )
      .bind(job, atMs)
      .run();
  }
}

function toItem(row: unknown): Item {
  const { shop_id, checkout_id, our_reference, ordered_minor, provider_minor, ...item } =
    ItemRow.parse(row);
  const { first_at_ms, ...same } = item;
  return {
    ...same,
    shopId: shop_id,
    checkoutId: checkout_id,
    ourReference: our_reference,
    orderedMinor: ordered_minor,
    providerMinor: provider_minor,
    firstAtMs: first_at_ms,
  };
}

function toFigures(row: unknown): KeptFigures {
  const read = FigureRow.parse(row);
  return {
    shopId: read.shop_id,
    providerName: read.provider,
    day: read.day,
    currency: read.currency,
    payments: read.payments,
    orders: read.orders,
    ordered: {
      capturedMinor: read.ordered_captured_minor,
      refundedMinor: read.ordered_refunded_minor,
      chargedBackMinor: read.ordered_charged_back_minor,
    },
    provider: {
      capturedMinor: read.provider_captured_minor,
      refundedMinor: read.provider_refunded_minor,
      chargedBackMinor: read.provider_charged_back_minor,
    },
    ranAtMs: read.ran_at_ms,
  };
}
