import type Stripe from "stripe";
import * as z from "zod";
import type { RoutedNotice, Unroutable } from "../webhook-notice.ts";
import { type StripeConfig, stripeClient } from "./client.ts";
import type { EventObject } from "./event-object.ts";
import { isMissing, routeObject } from "./events.ts";
import { EXPAND } from "./intent-params.ts";

/**
 * An event that names its object and does not carry it: Stripe's kind for new endpoints, also about
 * objects of `/v1`. `snapshot_event` is the same occurrence as an endpoint of the other kind, or the
 * list of events, has it.
 * Source: `EventNotificationBase` in the package stripe 23.1.0; https://docs.stripe.com/event-destinations#thin-events
 */
export const ThinEvent = z.object({
  object: z.literal("v2.core.event"),
  id: z.string(),
  type: z.string(),
  created: z.string(),
  snapshot_event: z.string().nullish(),
  related_object: z.object({ id: z.string(), type: z.string() }).nullish(),
});
export type ThinEvent = z.infer<typeof ThinEvent>;

/** Types about objects of `/v1` are the snapshot events' own, with this before them. */
const V1 = "v1.";

/**
 * The sale that a thin event belongs to, by the object it names as that stands now. Undefined for
 * one about nothing that moves our money.
 *
 * Throws: when the object cannot be read now.
 */
export async function routeThinEvent(
  config: StripeConfig,
  thin: ThinEvent,
): Promise<RoutedNotice | Unroutable | undefined> {
  const { related_object: related, type } = thin;
  const read = related && readers[related.type];
  if (!read || !type.startsWith(V1)) {
    console.warn({ event: "webhook.unknown_kind", provider: "stripe", type });
    return undefined;
  }
  const id = thin.snapshot_event ?? thin.id;
  const created = Math.floor(Date.parse(thin.created) / 1000);
  const occurrence = { id, type: type.slice(V1.length), created };
  try {
    const object = await read(stripeClient(config), related.id);
    return await routeObject(config, occurrence, object);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { provider: "stripe", eventId: id, type: occurrence.type, reference: related.id };
  }
}

/** What moves money, or argues about it. */
const readers: {
  readonly [type: string]: (stripe: Stripe, id: string) => Promise<EventObject>;
} = {
  payment_intent: (stripe, id) => stripe.paymentIntents.retrieve(id, { expand: EXPAND }),
  charge: (stripe, id) => stripe.charges.retrieve(id),
  refund: (stripe, id) => stripe.refunds.retrieve(id),
  dispute: (stripe, id) => stripe.disputes.retrieve(id),
};
