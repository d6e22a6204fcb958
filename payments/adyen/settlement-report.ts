import { isoDecimalsOf } from "../../schema/iso-4217.ts";
import { assert } from "../../schema/outcome.ts";
import { csvRows } from "./csv.ts";

/** One line of a settlement report: money that moved on our balance at Adyen, or a fee. */
export type Booking = {
  /** Adyen's name of the payment; empty where the booking is about none. */
  readonly reference: string;
  /** Our reference of the payment; empty where the booking is about none. */
  readonly ourReference: string;
  /** Adyen's name of the capture, refund or dispute. */
  readonly about: string;
  /** Adyen's word: Settled, Refunded, Chargeback, Fee, MerchantPayout … */
  readonly type: string;
  /** In the currency that the shopper paid, minor units; what left us is negative. */
  readonly gross: SignedMoney | undefined;
  /** What the balance changed by, in the currency of the payout. */
  readonly net: SignedMoney | undefined;
  /** What Adyen, the scheme and the bank kept of it, in the currency of the payout. */
  readonly fee: SignedMoney | undefined;
};

/** Minor units by ISO 4217, of either sign: a booking is no price. */
export type SignedMoney = { readonly amountMinor: number; readonly currency: string };

const COLUMNS = {
  reference: "Psp Reference",
  ourReference: "Merchant Reference",
  type: "Type",
  about: "Modification Reference",
  grossCurrency: "Gross Currency",
  grossDebit: "Gross Debit (GC)",
  grossCredit: "Gross Credit (GC)",
  netCurrency: "Net Currency",
  netDebit: "Net Debit (NC)",
  netCredit: "Net Credit (NC)",
} as const;
type Column = keyof typeof COLUMNS;

/** Blended or itemised, as the contract has it: what is not itemised is empty. */
const FEES = ["Commission (NC)", "Markup (NC)", "Scheme Fees (NC)", "Interchange (NC)"];

/**
 * Reads a settlement details report, whatever order its columns are in and whatever others it has.
 *
 * Throws: when it is no such report, a column is missing, or an amount is not one: a report is
 * believed in whole or not at all.
 * Source: https://docs.adyen.com/reporting/settlement-reconciliation/transaction-level/settlement-details-report
 */
export function readSettlementReport(csv: string): readonly Booking[] {
  const [header, ...rows] = csvRows(csv);
  if (!header) throw new Error("The settlement report is empty");
  const places = placesOf(header);
  return rows.map((row, index) => {
    if (row.length !== header.length) {
      throw new Error(`Booking ${index + 1} has ${row.length} fields, not ${header.length}`);
    }
    return bookingOf((name) => row[places.get(name) ?? -1] ?? "");
  });
}

function placesOf(header: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map(header.map((name, index) => [name.trim(), index]));
  const missing = Object.values(COLUMNS).filter((name) => !places.has(name));
  if (missing.length > 0) throw new Error(`No settlement report: ${missing.join(", ")} missing`);
  return places;
}

function bookingOf(field: (name: string) => string): Booking {
  const at = (column: Column) => field(COLUMNS[column]).trim();
  const netCurrency = at("netCurrency");
  const fees = FEES.map((name) => minor(field(name).trim(), netCurrency));
  return {
    reference: at("reference"),
    ourReference: at("ourReference"),
    about: at("about"),
    type: at("type"),
    gross: balance(at("grossCredit"), at("grossDebit"), at("grossCurrency")),
    net: balance(at("netCredit"), at("netDebit"), netCurrency),
    fee: total(fees, netCurrency),
  };
}

/** Credit less debit; undefined where the booking has neither. */
function balance(credit: string, debit: string, currency: string): SignedMoney | undefined {
  const inMinor = minor(credit, currency);
  const outMinor = minor(debit, currency);
  return total([inMinor, outMinor === undefined ? undefined : -outMinor], currency);
}

function total(parts: readonly (number | undefined)[], currency: string): SignedMoney | undefined {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  const amountMinor = given.reduce((sum, part) => sum + part, 0);
  assert(Number.isSafeInteger(amountMinor), "money stays within the safe integers");
  return { amountMinor, currency };
}

/** "12.3" EUR is 1230 and ".11" is 11; decimals that the currency does not have must be zeros. */
function minor(text: string, currency: string): number | undefined {
  if (text === "") return undefined;
  const decimals = isoDecimalsOf(currency);
  const [, sign = "", whole, fraction = ""] = /^(-?)(?=\.?\d)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined || decimals === undefined) {
    throw new Error(`A settlement report holds no amount of money: ${text} ${currency}`);
  }
  const digits = fraction.padEnd(decimals, "0");
  if (/[1-9]/.test(digits.slice(decimals))) {
    throw new Error(`A settlement report holds a part of a minor unit: ${text} ${currency}`);
  }
  const amount = Number(`${whole}${digits.slice(0, decimals)}`);
  if (!Number.isSafeInteger(amount)) throw new Error(`Too much money: ${text} ${currency}`);
  return sign === "-" && amount !== 0 ? -amount : amount;
}
