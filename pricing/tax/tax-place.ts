import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { Country } from "../../schema/regions.ts";
import { isAmericanTerritory, stateCodeOf } from "./states.ts";
import { type Territory, territoryOf, vatCountryOf } from "./territories.ts";
import { stateOfZip } from "./zip-codes.ts";

/** Where goods go, as the buyer wrote it. */
export type TaxAddress = {
  readonly country: Country;
  readonly state?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly city?: string | undefined;
};

/** Where goods go, as the tax table spells it. */
export type TaxPlace = {
  /** Whose rows hold: Monaco's are France's. */
  readonly country: Country;
  /** A state's code, or the name of a territory with rates of its own. */
  readonly state?: string | undefined;
  readonly postalCode?: string | undefined;
  /** Goods leave the country's VAT area for it. */
  readonly exportTo?: Territory;
  /** Whose VAT numbers buyers have there: of the country, or `XI` in Northern Ireland. */
  readonly vatCountry: string;
};

/**
 * The place of a sale: country, state and postal code together.
 *
 * Refuses: postal_code_mismatch, where an American ZIP code is not one of the state.
 */
export function taxPlaceOf(address: TaxAddress): TaxPlace | Refusal<"postal_code_mismatch"> {
  const { country: written, postalCode } = address;
  if (written === "US" || isAmericanTerritory(written)) return americanPlace(address);
  const territory = territoryOf(address);
  const country = vatCountryOf(written);
  const isNorthernIreland = written === "GB" && /^\s*BT/i.test(postalCode ?? "");
  return {
    country,
    state: territory?.tax === "own_rates" ? territory.name : stateCodeOf(country, address.state),
    postalCode,
    ...(territory?.tax === "export" ? { exportTo: territory } : {}),
    vatCountry: isNorthernIreland ? "XI" : country,
  };
}

function americanPlace({ country, state: written, postalCode }: TaxAddress) {
  const state = isAmericanTerritory(country) ? country : stateCodeOf("US", written);
  const isMismatch = state !== undefined && postalCode && stateOfZip(postalCode) !== state;
  if (isMismatch) return refuse("postal_code_mismatch", { country, state });
  return { country: "US", state, postalCode, vatCountry: "US" };
}
