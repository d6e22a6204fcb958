import * as z from "zod";
import { OrderId } from "./ids.ts";
import { Order } from "./order.ts";
import { TypedOrderNumber } from "./order-number.ts";
import { RegionCode } from "./regions.ts";
import { DisputeFact, FulfilmentFact, OrderStatus, PaymentFact } from "./states.ts";

/** Newest first. `next` is the `cursor` of the following page; without one this was the last. */
export const OrderList = z.strictObject({
  orders: z.array(Order),
  next: z.string().exactOptional(),
});
export type OrderList = z.infer<typeof OrderList>;

const place = z.tuple([z.int().min(0), OrderId]);

/** Where a page ended: a moment and an order, so that new orders neither repeat nor hide any. */
export const OrderCursor = z
  .base64url()
  .max(100)
  .transform((cursor, context) => {
    const read = place.safeParse(readJson(atob(cursor.replaceAll("-", "+").replaceAll("_", "/"))));
    if (read.success) return { createdAtMs: read.data[0], orderId: read.data[1] };
    context.addIssue("not a cursor of this API");
    return z.NEVER;
  });

export function orderCursor({ createdAt, orderId }: Order): string {
  const text = btoa(JSON.stringify([Date.parse(createdAt), orderId]));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const page = {
  region: RegionCode.optional().describe("only this home region's; without it all are asked"),
  cursor: OrderCursor.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
};

/** Of one customer, or those that people call by one number. */
export const WantedOrders = z
  .strictObject({
    customerId: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("as in the checkouts; a guest's is the email"),
    orderNumber: TypedOrderNumber.optional().describe("as somebody typed it, dashes or not"),
    ...page,
  })
  .refine(
    ({ customerId, orderNumber }) => (customerId === undefined) !== (orderNumber === undefined),
    "send either a customerId or an orderNumber",
  );

/** Every fact that is given must hold. */
export const OrderSearch = z.strictObject({
  payment: PaymentFact.optional(),
  fulfilment: FulfilmentFact.optional(),
  dispute: DisputeFact.optional(),
  status: OrderStatus.optional(),
  since: z.iso.datetime().optional().describe("placed then or later"),
  until: z.iso.datetime().optional().describe("placed before"),
  ...page,
});

/** One page of a rebuild: the next orders of one region after `after`. */
export const RebuildOrders = z.strictObject({
  region: RegionCode,
  after: OrderId.optional(),
  limit: z.int().min(1).max(500).default(200),
});

/** `next` is the `after` of the following page; without one this was the last. */
export const RebuiltOrders = z.strictObject({
  rebuilt: z.int().min(0),
  next: OrderId.exactOptional(),
});
export type RebuiltOrders = z.infer<typeof RebuiltOrders>;

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
