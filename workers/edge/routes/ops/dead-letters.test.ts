import { runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import {
  newSale,
  openGate,
  stockUp,
  withoutQueues,
} from "../../../../durable-objects/checkout/testing/sale.ts";
import { type DeadLetter, letterIdOf } from "../../../../orders/dead-letter.ts";
import { orderStoreOf } from "../../../../orders/region-order-store.ts";
import { lifeOf, orderOf } from "../../../../orders/testing/order-fixtures.ts";
import {
  DeadLetterInFull,
  DeadLetterList,
  DeadLetterView,
} from "../../../../schema/dead-letters.ts";
import { orderEvent } from "../../../../schema/events.ts";
import { orderIdOf } from "../../../../schema/ids.ts";
import type { RegionCode } from "../../../../schema/regions.ts";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";
import { eventually } from "../../../../test/eventually.ts";

async function call(method: string, path: string, body?: unknown) {
  const headers = {
    authorization: `Bearer ${shopKeys.operator}`,
    "content-type": "application/json",
  };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const url = `https://tender.test/v1/ops/dead-letters${path}`;
  const response = await exports.default.fetch(new Request(url, init));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

let letters = 0;
const letterOf = (change: Partial<DeadLetter> = {}): DeadLetter => ({
  letterId: letterIdOf("events-eu-dlq", `m${++letters}`),
  queue: "events-eu-dlq",
  shopId: "demo",
  reference: undefined,
  cause: "Not an order event: type: invalid_value.",
  body: '{"hello":1}',
  attempts: 6,
  atMs: letters,
  ...change,
});

async function kept(region: RegionCode, change?: Partial<DeadLetter>): Promise<string> {
  const letter = letterOf(change);
  await orderStoreOf(env, region).keepDeadLetters([letter]);
  return letter.letterId;
}

let sent: unknown[] = [];
beforeEach(() => {
  vi.restoreAllMocks();
  sent = [];
  const queue = Object.getPrototypeOf(env.EVENTS_EU) as Queue;
  const metadata = { metrics: { backlogCount: 0, backlogBytes: 0 } };
  vi.spyOn(queue, "send").mockImplementation(async (body) => {
    sent.push(body);
    return { metadata };
  });
});

test("letters of all regions are listed newest first, page by page, and read with their message", async () => {
  const ids = [await kept("eu"), await kept("us", { queue: "events-us-dlq" }), await kept("sam")];
  const first = DeadLetterList.parse((await call("GET", "?limit=2")).body);
  expect(first.letters.map(({ letterId }) => letterId)).toEqual([ids[2], ids[1]]);
  const next = await call("GET", `?limit=2&cursor=${first.cursor}`);
  const second = DeadLetterList.parse(next.body);
  expect(second.letters.map(({ letterId }) => letterId)).toEqual([ids[0]]);
  expect(second.cursor).toBeUndefined();
  expect(DeadLetterList.parse((await call("GET", "?region=us")).body).letters).toHaveLength(1);
  const found = DeadLetterInFull.parse((await call("GET", `/${ids[1]}`)).body);
  expect(found).toMatchObject({ region: "us", body: '{"hello":1}', state: "open", attempts: 6 });
});

test("a redriven event goes to its queue again, once", async () => {
  const event = lifeOf(orderOf())[0];
  const letterId = await kept("eu", { body: JSON.stringify(event) });
  for (let time = 0; time < 2; time++) {
    const { status, body } = await call("POST", `/${letterId}/redrive`);
    expect(status).toBe(200);
    expect(DeadLetterView.parse(body)).toMatchObject({ letterId, state: "redriven" });
  }
  expect(sent).toEqual([event]);
  const refused = await call("POST", `/${letterId}/discard`, { reason: "no" });
  expect(refused).toMatchObject({ status: 409, body: { code: "letter_redriven" } });
});

test("a letter whose queue is away stays open", async () => {
  const letterId = await kept("eu");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(Object.getPrototypeOf(env.EVENTS_EU), "send").mockRejectedValue(new Error("away"));
  expect((await call("POST", `/${letterId}/redrive`)).status).toBe(500);
  expect((await call("GET", `/${letterId}`)).body.state).toBe("open");
});

test("a discarded letter keeps its first reason and is not sent again", async () => {
  const letterId = await kept("apac");
  for (const reason of ["a load test's", "another"]) {
    const { body } = await call("POST", `/${letterId}/discard`, { reason });
    expect(body).toMatchObject({ state: "discarded", discardReason: "a load test's" });
  }
  const refused = await call("POST", `/${letterId}/redrive`);
  expect(refused).toMatchObject({ status: 409, body: { code: "letter_discarded" } });
  expect(sent).toEqual([]);
});

test("many are redriven in one call, and one that cannot be stops no other one", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const ids = [
    await kept("eu"),
    "no-such-letter",
    await kept("eu", { queue: "feed-mail" }),
    await kept("eu"),
  ];
  const { body } = await call("POST", "/redrive", { letterIds: ids });
  expect(body.letters).toEqual([
    { letterId: ids[0], outcome: "redriven" },
    { letterId: ids[1], outcome: "not_found" },
    { letterId: ids[2], outcome: "unavailable" },
    { letterId: ids[3], outcome: "redriven" },
  ]);
  expect(sent).toHaveLength(2);
});

async function captureFailedLetter(sale: ReturnType<typeof newSale>): Promise<string> {
  const order = (await sale.stub.snapshot())?.order;
  if (!order) throw new Error("the sale has no order");
  const event = orderEvent("tender.order.capture_failed.v1", order);
  const letterId = letterIdOf("payment-capture-failed", event.id);
  return kept("eu", { letterId, queue: "payment-capture-failed", body: JSON.stringify(event) });
}

test("a payment that could not be captured: its stuck sale goes on", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  await stockUp("mug");
  const sale = newSale();
  await sale.create();
  await sale.pay("pm_sticks_redriven");
  vi.setSystemTime(Date.now() + 21 * 3_600_000);
  await runDurableObjectAlarm(sale.stub);
  expect(await sale.status()).toBe("stuck");
  const letterId = await captureFailedLetter(sale);
  await openGate("redriven");
  const { body } = await call("POST", `/${letterId}/redrive`);
  vi.useRealTimers();
  expect(body.state).toBe("redriven");
  await eventually(sale.status, (status) => status === "captured", { withinMs: 10_000 });
});

test("a payment that could not be captured, and whose sale is not stuck, has been dealt with", async () => {
  await stockUp("mug");
  const sale = newSale();
  await sale.create();
  await sale.pay();
  const letterId = await captureFailedLetter(sale);
  const { status, body } = await call("POST", `/${letterId}/redrive`);
  expect({ status, state: body.state }).toEqual({ status: 200, state: "redriven" });
});

test("a gap of the log: what the sale's object still keeps is sent again", async () => {
  await stockUp("mug");
  const sent = withoutQueues();
  const sale = newSale();
  await sale.create();
  await sale.pay();
  const orderId = orderIdOf(sale.checkoutId);
  sent.forget();
  const body = JSON.stringify({ orderId, checkoutId: sale.checkoutId, sequence: 1 });
  const letterId = letterIdOf("log-gap", `${orderId}/1`);
  await kept("eu", { letterId, queue: "log-gap", reference: orderId, body });
  expect((await call("POST", `/${letterId}/redrive`)).body.state).toBe("redriven");
  expect(sent.of(sale).map(({ sequence }) => sequence)).toContain(1);
});

test("what nobody wrote is not found", async () => {
  expect(await call("GET", "/no-such")).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect((await call("POST", "/no-such/redrive")).status).toBe(404);
  expect((await call("POST", "/no-such/discard", { reason: "x" })).status).toBe(404);
  expect((await call("GET", "?cursor=tomorrow")).status).toBe(400);
});
