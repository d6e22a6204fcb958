import type { Quote, QuoteLine } from "../schema/checkout.ts";
import { type Money, minus, plus, sum, zero } from "../schema/money.ts";
import type { Refusal } from "../schema/outcome.ts";
import type { QuoteDuties } from "../schema/quote-parts.ts";
import type { Country } from "../schema/regions.ts";
import type { Duties, DutiesAnswer, Shipment, ShipmentItem, ShopTerms } from "./catalogue.ts";
import { whyNotCharged } from "./chargeable.ts";
import { customsPlaceOf, isCustomsBorder } from "./customs/customs-place.ts";
import type { Unsealed } from "./quote-calculation.ts";
import type { QuoteRequest } from "./quote-request.ts";

type Where = {
  readonly from: Country;
  readonly into: string;
  /** As whoever computes duties knows the place; absent where nobody does. */
  readonly to: Country | undefined;
};
type LeftOut = NonNullable<QuoteDuties["leftOut"]>;

/**
 * Says of a sale across a customs border whether its import duties are in the total. They are where
 * a service has computed them for every line; else the quote says that they are not.
 *
 * Refuses: amount_too_large, amount_too_small, of the total with duties.
 */
export async function withDuties(
  answer: Unsealed,
  { request, terms }: { readonly request: QuoteRequest; readonly terms: ShopTerms },
  service: Duties | undefined,
): Promise<Unsealed | Refusal<"amount_too_large" | "amount_too_small">> {
  const where = borderOf(request, terms);
  if (!where) return answer;
  if (!service) return { ...answer, duties: notIncluded(where) };
  const { to } = where;
  if (to === undefined) return { ...answer, duties: notIncluded(where, "place_unknown") };
  const items = answer.lines.flatMap((line) => itemOf(line, answer) ?? []);
  if (items.length < answer.lines.length) {
    return { ...answer, duties: notIncluded(where, "unclassified") };
  }
  const assessed = await service.dutiesOn(
    shipmentOf({ request, from: where.from, to, answer, items }),
  );
  if ("leftOut" in assessed) return { ...answer, duties: notIncluded(where, assessed.leftOut) };
  return included(answer, where, assessed);
}

/** The customs border that these goods cross, if they do; unknown where the shop has not said where it is. */
export function borderOf(
  {
    region,
    ...address
  }: Pick<QuoteRequest, "region" | "country" | "state" | "postalCode" | "city">,
  { country, shipsFrom }: Pick<ShopTerms, "country" | "shipsFrom">,
): Where | undefined {
  const from = shipsFrom[region] ?? country;
  if (from === undefined) return undefined;
  const to = customsPlaceOf(address);
  return isCustomsBorder(customsPlaceOf({ country: from }), to)
    ? { from, into: to.name, to: to.country }
    : undefined;
}

function notIncluded({ from, into }: Where, leftOut?: LeftOut): QuoteDuties {
  const note = `The goods cross the customs border of ${into}: import duties are not included, and may be asked for on delivery`;
  return { from, into, included: false, ...(leftOut ? { leftOut } : {}), note };
}

function included(
  answer: Unsealed,
  { from, into }: Where,
  { duties }: Extract<DutiesAnswer, { duties: unknown }>,
) {
  const { currency } = answer.total;
  const lines = answer.lines.map((line) => {
    const duty = duties.get(line.sku);
    return duty && duty.amountMinor > 0 ? { ...line, duty } : line;
  });
  const amount = sum([...duties.values()], currency);
  const total = plus(answer.total, amount);
  const note = `The goods cross the customs border of ${into}: its import duties are included`;
  const priced = { ...answer, lines, duties: { from, into, included: true, amount, note }, total };
  return whyNotCharged(total) ?? priced;
}

type Parts = {
  readonly request: QuoteRequest;
  readonly from: Country;
  readonly to: Country;
  readonly answer: Unsealed;
  readonly items: readonly ShipmentItem[];
};

function shipmentOf({ request, from, to, answer, items }: Parts): Shipment {
  const { state, currency } = request;
  const { amount, discount, tax } = answer.shipping;
  const left = minus(amount, discount ?? zero(currency));
  const isInclusive = answer.taxes.some(({ inclusive }) => inclusive);
  const shipping = minus(left, isInclusive && tax ? tax : zero(currency));
  return { from, to: { country: to, state }, currency, items, shipping };
}

/** Undefined where customs would have to guess what it is, or where it is from. */
function itemOf(line: QuoteLine, answer: Unsealed): ShipmentItem | undefined {
  const { tariffCode, originCountry } = line.facts ?? {};
  if (tariffCode === undefined || originCountry === undefined) return undefined;
  const { sku, quantity } = line;
  return { sku, tariffCode, originCountry, quantity, value: goodsValueOf(line, answer) };
}

/** After discounts and without the tax in the price. */
function goodsValueOf(
  { amount, discount, tax, taxClass }: QuoteLine,
  { taxes }: Pick<Quote, "taxes">,
): Money {
  const nothing = zero(amount.currency);
  const left = minus(amount, discount ?? nothing);
  const isInclusive = taxes.some((each) => each.taxClass === taxClass && each.inclusive);
  return minus(left, isInclusive && tax ? tax : nothing);
}
