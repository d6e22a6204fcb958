import type Stripe from "stripe";
import { assert } from "../../schema/outcome.ts";
import type { WebhookReading } from "../webhook-notice.ts";
import { STRIPE_API_VERSION, type StripeConfig, stripeClient } from "./client.ts";
import { routeEvent } from "./events.ts";
import { routeThinEvent, ThinEvent } from "./thin-events.ts";

const AGE_MAX_S = 300; // Stripe's own tolerance: https://docs.stripe.com/webhooks#replay-attacks

export type StripeWebhookConfig = StripeConfig & {
  /** While a secret is rotated there are two, with a comma or a blank between. */
  readonly webhookSecret: string;
};

/**
 * Verifies a webhook over its raw bytes and finds the sale by our reference in it. Both kinds are
 * read: snapshot events, which carry their object, and thin ones, which name it.
 *
 * Throws: when the object of a thin event, or the intent of a charge's, cannot be read now; Stripe
 * sends the event again.
 * Source: https://docs.stripe.com/webhooks/signature
 */
export async function readStripeWebhook(
  config: StripeWebhookConfig,
  rawBody: string,
  signature: string,
  nowMs: number,
): Promise<WebhookReading> {
  const body = await verified(config, rawBody, signature, nowMs);
  if (!body || isLive(body) !== isLiveKey(config)) return { is: "forged" };
  const read = await routed(config, body);
  return {
    is: "verified",
    routed: read && "notice" in read ? [read] : [],
    unroutable: !read || "notice" in read ? [] : [read],
    reports: [],
  };
}

/** Undefined for what is signed and yet of no kind that we know: there is nothing to keep. */
async function routed(config: StripeConfig, body: Body) {
  const { data: thin } = ThinEvent.safeParse(body);
  if (thin) return routeThinEvent(config, thin);
  const { id, type, object = "event" } = body;
  if (object === "event" && typeof id === "string" && typeof type === "string") {
    warnOfVersion(body);
    return routeEvent(config, body);
  }
  // To send it again would not mend it, so it is taken: a forgery is refused before.
  console.warn({ event: "webhook.unknown_kind", provider: "stripe", object, type });
  return undefined;
}

/** What is signed, as far as it is told apart: an event of either kind, or neither. */
type Body = Omit<Stripe.Event, "object"> & { readonly object?: string };

async function verified(
  config: StripeWebhookConfig,
  rawBody: string,
  header: string,
  nowMs: number,
): Promise<Body | undefined> {
  // The SDK accepts any time in the future, and the last of several; we do neither.
  const [sentAt, another] = [...header.matchAll(/(?:^|,)t=(\d+)/g)];
  const ageS = Math.floor(nowMs / 1000) - Number(sentAt?.[1]);
  if (another || !(Math.abs(ageS) <= AGE_MAX_S)) return undefined;
  const { signature } = stripeClient(config).webhooks;
  assert(signature, "the SDK verifies signatures");
  for (const secret of config.webhookSecret.split(/[\s,]+/).filter(Boolean)) {
    try {
      await signature.verifyHeaderAsync(rawBody, header, secret, AGE_MAX_S, undefined, nowMs);
      const body: unknown = JSON.parse(rawBody);
      return typeof body === "object" && body !== null ? (body as Body) : undefined;
    } catch {
      // Whatever the SDK throws here (it throws plain errors for odd headers) means: not this secret's.
    }
  }
  return undefined;
}

/** A test event at a live endpoint, or the reverse, says nothing of the money we ask about. */
function isLive({ livemode }: Body): boolean {
  return livemode === true;
}

function isLiveKey({ secretKey }: StripeConfig): boolean {
  return /^[sr]k_live_/.test(secretKey);
}

/**
 * An endpoint of another API version is set up wrongly, but what is read of an event is the same in
 * every version, and the payment itself is asked for in ours: it is told, and not refused.
 */
function warnOfVersion({ id: eventId, api_version: version }: Body): void {
  if (!version || version === STRIPE_API_VERSION) return;
  console.warn({ event: "webhook.other_version", provider: "stripe", eventId, version });
}
