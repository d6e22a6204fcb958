import { formatAddress } from "localized-address-format";
import { expect, test } from "vitest";
import { type AddressForm, addressFormOf, faultsOf } from "./address-form.ts";
import { Address } from "./buyer.ts";
import { regionCodes, regions } from "./regions.ts";

const served = regionCodes.flatMap((region) => regions[region].countries);
const lines = { name: "Ada", line1: "Weg 1" };
const issuesOf = (address: object) =>
  Address.safeParse({ ...lines, ...address }).error?.issues.map(({ path, message }) => [
    path.join("."),
    message,
  ]) ?? [];

/** Source: Google's address data, https://chromium-i18n.appspot.com/ssl-address/data/HK and so on; IE: Eircode is optional. */
test.each([
  ["HK, where there are no postal codes", { country: "HK", city: "Wan Chai" }],
  ["AE", { country: "AE", state: "Dubai", city: "Dubai" }],
  ["QA", { country: "QA", city: "Doha" }],
  ["IE without an Eircode", { country: "IE", city: "Dublin" }],
  ["IE with one", { country: "IE", city: "Dublin", postalCode: "D02 X285" }],
  ["SG, which is its own city", { country: "SG", postalCode: "238859" }],
  ["JP, whose towns are lines of the address", { country: "JP", postalCode: "150-0001" }],
  ["HK with what forms make people write", { country: "HK", city: "", postalCode: "999077" }],
  [
    "DE with empty optional fields",
    { country: "DE", city: "Berlin", postalCode: "10119", line2: "" },
  ],
  [
    "DE with an empty state and phone",
    { country: "DE", city: "Berlin", postalCode: "10119", state: "", phone: "" },
  ],
])("an address in %s is taken", (_name, address) => {
  expect(issuesOf(address)).toEqual([]);
});

/** As people write the codes. Sources: the countries' posts, by the links in Google's data. */
test.each([
  ["NL", "1012js"],
  ["NL", "1012 JS"],
  ["GB", "e27dp"],
  ["GB", "GIR 0AA"],
  ["JP", "１５０－０００１"],
  ["JP", "〒150-0001"],
  ["PL", "00950"],
  ["BR", "01310100"],
  ["SE", "113 51"],
  ["CH", "CH-8001"],
  ["CA", "h3z2y7"],
  ["US", "94105-1234"],
  ["US", "941051234"],
  ["PT", "1000-205"],
  ["IN", "110 034"],
  ["LV", "LV-1073"],
  ["KY", "KY1-1100"],
])("%s knows the postal code %s", (country, postalCode) => {
  expect(issuesOf({ country, postalCode, city: "Somewhere" })).toEqual([]);
});

test.each([
  ["DE", "1011", "not a postal code of DE, such as 26133"],
  ["DE", "", "an address in DE has a postal code, such as 26133"],
  ["US", "9410", "not a postal code of US, such as 95014"],
  ["GB", "12345", "not a postal code of GB, such as EC1Y 8SY"],
  ["IE", "12345", "not a postal code of IE, such as A65 F4E2"],
])("in %s the postal code %j is refused by its name", (country, postalCode, message) => {
  const city = "Somewhere";
  expect(issuesOf({ country, city, postalCode })).toEqual([["postalCode", message]]);
});

test("a town that is missing is named, and so is a name of blanks", () => {
  expect(issuesOf({ country: "DE", postalCode: "10119" })).toEqual([
    ["city", "an address in DE has a town or city"],
  ]);
  expect(issuesOf({ country: "QA", city: "Doha", name: "  " })).toEqual([["name", "it is empty"]]);
});

test("a form tells a storefront what the country calls its fields, in their order", () => {
  expect(shortly(addressFormOf("JP"))).toBe(
    "postalCode:postal_code! state:prefecture! line1:street! line2:street_more name:name! phone:phone",
  );
  expect(shortly(addressFormOf("AE"))).toBe(
    "name:name! line1:street! line2:street_more state:emirate! phone:phone",
  );
  expect(shortly(addressFormOf("IE"))).toBe(
    "name:name! line1:street! line2:street_more city:city! state:county postalCode:eircode phone:phone",
  );
});

test("every example of a form is a postal code of its country, and what is required is in it", () => {
  for (const country of served) {
    const { fields } = addressFormOf(country);
    const postalCode = fields.find(({ field }) => field === "postalCode")?.example;
    const names = fields.map(({ field }) => field);
    expect([country, faultsOf({ country, city: "A", postalCode: postalCode ?? "" })]).toEqual([
      country,
      [],
    ]);
    expect([country, new Set(names).size]).toEqual([country, names.length]);
  }
});

/** A second source, newer than the first: whichever moves on is seen here. */
test("a package of address formats knows the same fields, in the same order", () => {
  const differing = served.filter((country) => {
    const ours = addressFormOf(country).fields.map(({ field }) => field);
    const shown = ours.filter((field) => !["line2", "phone"].includes(field));
    return shown.join() !== fieldsInFormat(country).join();
  });
  expect(differing).toEqual([]);
});

function fieldsInFormat(country: string): string[] {
  const text = formatAddress({
    ...{ postalCountry: country, name: "<name>", addressLines: ["<line1>"] },
    ...{ locality: "<city>", administrativeArea: "<state>", postalCode: "<postalCode>" },
  }).join(" ");
  return [...text.matchAll(/<(\w+)>/gi)].map(
    ([, field = ""]) => byLower[field.toLowerCase()] ?? field,
  );
}

const byLower: Readonly<Record<string, string>> = { postalcode: "postalCode" };

function shortly({ fields }: AddressForm): string {
  return fields
    .map(({ field, kind, required }) => `${field}:${kind}${required ? "!" : ""}`)
    .join(" ");
}
