import type { Currency } from "../../schema/money.ts";
import type { Country } from "../../schema/regions.ts";
import type { ShippingOption } from "../catalogue.ts";
import type { Ask } from "../services/service-call.ts";

/** What a carrier is told: no address, the zone is what its price depends on. */
export type Consignment = {
  /** Where the parcel is sent from: the shop's country. Absent where the shop has not said. */
  readonly from: Country | undefined;
  readonly to: Country;
  /** The beginning of a postal code; "" where the shopper gave none. */
  readonly postalZone: string;
  readonly weightGrams: number;
  readonly currency: Currency;
};

/** One carrier's dialect. */
export type Carrier = {
  readonly name: string;
  /** Throws: when there is no answer, or one that this carrier would not give. */
  rates(ask: Ask, consignment: Consignment): Promise<readonly ShippingOption[]>;
};

/** "1.25" of 1250: carriers weigh in kilograms. */
export function kilograms(grams: number): string {
  return (grams / 1000).toFixed(2);
}
