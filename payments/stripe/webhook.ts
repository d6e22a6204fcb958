import type Stripe from "stripe";
import type { WebhookReading } from "../webhook-notice.ts";
import { STRIPE_API_VERSION, type StripeConfig, stripeClient } from "./client.ts";
import { routeEvent } from "./events.ts";

const AGE_MAX_S = 300; // Stripe's own tolerance: https://docs.stripe.com/webhooks#replay-attacks

export type StripeWebhookConfig = StripeConfig & {
  /** While a secret is rotated there are two, with a comma or a blank between. */
  readonly webhookSecret: string;
};

/**
 * Verifies a webhook over its raw bytes and finds the sale by our reference in it.
 *
 * Throws: when the intent of a charge's event cannot be read now; Stripe sends the event again.
 * Source: https://docs.stripe.com/webhooks/signature
 */
export async function readStripeWebhook(
  config: StripeWebhookConfig,
  rawBody: string,
  signature: string,
  nowMs: number,
): Promise<WebhookReading> {
  const event = await verified(config, rawBody, signature, nowMs);
  if (!event || isLive(event) !== isLiveKey(config)) return { is: "forged" };
  // Signed, and yet no event: there is nothing to keep, and to send it again would not mend it.
  if (typeof event.id !== "string" || typeof event.type !== "string") {
    console.warn({ event: "webhook.not_an_event", provider: "stripe" });
    return { is: "verified", routed: [], unroutable: [], reports: [] };
  }
  warnOfVersion(event);
  const read = await routeEvent(config, event);
  const isRouted = "notice" in read;
  return {
    is: "verified",
    routed: isRouted ? [read] : [],
    unroutable: isRouted ? [] : [read],
    reports: [],
  };
}

async function verified(
  config: StripeWebhookConfig,
  rawBody: string,
  signature: string,
  nowMs: number,
): Promise<Stripe.Event | undefined> {
  // The SDK accepts any time in the future, and the last of several; we do neither.
  const [sentAt, another] = [...signature.matchAll(/(?:^|,)t=(\d+)/g)];
  const ageS = Math.floor(nowMs / 1000) - Number(sentAt?.[1]);
  if (another || !(Math.abs(ageS) <= AGE_MAX_S)) return undefined;
  const { webhooks } = stripeClient(config);
  for (const secret of config.webhookSecret.split(/[\s,]+/).filter(Boolean)) {
    try {
      return await webhooks.constructEventAsync(
        rawBody,
        signature,
        secret,
        AGE_MAX_S,
        undefined,
        nowMs,
      );
    } catch {
      // Whatever the SDK throws here (it throws plain errors for odd headers) means: not this secret's.
    }
  }
  return undefined;
}

/** A test event at a live endpoint, or the reverse, says nothing of the money we ask about. */
function isLive({ livemode }: Stripe.Event): boolean {
  return livemode === true;
}

function isLiveKey({ secretKey }: StripeConfig): boolean {
  return /^[sr]k_live_/.test(secretKey);
}

/**
 * An endpoint of another API version is set up wrongly, but what is read of an event is the same in
 * every version, and the payment itself is asked for in ours: it is told, and not refused.
 */
function warnOfVersion({ id: eventId, api_version: version }: Stripe.Event): void {
  if (!version || version === STRIPE_API_VERSION) return;
  console.warn({ event: "webhook.other_version", provider: "stripe", eventId, version });
}
