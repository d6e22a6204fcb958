import { zero } from "../../schema/money.ts";
import type { LedgerPayment, LedgerSource } from "../ledger-source.ts";
import type { Notice } from "../webhook-notice.ts";
import type { Booking } from "./settlement-report.ts";

const DAY_MS = 86_400_000;

type Row = {
  readonly reference: string;
  readonly about: string;
  readonly type: string;
  readonly our_reference: string;
  readonly gross_minor: number;
  readonly currency: string;
};

/**
 * What a settlement report books of payments, and the webhook that told the same. Fees, payouts and
 * the like are about no payment.
 * Source: https://docs.adyen.com/reporting/settlement-reconciliation/transaction-level/settlement-details-report
 */
const TYPES = {
  Settled: { side: "captured", told: { type: "CAPTURE", kind: "capture", success: true } },
  Refunded: { side: "refunded", told: { type: "REFUND", kind: "refund", success: true } },
  RefundedReversed: {
    side: "refunded",
    told: { type: "REFUNDED_REVERSED", kind: "refund", success: false },
  },
  Chargeback: { side: "lost", told: { type: "CHARGEBACK", kind: "dispute", success: true } },
  SecondChargeback: {
    side: "lost",
    told: { type: "SECOND_CHARGEBACK", kind: "dispute", success: true },
  },
  ChargebackReversed: {
    side: "lost",
    told: { type: "CHARGEBACK_REVERSED", kind: "dispute", success: true },
  },
} as const satisfies Record<
  string,
  { side: "captured" | "refunded" | "lost"; told: Pick<Notice, "type" | "kind" | "success"> }
>;
type Known = keyof typeof TYPES;

const isKnown = (type: string): type is Known => Object.hasOwn(TYPES, type);

/** Adyen's books, as its settlement reports have told them so far. Statements of D1 CATALOG. */
export class Bookings implements LedgerSource {
  readonly isComplete = false;
  /** A report is announced days after the orders whose payments it books. */
  readonly ordersWithin = { beforeMs: 7 * DAY_MS, afterMs: 0 };
  readonly #d1: D1Database;

  constructor(d1: D1Database) {
    this.#d1 = d1;
  }

  /** Keeps what a report says of payments; what was told before stays. */
  async keep(day: string, bookings: readonly Booking[]): Promise<void> {
    const told = bookings.filter(
      ({ reference, type, gross }) => reference && gross && isKnown(type),
    );
    for (let at = 0; at < told.length; at += BATCH) {
      const rows = told
        .slice(at, at + BATCH)
        .map((booking) => [
          ...["adyen", booking.reference, booking.about, booking.type, booking.ourReference],
          ...[booking.gross?.amountMinor ?? 0, booking.gross?.currency ?? "", day],
        ]);
      // One statement for many rows: a report has tens of thousands.
      await this.#d1
        .prepare(
          `INSERT INTO provider_bookings
           SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
             value ->> 6, value ->> 7
           FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
        )
        .bind(JSON.stringify(rows))
        .run();
    }
  }

  /** The payments that reports announced that day tell of, as all reports so far have them. */
  async paymentsOf(day: string): Promise<readonly LedgerPayment[]> {
    const { results } = await this.#d1
      .prepare(
        `SELECT * FROM provider_bookings WHERE provider = 'adyen' AND reference IN
           (SELECT reference FROM provider_bookings WHERE provider = 'adyen' AND day = ?)`,
      )
      .bind(day)
      .all<Row>();
    const byPayment = Map.groupBy(results, ({ reference }) => reference);
    return [...byPayment.values()].map(toPayment);
  }

  async payment(reference: string): Promise<LedgerPayment | undefined> {
    const rows = await this.#rows(reference);
    return rows.length === 0 ? undefined : toPayment(rows);
  }

  /** What webhooks would have told, and by the same ids: one that did come counts once. */
  async notices(reference: string, nowMs: number): Promise<readonly Notice[]> {
    const rows = await this.#rows(reference);
    const payment = rows.length === 0 ? undefined : toPayment(rows);
    if (!payment?.ourReference) return [];
    const same = { provider: "adyen", reference, ourReference: payment.ourReference } as const;
    const authorised = noticeIdOf("AUTHORISATION", reference, true);
    return [
      {
        ...{ ...same, noticeId: authorised, type: "AUTHORISATION", kind: "authorization" },
        // Not told by reports; no less than what was captured of it.
        ...{ success: true, about: reference, amount: payment.captured, createdAtMs: nowMs },
      },
      ...rows.flatMap(({ about, type, gross_minor, currency }): readonly Notice[] => {
        if (!isKnown(type)) return [];
        const { told } = TYPES[type];
        const noticeId = noticeIdOf(told.type, about, true);
        const amount = { amountMinor: Math.abs(gross_minor), currency };
        return [{ ...same, ...told, noticeId, about, amount, createdAtMs: nowMs }];
      }),
    ];
  }

  async #rows(reference: string): Promise<readonly Row[]> {
    const { results } = await this.#d1
      .prepare(
        "SELECT * FROM provider_bookings WHERE provider = 'adyen' AND reference = ? ORDER BY about",
      )
      .bind(reference)
      .all<Row>();
    return results;
  }
}

const BATCH = 500;

/** As payments/adyen/webhook.ts names what a webhook tells. */
function noticeIdOf(type: string, about: string, success: boolean): string {
  return `${type}/${about}/${success}`;
}

function toPayment(rows: readonly Row[]): LedgerPayment {
  const [first] = rows;
  const currency = first?.currency ?? "";
  const sides = { captured: 0, refunded: 0, lost: 0 };
  for (const { type, gross_minor } of rows) {
    if (!isKnown(type)) continue;
    const { side } = TYPES[type];
    sides[side] += side === "captured" ? gross_minor : -gross_minor;
  }
  const money = (minor: number) => ({ ...zero(currency), amountMinor: Math.max(0, minor) });
  const captured = money(sides.captured);
  const isLeft = sides.captured > sides.refunded;
  return {
    provider: "adyen",
    reference: first?.reference ?? "",
    ...(first?.our_reference ? { ourReference: first.our_reference } : {}),
    status: isLeft ? "captured" : "ended",
    amount: captured,
    captured,
    // Refunds of captures that an earlier report booked may stand here alone.
    refunded: money(Math.min(sides.refunded, sides.captured)),
    isDisputed: rows.some(({ type }) => isKnown(type) && TYPES[type].side === "lost"),
    chargedBack: money(sides.lost),
    // A report does not tell. What is settled is no running sale's.
    createdAtMs: 0,
  };
}
