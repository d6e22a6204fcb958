import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../eventually.ts";
import {
  card,
  openReceiver,
  openStripe,
  startSimulators,
  stripeAt,
  WEBHOOK_SECRET,
} from "../specs/simulators-alone.ts";

const DAY_MS = 86_400_000;
const SOON = { withinMs: 10_000 };
const { calls, exchanges, key, receiver, set, stripe, wireProblems } = await openStripe();

/** Types of the events that the receiver has got about one checkout's payment or its charge. */
const eventsOf = (id: string): string[] =>
  receiver.deliveries
    .filter(({ raw }) => raw.includes(id))
    .map(({ event }) => event.type)
    .sort();

test("webhooks are signed, in Stripe's shape, and tell the whole life of a sale", async () => {
  const held = await stripe.paymentIntents.create(card("chk_hooks"), key());
  await stripe.paymentIntents.capture(held.id, {}, key());
  await stripe.refunds.create({ payment_intent: held.id, amount: 100 }, key());
  const expected = [
    "charge.captured",
    "charge.refunded",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "refund.created",
  ];
  await eventually(
    async () => eventsOf(held.id),
    (types) => types.join() === expected.join(),
    SOON,
  );
  for (const { raw, signature } of receiver.deliveries) {
    const event = await stripe.webhooks.constructEventAsync(raw, signature, WEBHOOK_SECRET);
    expect(event.api_version).toBe("2026-10-28.endive");
  }
  const told = receiver.deliveries.find(({ event }) => event.type === "refund.created");
  expect(told?.event.request?.idempotency_key).toMatch(/^story-/);
  expect(await stripe.events.retrieve(told?.event.id ?? "")).toMatchObject({
    id: told?.event.id,
    type: "refund.created",
  });
});

test("webhooks never hold up an answer, and come again until the receiver takes them", async () => {
  receiver.answer.status = 500;
  const before = await calls();
  const held = await stripe.paymentIntents.create(card("chk_deaf"), key());
  await eventually(calls, ({ webhooks }) => webhooks.failed > before.webhooks.failed, SOON);
  receiver.answer.status = 200;
  await eventually(
    async () => eventsOf(held.id),
    (types) => types.length >= 2,
    SOON,
  );
  const ids = receiver.deliveries.filter(({ raw }) => raw.includes(held.id));
  expect(new Set(ids.map(({ event }) => event.id)).size).toBe(1);
});

test("webhooks come twice, reversed or not at all when told", async () => {
  await set({ webhooks: { mode: "duplicate" } });
  const twice = await stripe.paymentIntents.create(card("chk_twice"), key());
  await eventually(
    async () => eventsOf(twice.id),
    (types) => types.length === 2,
    SOON,
  );

  await set({ webhooks: { mode: "reordered" } });
  const reversed = await stripe.paymentIntents.create(card("chk_reversed"), key());
  await stripe.paymentIntents.capture(reversed.id, {}, key());
  await eventually(
    async () => eventsOf(reversed.id),
    (types) => types.length === 3,
    SOON,
  );
  const order = receiver.deliveries
    .filter(({ raw }) => raw.includes(reversed.id))
    .map(({ event }) => event.type);
  expect(order).toEqual([
    "payment_intent.succeeded",
    "charge.captured",
    "payment_intent.amount_capturable_updated",
  ]);

  await set({ webhooks: { mode: "off" } });
  const silent = await stripe.paymentIntents.create(card("chk_silent"), key());
  await set({ webhooks: { mode: "normal", events: ["payment_intent.canceled"] } });
  await stripe.paymentIntents.cancel(silent.id, {}, key());
  await eventually(
    async () => eventsOf(silent.id),
    (types) => types.length > 0,
    SOON,
  );
  expect(eventsOf(silent.id)).toEqual(["payment_intent.canceled"]);
  expect((await stripe.events.list({ limit: 2 })).data.map(({ type }) => type)).toEqual([
    "payment_intent.canceled",
    "payment_intent.amount_capturable_updated",
  ]);
});

test("webhooks come five times, a day late, or are lost and found by list", async () => {
  await set({ webhooks: { mode: "duplicate", count: 5 } });
  const often = await stripe.paymentIntents.create(card("chk_often"), key());
  await eventually(
    async () => eventsOf(often.id),
    (types) => types.length === 5,
    SOON,
  );

  await set({ webhooks: { mode: "late", delayMs: DAY_MS } });
  const late = await stripe.paymentIntents.create(card("chk_late"), key());
  await set({ webhooks: { mode: "lost" } });
  const lost = await stripe.paymentIntents.create(card("chk_unheard"), key());
  expect(eventsOf(late.id)).toEqual([]);
  await set({ clockShiftMs: DAY_MS });
  await eventually(
    async () => eventsOf(late.id),
    (types) => types.length === 1,
    SOON,
  );
  expect(eventsOf(lost.id)).toEqual([]);
  const { data } = await stripe.events.list({ limit: 1 });
  expect(data[0]?.data.object).toMatchObject({ id: lost.id });
  expect(await stripe.events.retrieve(data[0]?.id ?? "")).toEqual(data[0]);
});

test("while one secret takes over from another, both sign", async () => {
  await set({ webhooks: { secrets: ["whsec_next", WEBHOOK_SECRET] } });
  const held = await stripe.paymentIntents.create(card("chk_rotation"), key());
  await eventually(
    async () => eventsOf(held.id),
    (types) => types.length > 0,
    SOON,
  );
  const { raw = "", signature = "" } =
    receiver.deliveries.find((delivery) => delivery.raw.includes(held.id)) ?? {};
  for (const secret of ["whsec_next", WEBHOOK_SECRET]) {
    const event = await stripe.webhooks.constructEventAsync(raw, signature, secret);
    expect(event.type).toBe("payment_intent.amount_capturable_updated");
  }
});

test("ledger, keys and undelivered events survive a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tender-simulators-"));
  const listener = await openReceiver();
  onTestFinished(async () => {
    await listener.close();
    await rm(folder, { recursive: true, force: true });
  });
  listener.answer.status = 503;
  const first = await startSimulators({ persistTo: folder, webhookUrl: listener.url });
  const held = await stripeAt(first.url).paymentIntents.create(card("chk_restart"), {
    idempotencyKey: "restart",
  });
  await first.stop();

  listener.answer.status = 200;
  const second = await startSimulators({ persistTo: folder, webhookUrl: listener.url });
  onTestFinished(() => second.stop());
  const again = await stripeAt(second.url).paymentIntents.create(card("chk_restart"), {
    idempotencyKey: "restart",
  });

  expect(again).toEqual(held);
  await eventually(
    async () => listener.deliveries.at(-1)?.event.type,
    (type) => type === "payment_intent.amount_capturable_updated",
    SOON,
  );
});

test("every request, answer and event of these stories fits the official types", () => {
  expect(exchanges.length).toBeGreaterThan(5);
  expect(wireProblems()).toEqual([]);
});
