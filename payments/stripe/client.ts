import Stripe from "stripe";

export const TIMEOUT_MS = 8_000; // under the engine's own attempt timeout, so that the SDK's error is seen

/** The API version whose types and wire this adapter was written for. */
export const STRIPE_API_VERSION = "2026-10-28.endive";

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
