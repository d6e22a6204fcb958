import Stripe from "stripe";
import * as z from "zod";
import { CheckoutId, ShopId } from "../../schema/ids.ts";
import type { Notice, NoticeKind, RoutedNotice, Unroutable } from "../webhook-notice.ts";
import { type StripeConfig, stripeClient } from "./client.ts";
import { type EventObject, toldOf } from "./event-object.ts";
import { EXPAND } from "./intent-params.ts";
import { undecided, whole } from "./mapping.ts";

/** What we put into an intent's metadata: it comes back signed. */
const OurName = z.object({
  shop_id: ShopId,
  checkout_id: CheckoutId,
  payment_reference: z.string().default(""),
});

/** What an endpoint should be subscribed to: everything that moves money, and every end. */
const EVENT_TYPES = [
  "payment_intent.amount_capturable_updated",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "payment_intent.processing",
  "payment_intent.canceled",
  "charge.captured",
  "charge.expired",
  "charge.refunded",
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
] as const;

/**
 * The sale that an event belongs to, by the metadata of its intent.
 *
 * Throws: when the intent of a charge's event cannot be read now.
 */
export async function routeEvent(
  config: StripeConfig,
  event: Occurrence & { readonly data?: { readonly object: EventObject } },
): Promise<RoutedNotice | Unroutable> {
  return routeObject(config, event, event.data?.object ?? {});
}

/** As `routeEvent`, for an event whose object was read apart from it. */
export async function routeObject(
  config: StripeConfig,
  event: Occurrence,
  object: EventObject,
): Promise<RoutedNotice | Unroutable> {
  return toRouted(event, object, await intentOf(object, config));
}

/**
 * An event again, with its payment as it is now; undefined when Stripe has it no more (30 days).
 * Source: https://docs.stripe.com/api/events
 */
export async function fetchEvent(
  config: StripeConfig,
  eventId: string,
): Promise<RoutedNotice | Unroutable | undefined> {
  const { events, paymentIntents } = stripeClient(config);
  try {
    const event = await events.retrieve(eventId);
    if (!event.type) throw undecided({ id: eventId });
    const object: EventObject = event.data?.object ?? {};
    const { id, object: kind } = object;
    const isIntent = kind === "payment_intent" && id !== undefined;
    const intent = isIntent
      ? whole(await paymentIntents.retrieve(id))
      : await intentOf(object, config);
    return toRouted(event, object, intent);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * The events about money from `sinceMs` until before `untilMs` (epoch ms; now when it is absent),
 * newest first: what an endpoint that was down has missed.
 *
 * Throws: when Stripe cannot be read now; what was yielded before stands.
 */
export async function* eventsSince(
  config: StripeConfig,
  sinceMs: number,
  untilMs?: number,
): AsyncGenerator<RoutedNotice | Unroutable> {
  const gte = Math.floor(sinceMs / 1000);
  const { events } = stripeClient(config);
  const created = untilMs === undefined ? { gte } : { gte, lt: Math.ceil(untilMs / 1000) };
  const list = events.list({ created, types: [...EVENT_TYPES], limit: 100 });
  for await (const event of list) yield await routeEvent(config, event);
}

/** What happened, and when (epoch seconds). */
type Occurrence = Pick<Stripe.Event, "id" | "created"> & { readonly type: string };

function toRouted(
  event: Occurrence,
  object: EventObject,
  intent: Stripe.PaymentIntent | undefined,
): RoutedNotice | Unroutable {
  const name = OurName.safeParse(intent?.metadata);
  if (!intent || !name.success) {
    const reference = intent?.id ?? object.id ?? "";
    return { provider: "stripe", eventId: event.id, type: event.type, reference };
  }
  const { shop_id: shopId, checkout_id: checkoutId, payment_reference } = name.data;
  const notice: Notice = {
    provider: "stripe",
    noticeId: event.id,
    type: event.type,
    ...meaningOf(event.type, object),
    reference: intent.id,
    about: aboutOf(object) ?? intent.id,
    ourReference: payment_reference,
    ...toldOf(object, intent),
    createdAtMs: event.created * 1000,
  };
  return { shopId, checkoutId, notice };
}

/**
 * An intent's own event carries it; a charge's, refund's or dispute's names it. Undefined for one
 * that Stripe does not know: to ask again would not mend it.
 */
async function intentOf(object: EventObject, config: StripeConfig) {
  const { object: kind, payment_intent: given } = object;
  if (kind === "payment_intent") return object as Stripe.PaymentIntent;
  if (typeof given !== "string") return given ?? undefined;
  try {
    return whole(await stripeClient(config).paymentIntents.retrieve(given, { expand: EXPAND }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Refunds and disputes have names of their own; a charge is the payment itself. */
function aboutOf({ object, id }: EventObject): string | undefined {
  return object === "refund" || object === "dispute" ? id : undefined;
}

type Meaning = { readonly kind: NoticeKind; readonly success: boolean };
const said = (kind: NoticeKind, success = true): Meaning => ({ kind, success });

/** A reason to ask: nothing is decided by it. */
function meaningOf(type: string, object: EventObject): Meaning {
  if (type.startsWith("charge.dispute.")) return said("dispute");
  switch (type) {
    case "payment_intent.amount_capturable_updated":
      // It comes again with each capture but the last.
      return said(object.amount_received ? "capture" : "authorization");
    case "payment_intent.succeeded":
      return said(object.capture_method === "manual" ? "capture" : "authorization");
    case "payment_intent.payment_failed":
      return said("authorization", false);
    case "charge.captured":
      return said("capture");
    case "payment_intent.canceled":
    case "charge.expired":
      return said("expiry");
    case "charge.refunded":
      return said("refund");
    case "refund.failed":
      return said("refund", false);
    case "refund.created":
    case "refund.updated":
    case "charge.refund.updated":
      return refundOf(object);
    default:
      return said("other");
  }
}

/** A refund that is still under way says no outcome. */
function refundOf({ status }: EventObject): Meaning {
  if (status === "succeeded") return said("refund");
  if (status === "failed" || status === "canceled") return said("refund", false);
  return said("other");
}

/** Stripe has nothing of that name. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 404;
}
