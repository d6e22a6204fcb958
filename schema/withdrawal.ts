import * as z from "zod";
import { LINES_MAX, Line } from "./checkout.ts";
import { OrderId, Sku } from "./ids.ts";
import { OrderNumber, TypedOrderNumber } from "./order-number.ts";
import { Country } from "./regions.ts";

const Pieces = z.array(Line).min(1).max(LINES_MAX);

/** The first step: without lines the whole contract is meant. */
export const AskWithdrawal = z.strictObject({ lines: Pieces.optional() });
export type AskWithdrawal = z.infer<typeof AskWithdrawal>;

const withdrawn = {
  orderId: OrderId,
  orderNumber: OrderNumber,
  withdrawal: z.int().min(1).describe("counts the withdrawals of the order"),
  status: z.enum(["asked", "confirmed"]),
  lines: z.array(z.strictObject({ sku: Sku, name: z.string(), quantity: z.int().min(1) })),
  statement: z.string().describe("what the shopper declares by confirming"),
};

/** A withdrawal as its shopper reads it. */
export const WithdrawalView = z.strictObject({
  ...withdrawn,
  lastDay: z.iso
    .date()
    .optional()
    .describe(
      "the shop's last day on which it may be confirmed; absent while goods are still to be handed over",
    ),
  confirmedAt: z.iso.datetime().optional(),
  acknowledgement: z
    .string()
    .optional()
    .describe("the text of the mail, with date and time; once it is confirmed"),
});
export type WithdrawalView = z.infer<typeof WithdrawalView>;

/** Whoever has no secret names the order and the e-mail that bought it; `confirm` is the second step. */
export const GuestWithdrawal = z.strictObject({
  orderNumber: TypedOrderNumber,
  email: z.email().max(254),
  lines: Pieces.optional(),
  confirm: z.boolean().default(false).describe("true declares it; without it nothing happens yet"),
});
export type GuestWithdrawal = z.infer<typeof GuestWithdrawal>;

/** Made of the question alone: it is the same whether there is such an order or not. */
export const GuestWithdrawalView = z.strictObject({
  status: z.enum(["asked", "received"]),
  orderNumber: OrderNumber,
  statement: z.string(),
  next: z.string().describe("what happens now, for the shopper"),
});
export type GuestWithdrawalView = z.infer<typeof GuestWithdrawalView>;

/** What became of pieces that a shopper withdrew from. */
export const ReturnLine = Line.extend({
  outcome: z
    .enum(["received", "refused", "never_sent"])
    .describe(
      "they, or the proof that they were sent, are here: their money goes back; they are not taken " +
        "back; or the shopper never sent them",
    ),
  then: z
    .enum(["restock", "write_off"])
    .optional()
    .describe("of received pieces: on the shelf again, or not for sale; absent: not yet known"),
}).refine(({ outcome, then }) => outcome === "received" || then === undefined, {
  message: "only what was received goes on the shelf or is written off",
  path: ["then"],
});
export type ReturnLine = z.infer<typeof ReturnLine>;

export const ReturnOrder = z.strictObject({ lines: z.array(ReturnLine).min(1).max(LINES_MAX) });
export type ReturnOrder = z.infer<typeof ReturnOrder>;

const Days = z.int().min(0).max(400);

/** For how many days after the day on which the last parcel left a shopper may withdraw. */
export const WithdrawalDays = z.strictObject({
  default: Days,
  countries: z.record(Country, Days).describe("where another number holds"),
});
export type WithdrawalDays = z.infer<typeof WithdrawalDays>;

/** Directive 2011/83/EU, article 9: https://eur-lex.europa.eu/eli/dir/2011/83/oj */
export const USUAL_WITHDRAWAL_DAYS: WithdrawalDays = { default: 14, countries: {} };
