import type { ProductFacts } from "../../schema/product-facts.ts";

const maker = {
  name: "Small Hours GmbH",
  postalAddress: "Torstraße 1, 10119 Berlin, Germany",
  electronicAddress: "safety@smallhours.example",
};

/** Made at home; codes of the Combined Nomenclature by their form, classified by nobody. */
const facts: Readonly<Record<string, ProductFacts>> = {
  mug: { tariffCode: "69120023", warnings: "Hot drinks make the handle hot." },
  shirt: { tariffCode: "61091000" },
  poster: { tariffCode: "49119100" },
  lamp: {
    tariffCode: "94052190",
    warnings: "Mains voltage: keep it dry, and unplug it before you change the bulb.",
  },
  "last-one": { tariffCode: "69139093" },
};

/** What stands beside the price of a seeded product. */
export function productFacts(sku: string): ProductFacts {
  return { manufacturer: maker, originCountry: "DE", ...facts[sku] };
}
