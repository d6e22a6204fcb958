/** The simulators by themselves on a port, with a receiver for their webhooks and a record of what went over the wire. */

import { createServer, type IncomingMessage } from "node:http";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import Stripe from "stripe";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { bundle, simulators } from "../../scripts/bundle.ts";
import { freePort, HOST, quietEnv, root } from "../../scripts/platform.ts";

export const WEBHOOK_SECRET = "whsec_test_secret";

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly form: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Delivery {
  readonly event: Stripe.Event;
  readonly raw: string;
  readonly signature: string;
}

/** Starts the Worker that wrangler would build. The caller closes it. */
export async function startSimulators(options: {
  readonly webhookUrl?: string;
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

function parsed(text: string): unknown {
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

/** A merchant's endpoint: keeps what it gets and answers the status it is told. */
export async function openReceiver() {
  const deliveries: Delivery[] = [];
  const answer = { status: 200 };
  const server = createServer(async (request, response) => {
    const raw = await textOf(request);
    const signature = String(request.headers["stripe-signature"] ?? "");
    deliveries.push({ event: JSON.parse(raw), raw, signature });
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
