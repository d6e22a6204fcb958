import type { Country } from "../../schema/regions.ts";
import type { Carriers, LiveShipping, Parcel, ShippingOption } from "../catalogue.ts";
import { IsolateCache } from "../isolate-cache.ts";
import { type LeftOut, ServiceBreaker } from "../services/service-breaker.ts";
import type { Carrier, Consignment } from "./carrier.ts";
import { kestrel } from "./kestrel.ts";
import { landpost } from "./landpost.ts";
import { northline } from "./northline.ts";

const carriers: readonly Carrier[] = [northline, kestrel, landpost];

const STEP_GRAMS = 500; // weights are rounded up to it: more parcels share an answer
const ZONE_CHARACTERS = 2; // of a postal code: a district, as in carriers' own zone tables

type Answer = { readonly options: readonly ShippingOption[] } | { readonly leftOut: LeftOut };

export type CarriersSource = {
  /** The base URL of all carriers' APIs. */
  readonly base: string;
  readonly fetch: typeof fetch;
  readonly nowMs: () => number;
};

/**
 * All carriers' rates, asked at once, each remembered per zone, weight and currency as long as the
 * isolate remembers prices. What does not answer in time is left out, and after some failures not
 * asked for a while.
 */
export class LiveCarriers {
  readonly #source: CarriersSource;
  readonly #cache = new IsolateCache<readonly ShippingOption[]>(5_000);
  readonly #breakers = new Map(carriers.map(({ name }) => [name, new ServiceBreaker()]));

  constructor(source: CarriersSource) {
    this.#source = source;
  }

  /** The carriers as a shop of this country asks them; the country is only read when they are. */
  from(country: () => Promise<Country | undefined>): Carriers {
    return { live: async (parcel) => this.#live(parcel, await country()) };
  }

  async #live(parcel: Parcel, from: Country | undefined): Promise<LiveShipping> {
    const consignment = consignmentOf(parcel, from);
    const answers = await Promise.all(
      carriers.map(async (carrier) => ({
        carrier: carrier.name,
        answer: await this.#answer(carrier, consignment),
      })),
    );
    return {
      options: answers.flatMap(({ answer }) => ("options" in answer ? answer.options : [])),
      leftOut: answers.flatMap(({ carrier, answer }) =>
        "leftOut" in answer ? [{ carrier, reason: answer.leftOut }] : [],
      ),
    };
  }

  async #answer(carrier: Carrier, consignment: Consignment): Promise<Answer> {
    const { base, fetch, nowMs } = this.#source;
    const key = [carrier.name, ...Object.values(consignment)].join("/");
    let leftOut: LeftOut = "broken";
    const found = await this.#cache.get([key], nowMs(), async () => {
      const answer = await this.#breakers
        .get(carrier.name)
        ?.ask({ kind: "carrier", name: carrier.name, nowMs: nowMs() }, (signal) =>
          carrier.rates({ base, fetch, signal }, consignment),
        );
      if (answer && !("leftOut" in answer)) return new Map([[key, answer]]);
      leftOut = answer?.leftOut ?? leftOut;
      return new Map();
    });
    const options = found.get(key);
    return options ? { options } : { leftOut };
  }
}

function consignmentOf(parcel: Parcel, from: Country | undefined): Consignment {
  const { country, postalCode = "", weightGrams, currency } = parcel;
  const postalZone = postalCode.replace(/\s/g, "").toUpperCase().slice(0, ZONE_CHARACTERS);
  const steps = Math.max(1, Math.ceil(weightGrams / STEP_GRAMS));
  return { from, to: country, postalZone, weightGrams: steps * STEP_GRAMS, currency };
}
