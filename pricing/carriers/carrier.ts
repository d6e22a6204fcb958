import type { Currency } from "../../schema/money.ts";
import type { Country } from "../../schema/regions.ts";
import type { ShippingOption } from "../catalogue.ts";

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

export type Ask = {
  /** The base URL of all carriers' APIs, without a slash at its end. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
};

/** One carrier's dialect. */
export type Carrier = {
  readonly name: string;
  /** Throws: when there is no answer, or one that this carrier would not give. */
  rates(ask: Ask, consignment: Consignment): Promise<readonly ShippingOption[]>;
};

/** The JSON of an answer. Throws: when it says no, or something else. */
export async function answerOf(
  { fetch, signal }: Ask,
  url: string,
  init: RequestInit = {},
): Promise<unknown> {
  const response = await fetch(url, { ...init, signal });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`answered ${response.status}`);
  return JSON.parse(text);
}

export function posted(body: object): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
}

/** "1.25" of 1250: carriers weigh in kilograms. */
export function kilograms(grams: number): string {
  return (grams / 1000).toFixed(2);
}
