import * as z from "zod";
import { decimalOf } from "../../schema/currency-decimals.ts";
import type { Sku } from "../../schema/ids.ts";
import type { Money } from "../../schema/money.ts";
import type { Shipment } from "../catalogue.ts";
import { moneyFrom } from "../money-text.ts";
import { type Ask, answerOf, posted } from "../services/service-call.ts";

const Assessment = z.object({
  currency: z.string(),
  incoterm: z.literal("DDP"),
  items: z.array(z.object({ ref: z.string(), duty: z.string().regex(/^\d+(?:\.\d+)?$/) })),
});

/**
 * Tollgate's duties on each item of a shipment, as paid with the order. It exists in the simulators
 * alone; amounts are decimals in text.
 *
 * Throws: when there is no answer, or one that leaves an item out.
 */
export async function tollgate(ask: Ask, shipment: Shipment): Promise<ReadonlyMap<Sku, Money>> {
  const { from, to, currency, items, shipping } = shipment;
  const body = {
    ...{ from, to: to.country, ...(to.state ? { state: to.state } : {}), currency },
    incoterm: "DDP",
    shipping: decimalOf(shipping),
    items: items.map(({ sku, tariffCode, originCountry, quantity, value }) => ({
      ...{ ref: sku, hs: tariffCode, origin: originCountry, quantity },
      value: decimalOf(value),
    })),
  };
  const answer = await answerOf(ask, `${ask.base}/tollgate/v1/assessments`, posted(body));
  const assessed = Assessment.parse(answer);
  if (assessed.currency !== currency) throw new Error(`answered in ${assessed.currency}`);
  const duties = new Map(assessed.items.map(({ ref, duty }) => [ref, duty]));
  return new Map(
    items.map(({ sku }) => {
      const duty = duties.get(sku);
      if (duty === undefined) throw new Error("left an item out");
      return [sku, moneyFrom(duty, currency)];
    }),
  );
}
