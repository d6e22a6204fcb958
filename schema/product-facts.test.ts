import { expect, test } from "vitest";
import { ProductFacts, TariffCode } from "./product-facts.ts";

test.each([
  ["691200", "691200"],
  ["6912 00 23", "69120023"],
  ["6912.00.2300", "6912002300"],
])("a tariff code may be written as %s", (written, plain) => {
  expect(TariffCode.parse(written)).toBe(plain);
});

test.each(["6912", "6912002", "691200230", "69120023001", "6912AB", ""])(
  "%j is no tariff code",
  (written) => {
    expect(TariffCode.safeParse(written).success).toBe(false);
  },
);

/** Regulation (EU) 2023/988, article 19 (a): name, postal and electronic address. */
test("a manufacturer has a name, a postal and an electronic address, or is not stored", () => {
  const manufacturer = {
    name: "Kilnworks",
    postalAddress: "Stoke",
    electronicAddress: "a@b.example",
  };
  expect(ProductFacts.safeParse({ manufacturer }).success).toBe(true);
  const { electronicAddress: _gone, ...without } = manufacturer;
  expect(ProductFacts.safeParse({ manufacturer: without }).success).toBe(false);
  expect(ProductFacts.safeParse({ manufacturer: { ...manufacturer, name: " " } }).success).toBe(
    false,
  );
});

test("all of it is optional, and what nobody knows is refused", () => {
  expect(ProductFacts.parse({})).toEqual({});
  expect(ProductFacts.safeParse({ colour: "blue" }).success).toBe(false);
  expect(ProductFacts.safeParse({ originCountry: "Germany" }).success).toBe(false);
  expect(ProductFacts.safeParse({ warnings: "x".repeat(1001) }).success).toBe(false);
});
