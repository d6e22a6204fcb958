import { getCountries, getExampleNumber } from "libphonenumber-js/min";
import examples from "libphonenumber-js/mobile/examples";
import { expect, test } from "vitest";
import { Address, BillingAddress } from "./buyer.ts";
import { e164Of } from "./phone.ts";

const berlin = { name: "Ada", line1: "Torstr. 1", city: "Berlin", postalCode: "10119" };
const phoneIssues = (country: string, phone: string, schema = Address) =>
  (schema.safeParse({ ...berlin, postalCode: "", country, phone }).error?.issues ?? []).flatMap(
    ({ path, message }) => (path[0] === "phone" ? [message] : []),
  );

/** Source of the forms: libphonenumber's metadata; the numbers are Google's examples or kept for films. */
test.each([
  ["030 23125 417", "DE", "+493023125417"],
  ["+49 (0)30 / 23125-417", "DE", "+493023125417"],
  ["0049 30 23125417", "DE", "+493023125417"],
  ["030 23125 417 ext. 12", "DE", "+493023125417"],
  ["020 7946 0958", "GB", "+442079460958"],
  ["+44 20 7946 0958", "DE", "+442079460958"],
  ["06 12345678", "NL", "+31612345678"],
  ["(11) 96123-4567", "BR", "+5511961234567"],
  ["98765 43210", "IN", "+919876543210"],
  ["(212) 555-0142", "US", "+12125550142"],
  ["٠٥٠ ١٢٣ ٤٥٦٧", "AE", "+971501234567"],
  ["+672 1 06 123", "AQ", "+672106123"],
])("%s in %s is %s", (written, country, dialled) => {
  expect(e164Of(written, country)).toBe(dialled);
  expect(phoneIssues(country, written)).toEqual([]);
});

test("an example of each country that libphonenumber knows is taken as it is written there", () => {
  const countries = getCountries();
  expect(countries.length).toBeGreaterThan(240);
  for (const country of countries) {
    const example = getExampleNumber(country, examples);
    for (const written of [example?.formatNational(), example?.formatInternational()]) {
      expect(e164Of(written ?? "", country), `${country} ${written}`).toBe(example?.number);
    }
  }
});

test.each([
  ["DE", "none"],
  ["DE", "please do not call"],
  ["DE", "call 030 23125 417 at noon"],
  ["DE", "0"],
  ["US", "(555) 014"],
  ["DE", "+999 1234567"],
  ["AQ", "0106 123"],
])("in %s '%s' is no number, and the refusal says what to do", (country, written) => {
  for (const schema of [Address, BillingAddress]) {
    expect(phoneIssues(country, written, schema as typeof Address)).toEqual([
      expect.stringMatching(
        new RegExp(`^not a telephone number of ${country}: .+ or leave it empty$`),
      ),
    ]);
  }
});

test("an address without a phone needs none, and neither does one whose phone is blank", () => {
  expect(phoneIssues("DE", "")).toEqual([]);
  expect(phoneIssues("DE", "  ")).toEqual([]);
});
