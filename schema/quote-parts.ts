import * as z from "zod";
import { Money } from "./money.ts";
import { PromotionId } from "./promotion.ts";
import { Country } from "./regions.ts";
import { TaxClass } from "./tax.ts";

/** One promotion's part in a price, and why it is there. */
export const QuoteDiscount = z.strictObject({
  promotionId: PromotionId.optional(),
  code: z.string().optional().describe("absent where the promotion applies by itself"),
  name: z.string(),
  amount: Money,
  explanation: z.string().optional(),
});
export type QuoteDiscount = z.infer<typeof QuoteDiscount>;

export const QuoteTax = z.strictObject({
  name: z.string(),
  country: Country,
  state: z.string().optional().describe("or a territory with rates of its own, such as Madeira"),
  taxClass: TaxClass.optional().describe("absent for the standard class"),
  ratePpm: z.int().describe("in parts per million: 190000 is 19 %"),
  inclusive: z.boolean().describe("true where prices are shown with tax"),
  note: z.string().optional().describe("what the rate leaves out, or why it is zero"),
  amount: Money,
});
export type QuoteTax = z.infer<typeof QuoteTax>;

/** Of a sale across a customs border: whether the import duties are in the total. */
export const QuoteDuties = z.strictObject({
  from: Country.describe("where the goods are sent from"),
  into: z.string().describe("the customs territory that they enter, in words"),
  included: z
    .boolean()
    .describe("true: they are a part of the total, and nothing is due on delivery"),
  amount: Money.optional().describe("where they are included: of all lines"),
  leftOut: z
    .string()
    .optional()
    .describe(
      "why the service that computes them did not: slow, broken, resting, busy; unclassified where a " +
        "line has no tariff code or origin; place_unknown where no code names the place",
    ),
  note: z.string().describe("the same for the shopper, in a sentence"),
});
export type QuoteDuties = z.infer<typeof QuoteDuties>;
