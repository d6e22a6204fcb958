import * as z from "zod";
import { moneyFrom } from "../money-text.ts";
import { answerOf, posted } from "../services/service-call.ts";
import { type Carrier, kilograms } from "./carrier.ts";

const RateResponse = z.object({
  RateResponse: z.object({
    Response: z.object({ ResponseStatus: z.object({ Code: z.literal("1") }) }),
    RatedShipment: z.array(
      z.object({
        Service: z.object({
          Code: z.string().regex(/^[0-9]{2}$/),
          Description: z.string().min(1).max(60),
        }),
        TotalCharges: z.object({ CurrencyCode: z.string(), MonetaryValue: z.string() }),
      }),
    ),
  }),
});

/** Nested envelopes, with the true status inside an answer of 200. */
export const kestrel: Carrier = {
  name: "Kestrel",
  rates: async (ask, { from, to, postalZone, weightGrams, currency }) => {
    const Weight = kilograms(weightGrams);
    const Package = { PackageWeight: { UnitOfMeasurement: { Code: "KGS" }, Weight } };
    const Shipper = { Address: { CountryCode: from } };
    const ShipTo = { Address: { CountryCode: to, PostalZone: postalZone } };
    const Shipment = { Shipper, ShipTo, Package: [Package] };
    const request = { RateRequest: { Shipment, CurrencyCode: currency } };
    const url = `${ask.base}/kestrel/api/rating/v1/Shop`;
    const { RateResponse: answer } = RateResponse.parse(await answerOf(ask, url, posted(request)));
    return answer.RatedShipment.filter(
      ({ TotalCharges }) => TotalCharges.CurrencyCode === currency,
    ).map(({ Service, TotalCharges }) => ({
      option: `kestrel-${Service.Code}`,
      name: Service.Description,
      amount: moneyFrom(TotalCharges.MonetaryValue, currency),
      carrier: kestrel.name,
    }));
  },
};
