import * as z from "zod";
import { ID_ALPHABET, type OrderId } from "./ids.ts";
import type { RegionCode } from "./regions.ts";

const LENGTH = 12; // 60 bits: decision 26 does the sum
const GROUP = 4;
const shape = new RegExp(`^[${ID_ALPHABET}]{${LENGTH}}$`);

/**
 * What people call an order: `7K3M-9QX2-4T8V`, the first twelve characters of its id's suffix. So it
 * needs no column and is found by the primary key; and as ids are keyed hashes, no number tells of
 * another one, or of how many there are.
 */
export const OrderNumber = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}$/, "not an order number");
export type OrderNumber = z.infer<typeof OrderNumber>;

/**
 * A number as somebody read or typed it: any case, with or without dashes and blanks, O for 0 and I
 * or L for 1, as Crockford's alphabet allows.
 */
export const TypedOrderNumber = z
  .string()
  .max(40)
  .transform((typed, context) => {
    const plain = typed.toLowerCase().replaceAll(/[\s\p{Dash}]/gu, "");
    const read = plain.replaceAll("o", "0").replaceAll(/[il]/g, "1");
    if (shape.test(read)) return written(read);
    context.addIssue("not an order number");
    return z.NEVER;
  });

export function orderNumberOf(orderId: OrderId): OrderNumber {
  return written(suffixStart(orderId));
}

/** Where the ids of a region with this number lie: `from` is the first, `before` beyond the last. */
export function idsWithNumber(region: RegionCode, orderNumber: OrderNumber) {
  const from = `ord_${region}_${orderNumber.replaceAll("-", "").toLowerCase()}`;
  return { from, before: `${from}~` };
}

function suffixStart(orderId: OrderId): string {
  return orderId.slice(orderId.lastIndexOf("_") + 1).slice(0, LENGTH);
}

function written(plain: string): OrderNumber {
  const groups = plain.toUpperCase().match(new RegExp(`.{${GROUP}}`, "g")) ?? [];
  return groups.join("-");
}
