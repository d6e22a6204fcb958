import { isWallTime, momentOf } from "../../../../pricing/shop-time.ts";
import {
  CatalogueProduct,
  type PriceWindow,
  type PromotionTerms,
} from "../../../../schema/catalogue.ts";
import type { Refusal } from "../../../../schema/outcome.ts";
import { refuse } from "../../../../schema/refusals.ts";

type Products = readonly CatalogueProduct[];

/**
 * Products with their windows in UTC: a time on the shop's wall becomes the moment that it names. The
 * zone is asked for only where a window needs it.
 *
 * Refuses: invalid_request, where a price then ends before it began, or two begin at one moment.
 */
export async function inMoments(
  products: Products,
  zoneOf: () => Promise<string>,
): Promise<Products | Refusal<"invalid_request">> {
  const times = products.flatMap(({ prices }) =>
    prices.flatMap(({ validFrom = "", validUntil = "" }) => [validFrom, validUntil]),
  );
  if (!times.some((time) => time !== "" && isWallTime(time))) return products;
  const zone = await zoneOf();
  const read = products.map((product) =>
    CatalogueProduct.safeParse({
      ...product,
      prices: product.prices.map((price) => inUtc(price, zone)),
    }),
  );
  const issues = read.flatMap(({ error }, at) =>
    (error?.issues ?? []).map(({ message }) => `${products[at]?.sku}: ${message}`),
  );
  if (issues.length > 0) return refuse("invalid_request", { issues });
  return read.flatMap(({ data }) => data ?? []);
}

function inUtc({ validFrom, validUntil, ...price }: PriceWindow, zone: string): PriceWindow {
  return {
    ...price,
    ...(validFrom === undefined ? {} : { validFrom: utc(validFrom, zone) }),
    ...(validUntil === undefined ? {} : { validUntil: utc(validUntil, zone) }),
  };
}

function utc(time: string, zone: string): string {
  return new Date(momentOf(time, zone)).toISOString();
}

/** As for prices, of a promotion, which keeps its times as they were given. */
export async function wrongTimesIn(
  { startsAt, endsAt }: Pick<PromotionTerms, "startsAt" | "endsAt">,
  zoneOf: () => Promise<string>,
) {
  if (startsAt === undefined || endsAt === undefined) return undefined;
  const zone = isWallTime(startsAt) || isWallTime(endsAt) ? await zoneOf() : "UTC";
  if (momentOf(startsAt, zone) < momentOf(endsAt, zone)) return undefined;
  return refuse("invalid_request", { issues: ["a promotion ends after it began"] });
}
