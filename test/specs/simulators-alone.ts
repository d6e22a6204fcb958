/** The simulators by themselves on a port, with a receiver for their webhooks and a record of what went over the wire. */

import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import Stripe from "stripe";
import { afterAll, beforeEach, expect } from "vitest";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { bundle, simulators } from "../../scripts/building/bundle.ts";
import { localKeys } from "../../scripts/machine/local-keys.ts";
import { freePort, HOST, quietEnv, root } from "../../scripts/machine/platform.ts";
import { type Exchange, wireProblems } from "./stripe-schema.ts";

export const WEBHOOK_SECRET = "whsec_test_secret";

interface Delivery {
  readonly event: Stripe.Event;
  readonly raw: string;
  readonly signature: string;
}

/** Starts the Worker that wrangler would build. The caller closes it. */
export async function startSimulators(options: {
  readonly webhookUrl?: string;
  readonly adyenWebhookUrl?: string;
  readonly persistTo?: string;
}): Promise<{ readonly url: string; stop(): Promise<void> }> {
  Object.assign(process.env, quietEnv());
  const { workerOptions } = unstable_getMiniflareWorkerOptions(`${root}/${simulators.config}`);
  const { modulesRules: _, ...rest } = workerOptions;
  const port = await freePort();
  const worker: V4WorkerOptions = {
    ...rest,
    name: simulators.name,
    modules: await bundle(simulators),
    bindings: {
      STRIPE_WEBHOOK_URL: options.webhookUrl ?? "",
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      ADYEN_WEBHOOK_URL: options.adyenWebhookUrl ?? "",
      ADYEN_HMAC_KEY: localKeys.ADYEN_HMAC_KEY,
      ADYEN_MERCHANT_ACCOUNT: localKeys.ADYEN_MERCHANT_ACCOUNT,
    },
    unsafeDirectSockets: [{ host: HOST, port }],
  };
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({ host: HOST, port: 0, logRequests: false, workers: [worker] }),
    ...(options.persistTo === undefined ? {} : { resourcePersistencePath: options.persistTo }),
  });
  await miniflare.ready;
  return { url: `http://${HOST}:${port}`, stop: () => miniflare.dispose() };
}

/** The official SDK, pointed at the simulators, writing down every exchange that had an answer. */
export function stripeAt(url: string, exchanges: Exchange[] = [], timeoutMs = 8_000): Stripe {
  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const text = await response
      .clone()
      .text()
      .catch(() => "");
    const { pathname, search } = new URL(String(input));
    const method = init?.method ?? "GET";
    const form = method === "POST" ? String(init?.body ?? "") : search.slice(1);
    const { status, headers } = response;
    exchanges.push({ method, path: pathname, form, status, headers, body: parsed(text) });
    return response;
  };
  return new Stripe("sk_test_local", {
    httpClient: Stripe.createFetchHttpClient(recording),
    host: HOST,
    port: new URL(url).port,
    protocol: "http",
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
  });
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** A merchant's endpoint: keeps what it gets, as `read` has it, and answers the status it is told. */
export async function openEndpoint<Delivery>(
  read: (raw: string, headers: IncomingHttpHeaders) => Delivery,
) {
  const deliveries: Delivery[] = [];
  const answer = { status: 200 };
  const server = createServer(async (request, response) => {
    deliveries.push(read(await textOf(request), request.headers));
    response.writeHead(answer.status).end();
  });
  const port = await freePort();
  await new Promise<void>((ready) => {
    server.listen(port, HOST, ready);
  });
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { url: `http://${HOST}:${port}/webhooks`, deliveries, answer, close };
}

export const openReceiver = () =>
  openEndpoint<Delivery>((raw, headers) => ({
    event: JSON.parse(raw),
    raw,
    signature: String(headers["stripe-signature"] ?? ""),
  }));

interface Calls {
  readonly faultsByOperation: Readonly<Record<string, number>>;
  readonly webhooks: { readonly delivered: number; readonly failed: number };
}

interface LedgerLine {
  readonly status: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Opens the simulators and the SDK for one file, calm before each test; closes them after the last. */
export async function openStripe() {
  const exchanges: Exchange[] = [];
  const receiver = await openReceiver();
  const { url, stop } = await startSimulators({ webhookUrl: receiver.url });
  const door = (path: string, init?: RequestInit) =>
    fetch(`${url}/_simulator/stripe/${path}`, init);
  beforeEach(async () => {
    receiver.answer.status = 200;
    await door("control", { method: "DELETE" });
  });
  afterAll(async () => {
    await stop();
    await receiver.close();
  });
  let keys = 0;
  return {
    url,
    door,
    receiver,
    exchanges,
    stripe: stripeAt(url, exchanges),
    /** A key that nobody used yet. */
    key: () => {
      keys += 1;
      return { idempotencyKey: `story-${keys}` };
    },
    set: async (setting: object): Promise<void> => {
      const response = await door("control", { method: "POST", body: JSON.stringify(setting) });
      expect(response.status).toBe(200);
    },
    calls: async (): Promise<Calls> => (await (await door("calls")).json()) as Calls,
    ledgerOf: async (checkoutId: string): Promise<LedgerLine[]> => {
      const lines = (await (await door("ledger")).text()).split("\n").filter((line) => line !== "");
      const rows = lines.map((line) => JSON.parse(line) as LedgerLine);
      return rows.filter(({ metadata }) => metadata.checkout_id === checkoutId);
    },
    wireProblems: () =>
      wireProblems(
        exchanges,
        receiver.deliveries.map(({ event }) => event),
      ),
  };
}

export function card(checkoutId: string, token = "pm_card_visa"): Stripe.PaymentIntentCreateParams {
  return {
    amount: 1299,
    currency: "eur",
    confirm: true,
    capture_method: "manual",
    payment_method: token,
    allowed_payment_method_types: ["card"],
    return_url: "https://shop.test/back?from=bank",
    metadata: { checkout_id: checkoutId },
  };
}

/** The error that a call ends with. */
export const whyNot = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it went through",
    (error: unknown) => error,
  );
