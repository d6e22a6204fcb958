import * as z from "zod";
import { Country } from "./regions.ts";

/** What no text of ours needs, however many marks stand on its characters. */
const UNITS_PER_CHARACTER = 8;
const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Text of up to so many characters as people count them: a flag or an accented letter is one. */
const textUpTo = (max: number) =>
  z
    .string()
    .max(max * UNITS_PER_CHARACTER)
    .refine((text) => lengthOf(text) <= max, `longer than ${max} characters`);

function lengthOf(text: string): number {
  return [...characters.segment(text)].length;
}

export const Customer = z.strictObject({
  email: z.email().max(254),
  name: z.string().min(1).max(200).optional(),
  customerId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional(),
});
export type Customer = z.infer<typeof Customer>;

export const Address = z.strictObject({
  name: z.string().min(1).max(200),
  line1: z.string().min(1).max(200),
  line2: z.string().max(200).optional(),
  city: z.string().min(1).max(100),
  postalCode: z.string().min(1).max(20),
  state: z.string().min(1).max(50).optional(),
  country: Country,
  phone: z.string().max(30).optional(),
});
export type Address = z.infer<typeof Address>;

export const BillingAddress = Address.extend({
  vatNumber: z
    .string()
    .min(4)
    .max(20)
    .optional()
    .describe("as the invoice names it; it changes no tax, which the checkout's `vatNumber` does"),
});
export type BillingAddress = z.infer<typeof BillingAddress>;

export const Company = textUpTo(200).describe(
  "whom the invoice is made out to; up to 200 characters",
);
export const OrderNote = textUpTo(1000).describe("from the buyer; up to 1000 characters");
export const LineNote = textUpTo(500).describe(
  "about this line, an engraving say; up to 500 characters",
);
