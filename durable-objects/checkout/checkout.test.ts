import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Notice } from "../../payments/webhook-notice.ts";
import { CHECKOUT_OPEN_MS } from "../../schema/durations.ts";
import { ShopId } from "../../schema/ids.ts";
import { eventually } from "../../test/eventually.ts";
import {
  card,
  cart,
  demo,
  MUG,
  newSale,
  openGate,
  type Sent,
  stockOf,
  stockUp,
  withoutQueues,
} from "./testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let sent: Sent;
beforeAll(() => stockUp("mug", "shirt", "poster", "lamp"));
beforeEach(() => {
  sent = withoutQueues();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a create quotes, holds stock and says until when", async () => {
  const sale = newSale();
  const before = await stockOf("mug").levels();
  const answer = await sale.create();
  expect(answer).toMatchObject({ http: 201, status: "open", replayed: false });
  expect(answer.body?.quote.total).toEqual(MUG);
  expect(answer.body?.clientSecret).toMatch(/^cs_/);
  expect((await stockOf("mug").levels()).held).toBe(before.held + 1);
});

test("the same key is answered the same, with the secret; another payload under it is refused", async () => {
  const sale = newSale();
  const first = await sale.create();
  const again = await sale.create();
  expect(again).toEqual({ ...first, replayed: true });
  expect(await sale.create(cart({ lines: [{ sku: "mug", quantity: 2 }] }))).toMatchObject({
    refused: "idempotency_key_reused",
  });
  await evictDurableObject(sale.stub);
  expect(await sale.create()).toEqual(again);
});

test("two creates under way at once are one checkout", async () => {
  const sale = newSale();
  const before = await stockOf("mug").levels();
  const answers = await Promise.all([sale.create(), sale.create(), sale.create()]);
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(answers.map(({ body }) => body?.clientSecret)).size).toBe(1);
  expect((await stockOf("mug").levels()).held).toBe(before.held + 1);
});

test("a create under way refuses another payload under its key", async () => {
  const sale = newSale();
  const other = cart({ lines: [{ sku: "mug", quantity: 2 }] });
  const answers = await Promise.all([sale.create(), sale.create(other)]);
  expect(answers).toMatchObject([{ http: 201 }, { refused: "idempotency_key_reused" }]);
});

test("a refused quote leaves nothing behind", async () => {
  const sale = newSale();
  const unknown = cart({ lines: [{ sku: "cup", quantity: 1 }] });
  expect(await sale.create(unknown)).toMatchObject({ refused: "unknown_sku" });
  expect(await sale.status()).toBe("not_found");
  expect(await sale.rows("SELECT name FROM sqlite_master WHERE name = 'checkout'")).toEqual([]);
});

test("a sold-out line gives the others back, and the answer is kept", async () => {
  const sale = newSale();
  const before = await stockOf("mug").levels();
  const lines = ["mug", "last-one"].map((sku) => ({ sku, quantity: 1 }));
  const refused = await sale.create(cart({ lines }));
  expect(refused).toMatchObject({ refused: "out_of_stock", detail: { skus: ["last-one"] } });
  expect(await sale.create(cart({ lines }))).toEqual({ ...refused, replayed: true });
  expect(await stockOf("mug").levels()).toEqual(before);
});

test("a SKU named twice is one line", async () => {
  const lines = [1, 2].map((quantity) => ({ sku: "mug", quantity }));
  const answer = await newSale().create(cart({ lines }));
  expect(answer.body?.quote.lines).toMatchObject([{ sku: "mug", quantity: 3 }]);
});

test("a payment places the order, and the same key hears the same", async () => {
  const sale = newSale();
  await sale.create();
  const paid = await sale.pay();
  expect(paid).toMatchObject({ http: 200, status: "placed", replayed: false });
  expect(await sale.pay()).toEqual({ ...paid, replayed: true });
  await eventually(sale.status, (status) => status === "captured", SOON);
  expect(await sale.stripeCalls()).toEqual(["authorize", "capture"]);
});

test("two pays under one key while the bank thinks are one payment", async () => {
  const sale = newSale();
  await sale.create();
  const both = Promise.all([sale.pay("pm_waits_twin"), sale.pay("pm_waits_twin")]);
  const other = await eventually(
    () => sale.pay("pm_visa", "another-key"),
    ({ http }) => http === 202,
    SOON,
  );
  expect(other).toMatchObject({ status: "processing" }); // not a second payment, and not kept
  await openGate("twin");
  expect(await both).toMatchObject([
    { status: "placed", replayed: false },
    { status: "placed", replayed: true },
  ]);
  expect(await sale.stripeCalls()).toContain("authorize");
  expect((await sale.stripeCalls()).filter((call) => call === "authorize")).toHaveLength(1);
});

test("a pay under way refuses another payload under its key", async () => {
  const sale = newSale();
  await sale.create();
  const paying = sale.pay("pm_waits_mismatch", "one-key");
  await eventually(sale.status, (status) => status === "paying", SOON);
  expect(await sale.pay("pm_visa", "one-key")).toMatchObject({ refused: "idempotency_key_reused" });
  await openGate("mismatch");
  expect(await paying).toMatchObject({ status: "placed" });
});

test("a decline opens the checkout again with its stock, and stays the answer of its key", async () => {
  const sale = newSale();
  await sale.create();
  const before = await stockOf("mug").levels();
  const declined = await sale.pay("pm_declined");
  expect(declined).toMatchObject({
    refused: "payment_declined",
    detail: { reason: "insufficient_funds" },
  });
  expect(await sale.status()).toBe("open");
  expect(await stockOf("mug").levels()).toEqual(before);
  expect(await sale.pay("pm_visa")).toMatchObject({ status: "placed" });
  expect(await sale.pay("pm_declined")).toEqual({ ...declined, replayed: true });
});

test("another total than the shopper saw is refused under its key, and nothing is charged", async () => {
  const sale = newSale();
  await sale.create();
  const total = { amountMinor: 1, currency: "EUR" };
  const refused = await sale.pay("pm_visa", "k", total);
  expect(refused).toMatchObject({ refused: "quote_changed", detail: { total: MUG } });
  expect(await sale.pay("pm_visa", "k", total)).toEqual({ ...refused, replayed: true });
  expect(await sale.stripeCalls()).toEqual([]);
});

test("a provider's fault is no answer: the same key hears the end", async () => {
  const sale = newSale();
  await sale.create();
  expect(await sale.pay("pm_fails_2_a")).toMatchObject({ http: 200, status: "placed" });
  expect((await sale.stripeCalls()).filter((call) => call === "authorize")).toHaveLength(3);
});

test("a catalogue that is away is a fault, stored nowhere; the same key succeeds after it", async () => {
  const sale = newSale();
  const body = cart({ country: "AT" }); // a rate that nobody has read yet
  await env.CATALOG.prepare("ALTER TABLE tax_rates RENAME TO away").run();
  await expect(
    runInDurableObject(sale.stub, (object) =>
      object.create({
        caller: sale.caller(),
        checkoutId: sale.checkoutId,
        key: "create",
        fingerprint: JSON.stringify(body),
        body,
        origin: "https://tender.test",
      }),
    ),
  ).rejects.toThrow();
  await env.CATALOG.prepare("ALTER TABLE away RENAME TO tax_rates").run();
  expect(await sale.create(body)).toMatchObject({ http: 201, replayed: false });
});

test("cancelling an open checkout gives its stock back, once", async () => {
  const sale = newSale();
  const before = await stockOf("mug").levels();
  await sale.create();
  const cancelled = await sale.cancel();
  expect(cancelled).toMatchObject({ http: 200, status: "cancelled" });
  expect(await sale.cancel()).toEqual({ ...cancelled, replayed: true });
  const levels = () => stockOf("mug").levels();
  await eventually(levels, ({ held }) => held === before.held, SOON);
  expect(await sale.pay()).toMatchObject({ refused: "checkout_not_open" });
});

test("cancelling during a payment waits until no money can come, then gives the stock back", async () => {
  const sale = newSale();
  const before = await stockOf("mug").levels();
  await sale.create();
  const paying = sale.pay("pm_waits_cancel");
  await eventually(sale.status, (status) => status === "paying", SOON);
  expect(await sale.cancel()).toMatchObject({ http: 202, status: "cancelling" });
  await openGate("cancel");
  expect(await paying).toMatchObject({ refused: "cancelled" });
  await eventually(sale.status, (status) => status === "cancelled", SOON);
  expect(await sale.stripeCalls()).toEqual(["authorize", "cancel"]);
  await eventually(
    () => stockOf("mug").levels(),
    ({ held }) => held === before.held,
    SOON,
  );
  expect(sent.of(sale)).toEqual([]);
});

test("a placed checkout is not cancelled by its shopper", async () => {
  const sale = newSale();
  await sale.create();
  await sale.pay();
  expect(await sale.cancel()).toMatchObject({ refused: "checkout_not_open" });
});

test("an open checkout that nobody pays expires by its alarm and lets its stock go", async () => {
  const sale = newSale();
  const before = await stockOf("shirt").levels();
  await sale.create(cart({ lines: [{ sku: "shirt", quantity: 2 }] }));
  vi.setSystemTime(Date.now() + CHECKOUT_OPEN_MS);
  expect(await sale.pay()).toMatchObject({ refused: "checkout_expired" });
  await runDurableObjectAlarm(sale.stub);
  expect(await sale.status()).toBe("expired");
  expect(await stockOf("shirt").levels()).toEqual(before);
  expect(await sale.cancel()).toMatchObject({ refused: "checkout_expired" });
});

test("an alarm that rings early changes nothing and is set again for the expiry", async () => {
  const sale = newSale();
  const { body } = await sale.create();
  const alarmAtMs = () =>
    runInDurableObject(sale.stub, (_object, { storage }) => storage.getAlarm());
  for (const _early of [1, 2]) {
    await runDurableObjectAlarm(sale.stub);
    expect(await alarmAtMs()).toBe(Date.parse(body?.quote.expiresAt ?? ""));
  }
  expect(await sale.status()).toBe("open");
});

test("a day after its end a checkout without a payment has deleted itself", async () => {
  const sale = newSale();
  await sale.create();
  await sale.cancel();
  vi.setSystemTime(Date.now() + DAY_MS - MINUTE_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(await sale.status()).toBe("cancelled");
  vi.setSystemTime(Date.now() + 2 * MINUTE_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(await sale.status()).toBe("not_found");
  expect(await runInDurableObject(sale.stub, (_o, { storage }) => storage.getAlarm())).toBeNull();
});

test("a checkout with a payment keeps its attempts for eighteen months", async () => {
  const sale = newSale();
  await sale.create();
  await sale.pay("pm_declined");
  await sale.cancel();
  vi.setSystemTime(Date.now() + 540 * DAY_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(await sale.status()).toBe("cancelled");
  vi.setSystemTime(Date.now() + 9 * DAY_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(await sale.status()).toBe("not_found");
});

test("a wrong secret, no secret and another shop's key see nothing at all", async () => {
  const sale = newSale();
  await sale.create();
  const other = ShopId.parse("other");
  await env.CATALOG.exec("INSERT INTO shops (shop_id, name) VALUES ('other', 'Other')");
  const strangers = [
    { shopId: demo, isMerchant: false },
    { shopId: demo, isMerchant: false, secret: "" },
    { shopId: demo, isMerchant: false, secret: "cs_guess" },
    { ...sale.caller(), secret: `${sale.caller().secret}x` },
    { ...sale.caller(), shopId: other },
    { shopId: other, isMerchant: true },
  ];
  const nothing = { refused: "not_found" };
  const body = { payment: card("pm_visa"), expectedTotal: MUG };
  for (const caller of strangers) {
    const call = { caller, key: "k", fingerprint: "f", body, origin: "" };
    expect(await sale.stub.read(caller)).toEqual(nothing);
    expect(await sale.stub.order(caller)).toEqual(nothing);
    expect((await sale.stub.pay(call)).reply).toEqual(nothing);
    expect((await sale.stub.cancel(call)).reply).toEqual(nothing);
  }
  expect(await sale.status()).toBe("open");
  expect(await sale.rows("SELECT route FROM answers")).toEqual([{ route: "create" }]);
});

test("a webhook is stored once, and only by the sale that it is about", async () => {
  const sale = newSale();
  const notice = {
    ...{ provider: "stripe", noticeId: "evt_1", type: "payment_intent.succeeded" },
    ...{ kind: "authorization", success: true, reference: "pi_1", about: "pi_1" },
    ...{ ourReference: `demo_${sale.checkoutId}_1`, createdAtMs: 1 },
  } as const satisfies Notice;
  expect(await sale.stub.receive(notice)).toBe(false);
  expect(await sale.rows("SELECT name FROM sqlite_master WHERE name = 'notices'")).toEqual([]);
  await sale.create();
  expect(await sale.stub.receive(notice)).toBe(true);
  expect(await sale.stub.receive(notice)).toBe(true);
  expect(await sale.stub.receive({ ...notice, noticeId: "evt_2" })).toBe(true);
  expect(await sale.rows("SELECT notice_id FROM notices ORDER BY notice_id")).toEqual([
    { notice_id: "stripe/evt_1" },
    { notice_id: "stripe/evt_2" },
  ]);
  expect(await sale.status()).toBe("open"); // what a webhook says alone moves nothing
});

test("events name no person", async () => {
  const sale = newSale();
  await sale.create();
  await sale.pay();
  await eventually(
    async () => sent.of(sale),
    ({ length }) => length === 3,
    SOON,
  );
  expect(JSON.stringify(sent.of(sale))).not.toMatch(/ada|example\.com|cs_/);
});

test("a capture that gives up is stuck until an operator resumes it, and is captured then", async () => {
  const sale = newSale();
  await sale.create();
  expect(await sale.stub.resume(demo)).toMatchObject({ refused: "not_stuck" });
  expect(await sale.pay("pm_sticks_capture")).toMatchObject({ http: 200, status: "placed" });
  vi.setSystemTime(Date.now() + 21 * 60 * MINUTE_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(await sale.status()).toBe("stuck");

  await openGate("capture");
  expect(await sale.stub.resume(ShopId.parse("other"))).toMatchObject({ refused: "not_found" });
  expect(await sale.stub.resume(demo)).toEqual([`${sale.checkoutId}/pay/1`]);

  await eventually(sale.status, (status) => status === "captured", SOON);
});
