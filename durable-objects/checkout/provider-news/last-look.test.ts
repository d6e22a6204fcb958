import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { paymentReference } from "../../../payments/payment-reference.ts";
import { StripeProvider } from "../../../payments/stripe/stripe.provider.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import { eventually } from "../../../test/eventually.ts";
import type { Checkout } from "../sale/checkout.ts";
import { demo, newSale, stockUp, withoutQueues } from "../testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const INTENTS = "http://stripe.test/v1/payment_intents";

type Sale = ReturnType<typeof newSale>;

beforeAll(() => stockUp("mug"));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const nameOf = ({ checkoutId }: Sale, attempt = 1) =>
  paymentReference({ shopId: demo, checkoutId, attempt });

/** Money that the provider holds under an attempt's name, though it once said no. */
async function foundling(sale: Sale): Promise<string> {
  const body = new URLSearchParams({
    amount: "1789",
    currency: "eur",
    payment_method: "pm_visa",
    "metadata[payment_reference]": nameOf(sale),
  });
  const headers = { "idempotency-key": crypto.randomUUID() };
  const response = await fetch(INTENTS, { method: "POST", headers, body });
  return ((await response.json()) as { id: string }).id;
}

async function statusOf(reference: string): Promise<string> {
  const response = await fetch(`${INTENTS}/${reference}`);
  return ((await response.json()) as { status: string }).status;
}

function told(sale: Sale, reference: string, change: Partial<Notice> = {}): Notice {
  return {
    ...{ provider: "stripe", noticeId: `books/${reference}`, type: "reconciliation" },
    ...{ kind: "authorization", success: true, reference, about: reference, createdAtMs: 0 },
    ourReference: nameOf(sale),
    ...change,
  };
}

const alarmOf = ({ stub }: Sale) =>
  runInDurableObject(stub, (_object, { storage }) => storage.getAlarm());

async function looksOf(sale: Sale): Promise<Checkout["lastLooks"]> {
  const [row] = await sale.rows("SELECT document FROM checkout");
  return (JSON.parse(String(row?.document)) as Checkout).lastLooks;
}

async function ownPayment(sale: Sale): Promise<string> {
  const snapshot = await sale.stub.snapshot();
  return snapshot?.order.providerReference ?? "";
}

test("an hour after its end a sale finds money that nobody told it of, and gives it back", async () => {
  const sale = newSale();
  await sale.create();
  await sale.pay("pm_declined");
  const reference = await foundling(sale);
  await sale.cancel();
  const endMs = Date.now();

  // It rings for what was due before, and then for this.
  await runDurableObjectAlarm(sale.stub);
  const dueMs = (await alarmOf(sale)) ?? 0;
  expect(dueMs).toBeGreaterThan(endMs + HOUR_MS - 60_000);
  expect(dueMs).toBeLessThanOrEqual(endMs + HOUR_MS);
  vi.setSystemTime(dueMs);
  await runDurableObjectAlarm(sale.stub);

  expect(
    await eventually(
      () => statusOf(reference),
      (is) => is === "canceled",
      SOON,
    ),
  ).toBe("canceled");
  expect(await sale.status()).toBe("cancelled");
  // The second look comes a week before the sale is forgotten.
  const nextMs = (await alarmOf(sale)) ?? 0;
  expect(nextMs).toBeGreaterThan(endMs + 540 * DAY_MS);
  expect(nextMs).toBeLessThan(endMs + 542 * DAY_MS);
});

test("a sale whose provider cannot be asked looks again an hour later", async () => {
  const sale = newSale();
  await sale.create();
  await sale.pay("pm_declined");
  await sale.cancel();
  const reference = await foundling(sale);
  const away = vi
    .spyOn(StripeProvider.prototype, "lookUp")
    .mockRejectedValue(new Error("The provider is away."));
  vi.setSystemTime(Date.now() + HOUR_MS);
  await runDurableObjectAlarm(sale.stub);
  away.mockRestore();

  expect(await looksOf(sale)).toEqual({ done: 0, failedAtMs: expect.any(Number) });
  await runDurableObjectAlarm(sale.stub);
  expect(await statusOf(reference)).toBe("requires_capture");
  vi.setSystemTime(Date.now() + HOUR_MS);
  await runDurableObjectAlarm(sale.stub);
  await eventually(
    () => statusOf(reference),
    (is) => is === "canceled",
    SOON,
  );
});

test("a sale that was paid at the first attempt has nothing to look for", async () => {
  withoutQueues();
  const sale = newSale();
  await sale.create();
  await sale.pay();
  await eventually(sale.status, (status) => status === "captured", SOON);
  vi.setSystemTime(Date.now() + 500 * DAY_MS);
  await sale.stub.applied([1, 2, 3]);

  await runDurableObjectAlarm(sale.stub);

  expect(await looksOf(sale)).toBeUndefined();
});

test("a sale takes on its own money and late money, and nothing that it never asked for", async () => {
  withoutQueues();
  const sale = newSale();
  await sale.create();
  expect(await newSale().stub.claim(told(sale, "pi_x"))).toBe(false);
  expect(await sale.stub.claim(told(sale, "pi_x"))).toBe(false);

  await sale.pay("pm_declined");
  await sale.pay("pm_visa");
  await eventually(sale.status, (status) => status === "captured", SOON);
  const own = await ownPayment(sale);
  expect(await sale.stub.claim(told(sale, own, { ourReference: nameOf(sale, 2) }))).toBe(true);
  const another = told(sale, "pi_another", { ourReference: nameOf(sale, 2) });
  expect(await sale.stub.claim(another)).toBe(false);
  const unknown = told(sale, "pi_x", { ourReference: nameOf(sale, 3) });
  expect(await sale.stub.claim(unknown)).toBe(false);

  const late = await foundling(sale);
  expect(await sale.stub.claim(told(sale, late))).toBe(true);
  await eventually(
    () => statusOf(late),
    (is) => is === "canceled",
    SOON,
  );
  // It was settled: a second payment of the same name is nobody's.
  const second = told(sale, "pi_second", { noticeId: "books/2" });
  await eventually(
    () => sale.stub.claim(second),
    (isTaken) => !isTaken,
    SOON,
  );
});
