import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { orderStoreOf } from "../../orders/stores.ts";
import type { OrderEvent } from "../../schema/events.ts";
import { ReservationExpired } from "../../schema/reservation.ts";
import { consume } from "../../workers/consumers/consume.ts";
import { batchOf, demo, newSale, stockUp, withoutQueues } from "./test-sale.ts";

const MINUTE_MS = 60_000;

beforeAll(() => stockUp("mug"));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets a checkout expire, and delivers what it tells. Answers its letters and what was told. */
async function expire(sale: ReturnType<typeof newSale>, sent: ReturnType<typeof withoutQueues>) {
  vi.setSystemTime(Date.now() + 15 * MINUTE_MS);
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
