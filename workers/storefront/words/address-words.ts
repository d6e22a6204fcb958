import type { FormField } from "../../../schema/address-form.ts";

type Words = { readonly label: string; readonly autoComplete: string };

const fields: { readonly [F in FormField["field"]]: Words } = {
  name: { label: "Name", autoComplete: "name" },
  line1: { label: "Street and number", autoComplete: "address-line1" },
  line2: { label: "Flat, floor, building", autoComplete: "address-line2" },
  city: { label: "City", autoComplete: "address-level2" },
  state: { label: "Province", autoComplete: "address-level1" },
  postalCode: { label: "Postal code", autoComplete: "postal-code" },
  phone: { label: "Phone", autoComplete: "tel" },
};

/** What a country calls the field, where its name is not the usual one. */
const kinds: ReadonlyMap<string, string> = new Map([
  ["area", "Area"],
  ["county", "County"],
  ["department", "Department"],
  ["district", "District"],
  ["do_si", "Province or city"],
  ["eircode", "Eircode"],
  ["emirate", "Emirate"],
  ["island", "Island"],
  ["oblast", "Oblast"],
  ["parish", "Parish"],
  ["pin", "PIN code"],
  ["post_town", "Town or city"],
  ["prefecture", "Prefecture"],
  ["state", "State"],
  ["suburb", "Suburb"],
  ["zip", "ZIP code"],
]);

export function addressWords(field: FormField["field"], kind: string): Words {
  return { ...fields[field], label: kinds.get(kind) ?? fields[field].label };
}
