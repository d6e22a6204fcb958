import { isWallTime, momentOf } from "../../../../pricing/time/shop-time.ts";
import { hasWallTimes, inUtc } from "../../../../pricing/time/window-times.ts";
import { CatalogueProduct, type PromotionTerms } from "../../../../schema/catalogue.ts";
import { isRefusal, type Refusal } from "../../../../schema/outcome.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { wrongAmountsIn, wrongPricesIn } from "./catalogue-prices.ts";

/** The shop, as far as its clock goes. */
type ShopClock = { timeZone(): Promise<string> };
type Products = readonly CatalogueProduct[];

/** Products as they can be stored, their windows in UTC; or what is wrong with them. */
export async function storable(given: Products, shop: ShopClock) {
  const products = await inMoments(given, shop);
  return isRefusal(products) ? products : (wrongPricesIn(products) ?? products);
}

/** What is wrong with a promotion's amounts or times, if anything. */
export async function wrongIn(terms: PromotionTerms, shop: ShopClock) {
  return wrongAmountsIn(terms) ?? (await wrongTimesIn(terms, shop));
}

/**
 * Products with their windows in UTC: a time on the shop's wall becomes the moment that it names. The
 * zone is asked for only where a window needs it.
 *
 * Refuses: invalid_request, where a price then ends before it began, or two begin at one moment.
 */
async function inMoments(
  products: Products,
  shop: ShopClock,
): Promise<Products | Refusal<"invalid_request">> {
  if (!products.some(hasWallTimes)) return products;
  const zone = await shop.timeZone();
  const read = products.map((product) => CatalogueProduct.safeParse(inUtc(product, zone)));
  const issues = read.flatMap(({ error }, at) =>
    (error?.issues ?? []).map(({ message }) => `${products[at]?.sku}: ${message}`),
  );
  if (issues.length > 0) return refuse("invalid_request", { issues });
  return read.flatMap(({ data }) => data ?? []);
}

/** As for prices, of a promotion, which keeps its times as they were given. */
async function wrongTimesIn(
  { startsAt, endsAt }: Pick<PromotionTerms, "startsAt" | "endsAt">,
  shop: ShopClock,
) {
  if (startsAt === undefined || endsAt === undefined) return undefined;
  const zone = isWallTime(startsAt) || isWallTime(endsAt) ? await shop.timeZone() : "UTC";
  if (momentOf(startsAt, zone) < momentOf(endsAt, zone)) return undefined;
  return refuse("invalid_request", { issues: ["a promotion ends after it began"] });
}
