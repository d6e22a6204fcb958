import * as z from "zod";
import { Country } from "./regions.ts";
import { filledTextUpTo } from "./text.ts";

/**
 * Whoever answers for a product, as offers have to show them: the name, and where they can be
 * reached by post and electronically.
 */
export const ProductOperator = z.strictObject({
  name: filledTextUpTo(200),
  postalAddress: filledTextUpTo(300),
  electronicAddress: filledTextUpTo(254).describe("an e-mail address, or a page to write on"),
});
export type ProductOperator = z.infer<typeof ProductOperator>;

/**
 * A code of a customs tariff by its form: 6 digits as in the Harmonized System, 8 as in the EU's
 * Combined Nomenclature, 10 as in TARIC and the American schedule. Whether goods belong there
 * nobody checks. Blanks and dots of `6912 00.23` do not count.
 *
 * Source: https://taxation-customs.ec.europa.eu/customs/calculation-customs-duties/customs-tariff_en,
 * not opened
 */
export const TariffCode = z
  .string()
  .max(20)
  .transform((text) => text.replaceAll(/[\s.]/g, ""))
  .pipe(z.string().regex(/^(?:\d{6}|\d{8}|\d{10})$/, "a tariff code has 6, 8 or 10 digits"));

const facts = {
  manufacturer: ProductOperator,
  responsiblePerson: ProductOperator.describe(
    "in the EU, where the manufacturer is not established there",
  ),
  warnings: filledTextUpTo(1000).describe("warnings and safety information, as shoppers read it"),
  tariffCode: TariffCode.describe("6 (HS), 8 (CN) or 10 digits (TARIC, HTS)"),
  originCountry: Country.describe("where the goods are from, for customs"),
};

/**
 * What has to stand beside an offer, and what customs ask for. All of it is optional: which of it a
 * product needs, the merchant knows.
 *
 * Source: Regulation (EU) 2023/988, article 19: https://eur-lex.europa.eu/eli/reg/2023/988/oj,
 * not opened
 */
export const ProductFacts = z.strictObject(facts).partial();
export type ProductFacts = z.infer<typeof ProductFacts>;

/** As operators change them: what is left out stays, null takes it away. */
export const ProductFactsChange = z
  .strictObject({
    manufacturer: facts.manufacturer.nullable(),
    responsiblePerson: facts.responsiblePerson.nullable(),
    warnings: facts.warnings.nullable(),
    tariffCode: facts.tariffCode.nullable(),
    originCountry: facts.originCountry.nullable(),
  })
  .partial();
export type ProductFactsChange = z.infer<typeof ProductFactsChange>;
