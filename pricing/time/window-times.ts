import type { CatalogueProduct, PriceWindow } from "../../schema/catalogue.ts";
import { isWallTime, momentOf } from "./shop-time.ts";

/** Whether a zone has to say when this product's prices begin and end. */
export function hasWallTimes({ prices }: Pick<CatalogueProduct, "prices">): boolean {
  return prices.some(({ validFrom, validUntil }) =>
    [validFrom, validUntil].some((time) => time !== undefined && isWallTime(time)),
  );
}

/** The product with its windows in UTC, those of wall times as the zone has them. */
export function inUtc<P extends Pick<CatalogueProduct, "prices">>(product: P, zone: string): P {
  return { ...product, prices: product.prices.map((price) => windowInUtc(price, zone)) };
}

function windowInUtc({ validFrom, validUntil, ...price }: PriceWindow, zone: string): PriceWindow {
  const utc = (time: string) => new Date(momentOf(time, zone)).toISOString();
  return {
    ...price,
    ...(validFrom === undefined ? {} : { validFrom: utc(validFrom) }),
    ...(validUntil === undefined ? {} : { validUntil: utc(validUntil) }),
  };
}
