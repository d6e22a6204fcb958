import * as z from "zod";
import { CheckoutId, ShopId } from "./ids.ts";
import { ProviderName } from "./payment.ts";
import { RegionCode } from "./regions.ts";

/**
 * A sale could not look into a provider's webhook, however often it tried: what it tells of is not
 * decided. Names no person and no card.
 */
export const WebhookGivenUp = z.strictObject({
  specversion: z.literal("1.0"),
  id: z
    .string()
    .describe("<checkoutId>/<provider>/<webhook>: given up once more it is the same letter"),
  source: z.string(),
  type: z.literal("tender.checkout.webhook_given_up.v1"),
  subject: CheckoutId,
  time: z.iso.datetime().describe("of the last try"),
  datacontenttype: z.literal("application/json"),
  shopid: ShopId,
  region: RegionCode,
  data: z.strictObject({
    checkoutId: CheckoutId,
    provider: ProviderName,
    noticeId: z.string().describe("the provider's own name of the webhook"),
    webhook: z.string().describe("the provider's own word for what it tells"),
    cause: z.string().describe("of the last try"),
    attempts: z.int(),
    firstAt: z.iso.datetime(),
  }),
});
export type WebhookGivenUp = z.infer<typeof WebhookGivenUp>;
