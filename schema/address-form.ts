import * as z from "zod";
import forms from "./address-forms.json" with { type: "json" };
import { Country } from "./regions.ts";

/** What a country's own form asks for; Google's letters. Source: see scripts/address-forms.ts */
type Form = {
  readonly fields?: string;
  readonly required?: string;
  /** Of the letters and digits of a postal code. */
  readonly postalCode?: string;
  readonly example?: string;
  readonly postalCodeKind?: string;
  readonly cityKind?: string;
  readonly stateKind?: string;
};

/** A country that says nothing of its own. Source: https://chromium-i18n.appspot.com/ssl-address/data/ZZ */
const PLAIN = { fields: "NAC", required: "AC" };
const byCountry: Readonly<Record<string, Form>> = forms;

const AddressField = z.enum(["name", "line1", "line2", "city", "state", "postalCode", "phone"]);

/** One field of a form, as a storefront shows it. */
const FormField = z.strictObject({
  field: AddressField.describe("of an address, as a checkout takes it"),
  kind: z
    .string()
    .describe("what the country calls it: `prefecture`, `emirate`, `post_town`, `eircode`, …"),
  required: z.boolean(),
  example: z.string().optional().describe("of a postal code"),
});
export type FormField = z.infer<typeof FormField>;

export const AddressForm = z.strictObject({
  country: Country,
  fields: z.array(FormField).describe("in the order in which they are written there"),
});
export type AddressForm = z.infer<typeof AddressForm>;

/** Which fields an address there has, in their order, and which of them may be left empty. */
export function addressFormOf(country: Country): AddressForm {
  const { fields, required } = termsOf(country);
  const written = [...fields].flatMap((letter) => fieldsOf(country, letter, required));
  return { country, fields: [...written, { field: "phone", kind: "phone", required: false }] };
}

function fieldsOf(country: Country, letter: string, requiredOnes: string): FormField[] {
  const required = requiredOnes.includes(letter);
  const { example, postalCodeKind, cityKind, stateKind } = byCountry[country] ?? {};
  switch (letter) {
    case "N":
      return [{ field: "name", kind: "name", required: true }];
    case "A":
      return [
        { field: "line1", kind: "street", required: true },
        { field: "line2", kind: "street_more", required: false },
      ];
    case "C":
      return [{ field: "city", kind: cityKind ?? "city", required }];
    case "S":
      return [{ field: "state", kind: stateKind ?? "province", required }];
    case "Z": {
      const kind = postalCodeKind ?? "postal_code";
      return [{ field: "postalCode", kind, required, ...(example ? { example } : {}) }];
    }
    default:
      return [];
  }
}

type Written = {
  readonly country: Country;
  readonly city?: string | undefined;
  readonly postalCode?: string | undefined;
};
type Fault = { readonly field: "city" | "postalCode"; readonly message: string };

/**
 * What an address lacks, or has in no form of its country. A state is no fault of the address: where the tax depends
 * on it, the quote asks for it. Where no postal codes are used, what stands in the field is let be.
 */
export function faultsOf({ country, city = "", postalCode = "" }: Written): readonly Fault[] {
  const { required, pattern, example } = termsOf(country);
  const faults: Fault[] = [];
  if (required.includes("C") && city.trim() === "") {
    faults.push({ field: "city", message: `an address in ${country} has a town or city` });
  }
  const such = example ? `, such as ${example}` : "";
  if (postalCode.trim() === "") {
    if (!required.includes("Z")) return faults;
    const message = `an address in ${country} has a postal code${such}`;
    return [...faults, { field: "postalCode", message }];
  }
  if (pattern === undefined || postalCodeFits(postalCode, { country, pattern })) return faults;
  return [...faults, { field: "postalCode", message: `not a postal code of ${country}${such}` }];
}

function termsOf(country: Country) {
  const { fields = PLAIN.fields, required = PLAIN.required, ...form } = byCountry[country] ?? {};
  return { fields, required, pattern: form.postalCode, example: form.example };
}

/** As people write it: in small or full-width letters, with blanks and dashes or without, with the country before it. */
function postalCodeFits(
  written: string,
  { country, pattern }: { readonly country: Country; readonly pattern: string },
): boolean {
  const bare = written
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
  const fits = new RegExp(`^(?:${pattern})$`);
  return fits.test(bare) || (bare.startsWith(country) && fits.test(bare.slice(2)));
}
