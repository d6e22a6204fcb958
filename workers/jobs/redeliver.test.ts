import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { demo, newSale, stockUp } from "../../durable-objects/checkout/testing/sale.ts";
import { letterIdOf } from "../../orders/dead-letter.ts";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { paymentReference } from "../../payments/payment-reference.ts";
import { UnroutedWebhooks } from "../../payments/unrouted-webhooks.ts";
import type { Notice, RoutedNotice } from "../../payments/webhook-notice.ts";
import { type CheckoutId, checkoutIdFrom } from "../../schema/ids.ts";
import { redrive } from "../edge/asking/letter-desk.ts";
import { resolveFindings } from "./orphans.ts";
import { gapMs, redeliverWebhooks } from "./redeliver.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const START_MS = Date.parse("2026-11-24T10:00:00Z");
const kept = new UnroutedWebhooks(env.CATALOG);

beforeAll(() => stockUp("mug"));

function notice(checkoutId: CheckoutId, change: Partial<Notice> = {}): RoutedNotice {
  const notice: Notice = {
    provider: "stripe",
    noticeId: `evt_${checkoutId}`,
    type: "charge.refunded",
    kind: "refund",
    success: true,
    reference: "pi_none",
    about: "pi_none",
    ourReference: paymentReference({ shopId: demo, checkoutId, attempt: 1 }),
    createdAtMs: START_MS,
    ...change,
  };
  return { shopId: demo, checkoutId, notice };
}

function bodyOf(routed: RoutedNotice): string {
  const { provider, noticeId: eventId, type } = routed.notice;
  return JSON.stringify({ provider, eventId, type, routed });
}

const nobody = () => checkoutIdFrom("eu", crypto.getRandomValues(new Uint8Array(17)));

async function rowOf({ notice: { noticeId } }: RoutedNotice) {
  return env.CATALOG.prepare("SELECT * FROM unrouted_webhooks WHERE event_id = ?")
    .bind(noticeId)
    .first<{ cause: string; attempts: number; due_at_ms: number | null }>();
}

async function itemOf(reference: string) {
  return env.CATALOG.prepare("SELECT * FROM reconciliation_items WHERE reference = ?")
    .bind(reference)
    .first<{ done: string; due_at_ms: number | null }>();
}

/** A payment made at the provider by nobody's checkout, with our names on it. */
async function intentFor(checkoutId: CheckoutId): Promise<string> {
  const form = new URLSearchParams({
    amount: "1789",
    currency: "eur",
    payment_method: "pm_visa",
    "metadata[shop_id]": demo,
    "metadata[checkout_id]": checkoutId,
    "metadata[payment_reference]": paymentReference({ shopId: demo, checkoutId, attempt: 1 }),
  });
  const headers = { "idempotency-key": crypto.randomUUID() };
  const url = "http://stripe.test/v1/payment_intents";
  const response = await fetch(url, { method: "POST", headers, body: form });
  return ((await response.json()) as { id: string }).id;
}

test("the gaps between looks grow from a minute to six hours", () => {
  expect([0, 1, 2, 8, 9, 1000].map(gapMs)).toEqual(
    [1, 2, 4, 256, 360, 360].map((minutes) => minutes * MINUTE_MS),
  );
});

test("a webhook that came before its sale was there is brought to it, and not before it is due", async () => {
  const sale = newSale();
  const routed = notice(sale.checkoutId);
  await kept.keepNotices([{ ...routed, cause: "unknown_sale" }], START_MS);
  await sale.create();

  await redeliverWebhooks(env, START_MS + 29_000);
  expect(await rowOf(routed)).toMatchObject({ attempts: 0, due_at_ms: START_MS + 30_000 });
  await redeliverWebhooks(env, START_MS + 30_000);

  expect(await rowOf(routed)).toMatchObject({ cause: "delivered", due_at_ms: null });
  expect(await sale.rows("SELECT notice_id FROM notices")).toEqual([
    { notice_id: `stripe/${routed.notice.noticeId}` },
  ]);
});

test("what no sale takes for three days becomes one dead letter, with growing gaps until then", async () => {
  const routed = notice(nobody());
  await kept.keepNotices([{ ...routed, cause: "unknown_sale" }], START_MS);

  await redeliverWebhooks(env, START_MS + MINUTE_MS);
  expect(await rowOf(routed)).toMatchObject({
    cause: "unknown_sale",
    attempts: 1,
    due_at_ms: START_MS + 2 * MINUTE_MS,
  });
  await Promise.all([1, 2].map(() => redeliverWebhooks(env, START_MS + 3 * DAY_MS)));
  await redeliverWebhooks(env, START_MS + 4 * DAY_MS);

  expect(await rowOf(routed)).toMatchObject({ cause: "letter", attempts: 2, due_at_ms: null });
  const letters = await orderStoreOf(env, "eu").deadLetters(demo, { limit: 100 });
  expect(letters.filter(({ reference }) => reference === routed.checkoutId)).toMatchObject([
    { queue: "provider-webhooks", state: "open", shopId: demo, body: bodyOf(routed) },
  ]);
});

test("a dead letter that is redriven is looked at again, and reaches a sale that is there by now", async () => {
  const sale = newSale();
  const routed = notice(sale.checkoutId);
  await kept.keepNotices([{ ...routed, cause: "unknown_sale" }], START_MS);
  await redeliverWebhooks(env, START_MS + 4 * DAY_MS);
  const letterId = letterIdOf("provider-webhooks", `stripe.${routed.notice.noticeId}`);
  await sale.create();

  expect(await redrive({ env, shopId: demo }, letterId)).toMatchObject({
    letter: { state: "redriven" },
  });
  await redeliverWebhooks(env, Date.now());

  expect(await rowOf(routed)).toMatchObject({ cause: "delivered", due_at_ms: null });
});

test("a row that cannot be read stops none of the others", async () => {
  await env.CATALOG.prepare(
    `INSERT INTO unrouted_webhooks (provider, event_id, type, reference, routed, cause, first_at_ms, due_at_ms)
     VALUES ('acme', 'poison', 't', 'r', NULL, 'no_sale', 0, 0), ('stripe', 'poison', 't', 'r', '{}', 'no_sale', 0, 0)`,
  ).run();
  const sale = newSale();
  await sale.create();
  const routed = notice(sale.checkoutId);
  await kept.keepNotices([{ ...routed, cause: "unknown_sale" }], START_MS);

  await redeliverWebhooks(env, START_MS + MINUTE_MS);

  expect(await rowOf(routed)).toMatchObject({ cause: "delivered" });
  const poison = "SELECT cause, due_at_ms FROM unrouted_webhooks WHERE event_id = 'poison'";
  const { results } = await env.CATALOG.prepare(poison).all();
  expect(results).toEqual([1, 2].map(() => ({ cause: "unreadable", due_at_ms: null })));
});

test("an event known by its id alone that its provider has no more is closed without a letter", async () => {
  const event = { provider: "stripe", eventId: "evt_gone", type: "t", reference: "pi_x" } as const;
  await kept.keepEvents([event], START_MS);
  await redeliverWebhooks(env, START_MS + MINUTE_MS);
  const { notice: gone } = notice(nobody(), { noticeId: "evt_gone" });
  expect(await rowOf({ ...notice(nobody()), notice: gone })).toMatchObject({
    cause: "not_ours",
    due_at_ms: null,
  });
});

test("money whose checkout there is not is given back, an hour after it was told of, once", async () => {
  const checkoutId = nobody();
  const reference = await intentFor(checkoutId);
  const routed = notice(checkoutId, { kind: "authorization", reference, about: reference });
  await kept.keepNotices([{ ...routed, cause: "unknown_sale" }], START_MS);

  await redeliverWebhooks(env, START_MS + MINUTE_MS);
  expect(await itemOf(reference)).toBeNull();
  const laterMs = START_MS + 61 * MINUTE_MS;
  await redeliverWebhooks(env, laterMs);
  expect(await rowOf(routed)).toMatchObject({ cause: "handed_over", due_at_ms: null });
  await Promise.all([1, 2].map(() => resolveFindings(env, laterMs + 100 * DAY_MS)));

  expect(await itemOf(reference)).toMatchObject({ done: "voided", due_at_ms: null });
  const stripe = await fetch(`http://stripe.test/v1/payment_intents/${reference}`);
  expect(await stripe.json()).toMatchObject({ status: "canceled" });
  // What its provider tells of that has no sale to go to, and is no dead letter.
  const end = notice(checkoutId, { noticeId: `end_${checkoutId}`, reference, kind: "expiry" });
  await kept.keepNotices([{ ...end, cause: "unknown_sale" }], laterMs);
  await redeliverWebhooks(env, laterMs + MINUTE_MS);
  expect(await rowOf(end)).toMatchObject({ cause: "handed_over", due_at_ms: null });
});
