import * as z from "zod";

/**
 * What the law taxes alike: `standard`, `reduced`, or a class of the shop's own such as `books`. A
 * destination that has no rate for a product's class refuses the quote.
 */
export const TaxClass = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, "a tax class is a short word");
export type TaxClass = z.infer<typeof TaxClass>;

export const STANDARD: TaxClass = "standard";

/** Why a rate may be zero. Without one of these a rate of zero has no place in the table. */
export const TaxTreatment = z.enum(["taxed", "no_tax", "zero_rated", "export"]);
export type TaxTreatment = z.infer<typeof TaxTreatment>;

/** What tax is rounded for: each line and shipping, or a rate's whole part of the invoice. */
export const TaxRounding = z.enum(["line", "invoice"]);
export type TaxRounding = z.infer<typeof TaxRounding>;
