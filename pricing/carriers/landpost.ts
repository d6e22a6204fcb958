import * as z from "zod";
import { answerOf } from "../services/service-call.ts";
import type { Carrier } from "./carrier.ts";

const Prices = z.object({
  currency: z.string(),
  prices: z.array(
    z.object({
      product: z.string().regex(/^[a-z][a-z0-9_]{0,20}$/),
      label: z.string().min(1).max(60),
      minor: z.int().min(0),
    }),
  ),
});

/** A price list by query, in minor units: a postal service. */
export const landpost: Carrier = {
  name: "Landpost",
  rates: async (ask, { from, to, postalZone, weightGrams, currency }) => {
    const query = new URLSearchParams({
      ...(from === undefined ? {} : { from }),
      ...{ to, zone: postalZone, grams: String(weightGrams), currency },
    });
    const answer = Prices.parse(await answerOf(ask, `${ask.base}/landpost/v2/prices?${query}`));
    if (answer.currency !== currency) return [];
    return answer.prices.map(({ product, label, minor }) => ({
      option: `landpost-${product}`,
      name: label,
      amount: { amountMinor: minor, currency },
      carrier: landpost.name,
    }));
  },
};
