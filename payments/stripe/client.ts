import Stripe from "stripe";
import type { PaymentMethod } from "../../schema/payment.ts";

export const TIMEOUT_MS = 8_000; // under the engine's own attempt timeout, so that the SDK's error is seen

/** The API version whose types and wire this adapter was written for. */
export const STRIPE_API_VERSION = "2026-10-28.endive";

/**
 * The version that knows `wero` as a type of what is paid with: the one above lists it among the allowed
 * types alone, and its changelog links to this one. What else is answered in it is the same.
 * Source: https://docs.stripe.com/changelog/endive/2026-10-28/wero-bank-redirect-payment-method-support
 */
const STRIPE_PREVIEW_VERSION = "2026-10-28.preview";

/** The version in which a payment of this method is begun; a repeat is sent in the same. */
export function versionFor(method: PaymentMethod): string {
  return method === "wero" ? STRIPE_PREVIEW_VERSION : STRIPE_API_VERSION;
}

export type StripeConfig = { readonly apiBase: string; readonly secretKey: string };

const clients = new Map<string, Stripe>();

/** One client per base URL and key in an isolate; it holds no connection and no state. */
export function stripeClient({ apiBase, secretKey }: StripeConfig): Stripe {
  const name = `${apiBase} ${secretKey}`;
  const known = clients.get(name);
  if (known) return known;
  const { protocol, hostname, port } = new URL(apiBase);
  const client = new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(),
    protocol: protocol === "http:" ? "http" : "https",
    host: hostname,
    ...(port === "" ? {} : { port }),
    apiVersion: STRIPE_API_VERSION,
    // The engine repeats calls, durably and with the same key; the SDK must not.
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    telemetry: false,
  });
  clients.set(name, client);
  return client;
}
