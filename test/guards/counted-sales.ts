import { createMessageBatch, type MessageBatchMessage } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import Stripe from "stripe";
import { vi } from "vitest";
import type { OrderEvent } from "../../schema/events.ts";
import { localKeys, shopKeys } from "../../scripts/machine/local-keys.ts";
import { FeedObject } from "../../workers/index.ts";
import { type Body, cardPayment, cartOf } from "../clients/storefront.ts";
import { countPlatform, fetchUncounted } from "../counting/counted-platform.ts";
import { type Moment, now, startCounting, whenAnsweredLast } from "../counting/counts.ts";
import worker from "../counting/worker.ts";
import { eventually } from "../eventually.ts";

const SOON = { withinMs: 10_000, gapMs: 10 };
const STRIPE = "http://stripe.test";
const EVENTS_OF_A_SALE = 3; // placed, captured, fulfilment requested
const TOTAL = { amountMinor: 1299 + 2499 + 490, currency: "EUR" };
const LINES = ["mug", "shirt"].map((sku) => ({ sku, quantity: 1 }));
const PAID = cardPayment("pm_card_visa", TOTAL);

let calls = 0;
let sent: OrderEvent[] = [];

/**
 * Stock, queues that keep what they are sent until the sale is over, and feeds that are told and do
 * nothing: they follow at their own pace, many events at once, and what they write is no sale's own.
 */
export async function openGuardedShop(): Promise<void> {
  const queue = Object.getPrototypeOf(env.EVENTS_EU) as Queue<OrderEvent>;
  vi.spyOn(queue, "sendBatch").mockImplementation(async (messages) => {
    sent.push(...[...messages].map(({ body }) => body));
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  });
  vi.spyOn(FeedObject.prototype, "wake").mockImplementation(() => undefined);
  countPlatform(env);
  for (const { sku } of LINES) {
    const receipt = { sku, region: "eu", quantity: 1000, movementId: `guard-${sku}` };
    await post("/v1/ops/stock", receipt, { authorization: `Bearer ${shopKeys.operator}` });
  }
}

export type CountedSale = { readonly answered: readonly Moment[]; readonly over: Moment };

/** Created and paid in one call; told to the order store, nothing left to do. */
export async function oneCallSale(): Promise<CountedSale> {
  begin();
  await post("/v1/checkouts", cartOf("mug", 1, { lines: LINES, ...PAID }));
  await allSent();
  await deliver();
  return { answered: moments("create"), over: now() };
}

/** Created, then paid; the provider's webhooks of it come when it is captured. */
export async function twoCallSale(): Promise<CountedSale> {
  begin();
  const { checkoutId = "", clientSecret = "" } = await post(
    "/v1/checkouts",
    cartOf("mug", 1, { lines: LINES }),
  );
  await post(`/v1/checkouts/${checkoutId}/pay`, PAID, { "checkout-secret": clientSecret });
  await allSent();
  for (const event of await eventsOf(checkoutId)) await tell(event);
  await deliver();
  return { answered: moments("create", "pay"), over: now() };
}

function begin(): void {
  sent = [];
  startCounting("moments");
}

const moments = (...methods: readonly string[]) =>
  methods.flatMap((method) => whenAnsweredLast(`CheckoutObject.${method}`) ?? []);

async function post(path: string, body: object, more: Record<string, string> = {}): Promise<Body> {
  const headers = {
    "content-type": "application/json",
    "idempotency-key": `guard-${++calls}`,
    authorization: `Bearer ${shopKeys.publishable}`,
    ...more,
  };
  return call(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function call(path: string, init: RequestInit): Promise<Body> {
  const response = await exports.default.fetch(new Request(`https://tender.test${path}`, init));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function allSent(): Promise<void> {
  await eventually(
    async () => sent.length,
    (length) => length === EVENTS_OF_A_SALE,
    SOON,
  );
}

/** All of a sale's events in one batch, as a busy queue gives them. */
async function deliver(): Promise<void> {
  const messages = sent.map((body, at): MessageBatchMessage<OrderEvent> => {
    return { id: `m${calls}-${at}`, timestamp: new Date(), attempts: 1, body };
  });
  await worker.queue(createMessageBatch("events-eu", messages), env);
}

/** What Stripe tells of a card that is authorized, then captured whole. */
async function eventsOf(checkoutId: string): Promise<object[]> {
  const listed = await fetchUncounted(`${STRIPE}/v1/payment_intents`);
  const { data } = (await listed.json()) as { data: readonly StripeIntent[] };
  const intent = data.find(({ metadata }) => metadata.checkout_id === checkoutId);
  const charge = {
    object: "charge",
    id: "ch_1",
    payment_intent: intent?.id,
    metadata: intent?.metadata,
  };
  const captured = { ...charge, amount_captured: intent?.amount, amount_refunded: 0 };
  return [
    { type: "payment_intent.amount_capturable_updated", object: intent },
    { type: "charge.captured", object: captured },
    { type: "payment_intent.succeeded", object: intent },
  ].map(({ type, object }, at) => ({
    ...{ id: `evt_${checkoutId}_${at}`, object: "event", type, livemode: false },
    ...{ created: Math.floor(Date.now() / 1000), data: { object } },
  }));
}

type StripeIntent = {
  readonly id: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, string>>;
};

async function tell(event: object): Promise<void> {
  const payload = JSON.stringify(event);
  const secret = localKeys.STRIPE_WEBHOOK_SECRET;
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret });
  const headers = { "content-type": "application/json", "stripe-signature": signature };
  await call("/v1/webhooks/stripe", { method: "POST", headers, body: payload });
}
