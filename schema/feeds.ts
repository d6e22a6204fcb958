import * as z from "zod";
import { OrderId, ShopId } from "./ids.ts";
import { Currency } from "./money.ts";
import { RegionCode } from "./regions.ts";

/** Who follows a region's log, each at its own pace from a position of its own (decision 15). */
export const FeedName = z.enum(["webhooks", "mail", "analytics", "mirror"]);
export type FeedName = z.infer<typeof FeedName>;

/** `failing`: its last try failed, and it tries again by itself. */
export const ReaderState = z.enum(["running", "failing", "paused"]);

const Failure = z.strictObject({
  since: z.iso.datetime(),
  attempts: z.int().min(1),
  nextAttemptAt: z.iso.datetime(),
  problem: z.string(),
});
const Pause = z.strictObject({ at: z.iso.datetime(), reason: z.string() });

/** Where one reader of a log stands. `offset`: the last one whose effect is done. */
export const ReaderView = z.strictObject({
  state: ReaderState,
  offset: z.int().min(0),
  lag: z.strictObject({
    events: z.int().min(0).describe("log entries that it has not been through"),
    seconds: z.int().min(0).describe("age of the oldest of them"),
  }),
  paused: Pause.optional(),
  failure: Failure.optional(),
});
export type ReaderView = z.infer<typeof ReaderView>;

/** A feed of one region. The webhooks' feed stands where its slowest healthy endpoint does. */
export const FeedView = ReaderView.extend({
  region: RegionCode,
  feed: FeedName,
  end: z.int().min(0).describe("the log's last offset"),
});
export type FeedView = z.infer<typeof FeedView>;

export const PauseFeed = z.strictObject({ reason: z.string().min(1).max(200) });

/** From which offset on everything is read again: the first entry to be read is the next one. */
export const ReplayFeed = z.strictObject({ afterOffset: z.int().min(0) });

/** What a shop did in one hour in one region and currency. Amounts in the currency's minor unit. */
export const Rollup = z.strictObject({
  shopId: ShopId,
  region: RegionCode,
  hour: z.iso.datetime(),
  currency: Currency,
  orders: z.int(),
  orderedMinor: z.int(),
  captures: z.int(),
  capturedMinor: z.int(),
  refunds: z.int(),
  refundedMinor: z.int(),
  cancellations: z.int(),
  failures: z.int().describe("captures that failed for good"),
});
export type Rollup = z.infer<typeof Rollup>;

/** A mail as the mailbox page shows it. `to` is asked of the sale; missing once that is gone. */
export const MailView = z.strictObject({
  region: RegionCode,
  eventId: z.string(),
  orderId: OrderId,
  at: z.iso.datetime(),
  to: z.strictObject({ email: z.string(), name: z.string().optional() }).optional(),
  subject: z.string(),
  text: z.string(),
});
export type MailView = z.infer<typeof MailView>;
