import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import { CHECKOUT_OPEN_MS } from "../../../schema/durations.ts";
import type { OrderEvent } from "../../../schema/events.ts";
import { ReservationExpired } from "../../../schema/reservation.ts";
import { consume } from "../../../workers/consumers/consume.ts";
import { redrive } from "../../../workers/edge/asking/letter-desk.ts";
import { batchOf, cart, demo, newSale, stockOf, stockUp, withoutQueues } from "../testing/sale.ts";

const MINUTE_MS = 60_000;

beforeAll(() => stockUp("mug"));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets a checkout expire, and delivers what it tells. Answers its letters and what was told. */
async function expire(sale: ReturnType<typeof newSale>, sent: ReturnType<typeof withoutQueues>) {
  vi.setSystemTime(Date.now() + CHECKOUT_OPEN_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(await sale.status()).toBe("expired");
  const told = sent.of(sale) as readonly object[] as readonly ReservationExpired[];
  const batch = batchOf(told as readonly object[] as readonly OrderEvent[]);
  await consume(batch, env);
  await consume(batch, env); // a queue may deliver twice
  const page = { queue: "reservation-expired", limit: 100 };
  const letters = await orderStoreOf(env, "eu").deadLetters(demo, page);
  return { told, letters: letters.filter(({ reference }) => reference === sale.checkoutId) };
}

test("a checkout that nobody tried to pay is an event and a number, not a letter", async () => {
  const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const sent = withoutQueues();
  const sale = newSale();
  await sale.create();
  const { told, letters } = await expire(sale, sent);
  expect(told).toMatchObject([{ subject: sale.checkoutId, data: { attempts: [] } }]);
  expect(letters).toEqual([]);
  const span = { sinceMs: 0, untilMs: Date.now() + MINUTE_MS } as const;
  const type = "tender.checkout.reservation_expired.v1";
  const store = orderStoreOf(env, "eu");
  const kept = await store.shopEvents(demo, { ...span, type, limit: 100 });
  expect(kept.filter(({ subject }) => subject === sale.checkoutId)).toEqual(told);
  const hours = await store.shopEventHours(demo, { ...span, type });
  expect(hours.reduce((sum, { count }) => sum + count, 0)).toBe(kept.length);
  const counted = expect.objectContaining({ event: "reservation.expired", attempts: 0 });
  expect(said).toHaveBeenCalledWith(counted);
});

test("a checkout that somebody tried to pay is a letter with what is needed to act", async () => {
  const sent = withoutQueues();
  const sale = newSale();
  await sale.create();
  await sale.pay("pm_declined");
  const { told, letters } = await expire(sale, sent);
  expect(told).toHaveLength(1);
  expect(letters).toMatchObject([{ queue: "reservation-expired", state: "open" }]);
  const event = ReservationExpired.parse(JSON.parse(letters[0]?.body ?? "{}"));
  expect(event.data).toMatchObject({
    lines: [{ sku: "mug", quantity: 1 }],
    attempts: [{ attempt: 1, method: "card", refused: "payment_declined" }],
  });
  expect(letters[0]?.body).not.toContain("ada@example.com");
});

test("a checkout that was called off is not told of as expired", async () => {
  const sent = withoutQueues();
  const sale = newSale();
  await sale.create();
  await sale.cancel();
  expect(sent.of(sale)).toEqual([]);
});

test("an expired sale that is opened again takes its pieces anew, is paid, or expires again", async () => {
  const sent = withoutQueues();
  const sale = newSale();
  await sale.create();
  await sale.pay("pm_declined");
  const { held } = await stockOf("mug").levels();
  const first = await expire(sale, sent);
  expect(await stockOf("mug").levels()).toMatchObject({ held: held - 1 });

  const letterId = first.letters[0]?.letterId ?? "";
  const redriven = { letter: { state: "redriven" } };
  expect(await redrive({ env, shopId: demo }, letterId)).toMatchObject(redriven);
  expect(await sale.status()).toBe("open");
  expect(await sale.stub.reopen(demo)).toBe("open");
  expect(await stockOf("mug").levels()).toMatchObject({ held });
  sent.forget();
  const { letters } = await expire(sale, sent);
  expect(letters).toMatchObject([{ letterId, state: "open" }]); // it happened again
  expect(await sale.stub.reopen(demo)).toBe("open");
  expect(await sale.pay("pm_visa")).toMatchObject({ http: 200, status: "placed" });
});

test("an expired sale whose pieces are gone stays closed, and holds nothing", async () => {
  const sent = withoutQueues();
  await stockOf("last-one").receive({ token: "one", quantity: 1 });
  const sale = newSale();
  await sale.create(cart({ lines: [{ sku: "last-one", quantity: 1 }] }));
  await expire(sale, sent);
  const next = newSale();
  await next.create(cart({ lines: [{ sku: "last-one", quantity: 1 }] }));

  expect(await sale.stub.reopen(demo)).toBe("expired");
  expect(await stockOf("last-one").levels()).toMatchObject({ held: 1, available: 0 });
  await next.cancel();
  expect(await sale.stub.reopen(demo)).toBe("open");
});
