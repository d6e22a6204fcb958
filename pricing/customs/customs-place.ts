import type { Country } from "../../schema/regions.ts";
import { isAmericanTerritory, stateCodeOf } from "../tax/states.ts";
import type { TaxAddress } from "../tax/tax-place.ts";
import { territoryOf } from "../tax/territories.ts";
import { customsExceptions, customsTerritories } from "./customs-territories.ts";

/** The customs territories in which a place lies: Northern Ireland is in two. */
export type CustomsPlace = {
  readonly name: string;
  readonly within: readonly string[];
  /** By which code whoever computes duties knows it; absent where no code says how its customs are. */
  readonly country?: Country | undefined;
};

const unions = Object.entries(customsTerritories).flatMap(([code, { name, countries }]) =>
  countries.map((country) => [country, { name, within: [code], country }] as const),
);
const unionOf = new Map<Country, CustomsPlace>(unions);
const exceptionOf = new Map(customsExceptions.map((each) => [each.name, each]));
const names = new Intl.DisplayNames("en", { type: "region" });

/**
 * Where goods are for customs, from an address as the buyer wrote it. Customs territories are not
 * those of VAT: the Canary Islands are in the EU's, Büsingen is in Switzerland's.
 */
export function customsPlaceOf(address: TaxAddress): CustomsPlace {
  const { country, state, postalCode = "" } = address;
  if (country === "US") return americanPlace(stateCodeOf("US", state));
  const territory = territoryOf(address);
  const exception = territory && exceptionOf.get(territory.name);
  if (exception?.within) {
    const { within } = exception;
    return { name: customsTerritories[within].name, within: [within], country: within };
  }
  if (exception) {
    return { name: exception.name, within: [exception.name], country: territory.code };
  }
  // Its goods are the United Kingdom's and, by the Windsor Framework, move freely with the EU's; what
  // consumers are sent from Great Britain pays no duty either, since 2025-05-01.
  // Source: https://www.gov.uk/guidance/sending-parcels-to-and-from-northern-ireland, not opened
  if (country === "GB" && /^\s*BT/i.test(postalCode)) {
    return { name: "Northern Ireland", within: ["GB", "EU"] };
  }
  return unionOf.get(country) ?? { name: nameOf(country), within: [country], country };
}

/** Whether goods that go from one place to the other are declared to customs. */
export function isCustomsBorder(from: CustomsPlace, to: CustomsPlace): boolean {
  return !from.within.some((territory) => to.within.includes(territory));
}

/** Military post is entered as the United States' own; the islands are not. */
function americanPlace(state: string | undefined): CustomsPlace {
  const isIsland = state !== undefined && state !== "PR" && isAmericanTerritory(state);
  if (isIsland) return { name: nameOf(state), within: [state], country: state };
  return { name: customsTerritories.US.name, within: ["US"], country: "US" };
}

function nameOf(country: Country): string {
  return names.of(country) ?? country;
}
