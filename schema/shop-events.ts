import * as z from "zod";
import { RegionCode } from "./regions.ts";
import { ReservationExpired } from "./reservation.ts";
import { StockBack } from "./stock-back.ts";
import { WebhookGivenUp } from "./webhook-given-up.ts";

/** What happened to a shop and to no order of it. */
export const ShopEvent = z.discriminatedUnion("type", [
  ReservationExpired,
  StockBack,
  WebhookGivenUp,
]);
export type ShopEvent = z.infer<typeof ShopEvent>;
export const ShopEventType = z.enum([
  "tender.checkout.reservation_expired.v1",
  "tender.stock.back.v1",
  "tender.checkout.webhook_given_up.v1",
]);
export type ShopEventType = ShopEvent["type"];

export const ShopEventList = z.strictObject({
  events: z.array(ShopEvent).describe("oldest first"),
  cursor: z.string().optional().describe("where the next page begins; absent on the last one"),
});

/** Checkouts that nobody paid in time, by the hour in which they expired. */
export const AbandonedHour = z.strictObject({
  region: RegionCode,
  hour: z.iso.datetime(),
  checkouts: z.int(),
});
export type AbandonedHour = z.infer<typeof AbandonedHour>;
