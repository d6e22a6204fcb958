import * as z from "zod";
import { GivenTime, isOrderedWindow } from "./given-time.ts";
import { Country, RegionCode } from "./regions.ts";
import { filledTextUpTo } from "./text.ts";

export const NoticeKind = z.enum(["withdrawal", "legal_guarantee", "terms", "privacy", "other"]);
export type NoticeKind = z.infer<typeof NoticeKind>;

const shown = {
  kind: NoticeKind.describe(
    "legal_guarantee: the harmonised notice that consumers in the EU are shown since 2026-09-27",
  ),
  title: filledTextUpTo(100).describe("what the link or the paragraph is called"),
  text: filledTextUpTo(2000).optional().describe("plain text"),
  url: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
};

/** What a shop tells before an order is placed, as a quote carries it. */
export const QuoteNotice = z.strictObject(shown);
export type QuoteNotice = z.infer<typeof QuoteNotice>;

export const ShopNotice = z
  .strictObject({
    ...shown,
    countries: z
      .array(Country)
      .min(1)
      .max(250)
      .optional()
      .describe("absent: everywhere that has no notice of this kind of its own"),
    from: GivenTime.optional().describe("with an offset, or the time on the shop's wall"),
    until: GivenTime.optional().describe("the first moment without it"),
  })
  .refine(({ text, url }) => text !== undefined || url !== undefined, "it has a text or a url")
  .refine(({ from, until }) => isOrderedWindow(from, until), "a notice ends after it began");
export type ShopNotice = z.infer<typeof ShopNotice>;

export const ShopNotices = z.strictObject({
  notices: z
    .array(ShopNotice)
    .max(200)
    .describe("they replace all of before, and are shown in this order"),
});
export type ShopNotices = z.infer<typeof ShopNotices>;

/** Which country a region's goods are sent from; where none is named, the shop's own. */
export const ShipsFrom = z.strictObject({
  shipsFrom: z.partialRecord(RegionCode, Country).describe("instead of all of before"),
});
export type ShipsFrom = z.infer<typeof ShipsFrom>;
