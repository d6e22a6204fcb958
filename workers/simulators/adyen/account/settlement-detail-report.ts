/**
 * The settlement detail report: a line per booking.
 *
 * Source: https://docs.adyen.com/reporting/settlement-reconciliation/transaction-level/settlement-details-report
 */

import type { Payment } from "../payments/stored-payment.ts";
import { minorDigits } from "./minor-digits.ts";

const columns = [
  "Company Account",
  "Merchant Account",
  "Psp Reference",
  "Merchant Reference",
  "Payment Method",
  "Creation Date",
  "TimeZone",
  "Type",
  "Modification Reference",
  "Gross Currency",
  "Gross Debit (GC)",
  "Gross Credit (GC)",
  "Exchange Rate",
  "Net Currency",
  "Net Debit (NC)",
  "Net Credit (NC)",
  "Commission (NC)",
  "Markup (NC)",
  "Scheme Fees (NC)",
  "Interchange (NC)",
  "Payment Method Variant",
  "Modification Merchant Reference",
  "Batch Number",
] as const;

const BATCH_NUMBER = "1";
const FEE_PER_MILLE = 10; // commission of a settled payment
const FEE_FIXED = 10; // minor units on top of it

interface Booking {
  readonly type:
    | "Settled"
    | "Refunded"
    | "RefundedReversed"
    | "Chargeback"
    | "SecondChargeback"
    | "ChargebackReversed";
  readonly reference: string;
  readonly merchantReference: string;
  readonly amount: number;
  readonly atMs: number;
}

export function settlementReport(payments: readonly Payment[]): string {
  const lines = payments.flatMap((payment) =>
    bookingsOf(payment).map((booking) => lineOf(payment, booking)),
  );
  return `${[columns, ...lines].map((cells) => cells.map(quoted).join(",")).join("\r\n")}\r\n`;
}

function bookingsOf(payment: Payment): Booking[] {
  const bookings = payment.modifications.flatMap((each): Booking[] => {
    if (each.status === "refused") return [];
    const booking = {
      reference: each.pspReference,
      merchantReference: each.reference ?? "",
      amount: each.amount,
      atMs: each.atMs,
    };
    // A capture that bounced was never paid out; a refund that bounced was, and came back.
    if (each.kind === "capture")
      return each.status === "done" ? [{ ...booking, type: "Settled" }] : [];
    if (each.kind !== "refund") return [];
    const back: Booking[] =
      each.status === "failed" ? [{ ...booking, type: "RefundedReversed" }] : [];
    return [{ ...booking, type: "Refunded" }, ...back];
  });
  const disputed = payment.disputes.flatMap(
    ({ code, moves, pspReference, amount, atMs }): Booking[] => {
      if (moves === "nothing") return [];
      const taken = code === "SECOND_CHARGEBACK" ? "SecondChargeback" : "Chargeback";
      const type = moves === "taken" ? taken : "ChargebackReversed";
      return [{ type, reference: pspReference, merchantReference: "", amount, atMs }];
    },
  );
  return [...bookings, ...disputed];
}

const debits: readonly Booking["type"][] = ["Refunded", "Chargeback", "SecondChargeback"];

function lineOf(payment: Payment, booking: Booking): string[] {
  const { currency } = payment;
  const isDebit = debits.includes(booking.type);
  const commission =
    booking.type === "Settled"
      ? Math.min(booking.amount, Math.round((booking.amount * FEE_PER_MILLE) / 1_000) + FEE_FIXED)
      : 0;
  const sum = (amount: number): string => decimal(amount, currency);
  const sides = (amount: number): string[] => (isDebit ? [sum(amount), ""] : ["", sum(amount)]);
  return [
    "TenderCompany",
    payment.merchantAccount,
    payment.pspReference,
    payment.merchantReference,
    payment.brand,
    new Date(booking.atMs).toISOString().slice(0, 19).replace("T", " "),
    "UTC",
    booking.type,
    booking.reference,
    currency,
    ...sides(booking.amount),
    "1",
    currency,
    ...sides(booking.amount - commission),
    commission === 0 ? "" : sum(commission),
    "",
    "",
    "",
    payment.brand,
    booking.merchantReference,
    BATCH_NUMBER,
  ];
}

function decimal(amount: number, currency: string): string {
  const digits = minorDigits(currency);
  return (amount / 10 ** digits).toFixed(digits);
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
