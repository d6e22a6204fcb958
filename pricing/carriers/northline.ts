import * as z from "zod";
import { moneyFrom } from "../money-text.ts";
import { answerOf, posted } from "../services/service-call.ts";
import { type Carrier, kilograms } from "./carrier.ts";

const Rates = z.object({
  rates: z.array(
    z.object({
      serviceCode: z.string().regex(/^NL-[A-Z0-9]{1,20}$/),
      serviceName: z.string().min(1).max(60),
      totalCharge: z.object({ amount: z.string(), currency: z.string() }),
    }),
  ),
});

/** Prices as decimals in text, a service per entry. */
export const northline: Carrier = {
  name: "Northline",
  rates: async (ask, { from, to, postalZone, weightGrams, currency }) => {
    const weight = { value: kilograms(weightGrams), unit: "KG" };
    const shipment = {
      shipper: { countryCode: from },
      recipient: { countryCode: to, postalZone },
      packages: [{ weight }],
      currency,
    };
    const url = `${ask.base}/northline/shipping/v3/rates`;
    const { rates } = Rates.parse(await answerOf(ask, url, posted(shipment)));
    return rates
      .filter(({ totalCharge }) => totalCharge.currency === currency)
      .map(({ serviceCode, serviceName, totalCharge }) => ({
        option: `northline-${serviceCode.slice("NL-".length).toLowerCase()}`,
        name: serviceName,
        amount: moneyFrom(totalCharge.amount, currency),
        carrier: northline.name,
      }));
  },
};
