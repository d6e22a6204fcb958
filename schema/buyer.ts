import * as z from "zod";
import { faultsOf } from "./address-form.ts";
import { Email } from "./email.ts";
import { phoneFault } from "./phone.ts";
import { Country } from "./regions.ts";
import { filledTextUpTo, textUpTo } from "./text.ts";

const CUSTOMER_ID = /^[A-Za-z0-9_-]{0,64}$/;

/** Of the shop's account. */
export const CustomerId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "1 to 64 letters, digits, _ and -");
export type CustomerId = z.infer<typeof CustomerId>;

export const Customer = z.strictObject({
  email: Email,
  name: textUpTo(200).optional(),
  customerId: z
    .string()
    .regex(CUSTOMER_ID, "up to 64 letters, digits, _ and -")
    .optional()
    .describe("of the shop's account; absent or empty for a guest"),
});
export type Customer = z.infer<typeof Customer>;

const AddressFields = z.strictObject({
  name: filledTextUpTo(200),
  line1: filledTextUpTo(200),
  line2: textUpTo(200).optional(),
  city: textUpTo(100).optional().describe("where the country's address form has one"),
  postalCode: textUpTo(20).optional().describe("in the country's form, where it uses them"),
  state: textUpTo(50).optional(),
  country: Country,
  phone: textUpTo(30)
    .optional()
    .describe("as it is dialled in the country, or with a plus and another country's code"),
});

/** Optional fields may be absent or empty; which are not optional is the country's own. */
export const Address = AddressFields.superRefine(byCountry);
export type Address = z.infer<typeof Address>;

/** A VAT number as people spell it; empty where there is none. */
export const WrittenVatNumber = z
  .string()
  .max(40)
  .refine((text) => text === "" || text.length >= 4, "a VAT number has 4 to 40 characters");

const BillingFields = AddressFields.extend({
  vatNumber: WrittenVatNumber.optional().describe(
    "as the invoice names it; it changes no tax, which the checkout's `vatNumber` does",
  ),
});
export const BillingAddress = BillingFields.superRefine(byCountry);
export type BillingAddress = z.infer<typeof BillingAddress>;

/** What an order's address is read with besides what its buyer wrote. */
const dialled = {
  phoneE164: z
    .string()
    .optional()
    .describe("the phone as it is dialled from anywhere; absent where what is stored is no number"),
};

/** Addresses of orders as they are read: whatever was stored, also before a form or a number was asked for. */
export const OrderAddress = AddressFields.extend(dialled);
export const OrderBillingAddress = BillingFields.extend(dialled);

function byCountry(address: z.infer<typeof AddressFields>, context: z.RefinementCtx): void {
  for (const { field, message } of faultsOf(address)) {
    context.addIssue({ code: "custom", path: [field], message });
  }
  const message = phoneFault(address.phone ?? "", address.country);
  if (message) context.addIssue({ code: "custom", path: ["phone"], message });
}

/** Without the fields that were sent empty: they say what an absent one says. */
export function filled<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "")) as T;
}

export const Company = textUpTo(200).describe(
  "whom the invoice is made out to; up to 200 characters",
);
export const OrderNote = textUpTo(1000).describe("from the buyer; up to 1000 characters");
export const LineNote = textUpTo(500).describe(
  "about this line, an engraving say; up to 500 characters",
);
