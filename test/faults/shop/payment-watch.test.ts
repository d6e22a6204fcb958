import { expect, test, vi } from "vitest";
import { withQueuedRefund } from "../../../durable-objects/checkout/after-sale/refunds.ts";
import { ATTEMPTS_MAX } from "../../../durable-objects/checkout/provider-news/notice-retries.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import { paidSale, withOwnClock } from "./open-sale.ts";
import { checkoutId, moneyCall, type Sale } from "./sale-calls.ts";

withOwnClock();

const DAY_MS = 86_400_000;
const SOON_MS = 60_000; // by then what failed once is tried again

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

/** A placed sale, and the watch over its payment at a provider that can be made to fail. */
async function watched(sale: Sale = {}) {
  const { shop, stage, runner } = await paidSale(sale);
  const faults: unknown[] = [];
  const watch = shop.watch(runner, (problem) => faults.push(problem));
  return { shop, stage, runner, watch, faults };
}

function notice(noticeId: string, kind: Notice["kind"]): Notice {
  return {
    ...{ provider: "stripe", noticeId, kind, type: kind, success: true },
    ...{ reference: "pi_stripe_1", about: "pi_stripe_1", createdAtMs: 1 },
    ourReference: `demo_${checkoutId}_1`,
  };
}

const dispute = {
  reference: "dp_1",
  dispute: "open",
  amount: eur(5_000),
  reason: "fraud",
} as const;

test("a notice that cannot be looked into holds up none of those behind it, and is tried again", async () => {
  const { shop, stage, watch, faults } = await watched({ captureMode: "manual" });
  const disputes = vi.spyOn(shop.stripe, "disputes").mockRejectedValue(new Error("away"));
  vi.spyOn(shop.stripe, "lookUp").mockResolvedValue(undefined);

  watch.receive(notice("evt_1", "dispute"));
  watch.receive(notice("evt_2", "expiry"));
  await stage.idle();

  expect(shop.checkout.status).toBe("cancelled");
  expect(shop.newNotices()).toEqual(["evt_1"]);
  expect(faults.map(String)).toContain("Error: away");
  disputes.mockResolvedValue([dispute]);
  vi.setSystemTime(Date.now() + SOON_MS);
  await watch.look();
  expect(shop.checkout.order?.dispute).toBe("open");
  expect(shop.newNotices()).toEqual([]);
});

test("a run that cannot be asked for holds up no notice, and its own is kept", async () => {
  const { shop, stage, runner, watch } = await watched();
  shop.stripe.isSlow = true;
  await moneyCall(
    runner,
    withQueuedRefund(shop.checkout, { amount: eur(1_200) }, "refund"),
    "refund",
  );
  await stage.idle();
  const asked = vi.spyOn(shop.stripe, "refundOutcome").mockRejectedValue(new Error("away"));
  vi.spyOn(shop.stripe, "disputes").mockResolvedValue([dispute]);

  watch.receive(notice("evt_1", "refund"));
  watch.receive(notice("evt_2", "dispute"));
  await stage.idle();

  expect(shop.checkout.order?.dispute).toBe("open");
  expect(shop.newNotices()).toContain("evt_1");
  asked.mockRestore();
  vi.setSystemTime(Date.now() + SOON_MS);
  await watch.look();
  await stage.idle();
  expect(shop.checkout.order?.payment).toBe("partially_refunded");
  expect(shop.newNotices()).toEqual([]);
});

test("a notice that comes while others are looked into is looked into at once", async () => {
  const { shop, stage, watch } = await watched();
  const answer = Promise.withResolvers<readonly (typeof dispute)[]>();
  vi.spyOn(shop.stripe, "disputes")
    .mockReturnValueOnce(answer.promise)
    .mockResolvedValue([{ ...dispute, dispute: "lost" }]);

  watch.receive(notice("evt_1", "dispute"));
  await stage.idle();
  watch.receive(notice("evt_2", "dispute"));
  answer.resolve([dispute]);
  await stage.idle();

  expect(shop.checkout.order?.dispute).toBe("lost");
  expect(shop.newNotices()).toEqual([]);
});

test("what cannot be looked into for days is told of once, and looked into again when somebody says so", async () => {
  const { shop, stage, watch } = await watched();
  const disputes = vi.spyOn(shop.stripe, "disputes").mockRejectedValue(new Error("poison"));
  const startMs = Date.now();
  watch.receive(notice("evt_1", "dispute"));
  await stage.idle();

  for (let tries = 1; shop.newNotices().length > 0; tries += 1) {
    expect(tries).toBeLessThanOrEqual(ATTEMPTS_MAX);
    expect(disputes).toHaveBeenCalledTimes(tries);
    const [unread] = shop.checkout.unread ?? [];
    await watch.look(); // before its time
    expect(disputes).toHaveBeenCalledTimes(tries);
    vi.setSystemTime(unread?.dueAtMs ?? 0);
    await watch.look();
  }

  expect(shop.givenUpTold).toMatchObject([
    { subject: checkoutId, data: { provider: "stripe", noticeId: "evt_1", webhook: "dispute" } },
  ]);
  const [{ data, time } = { data: undefined, time: "" }] = shop.givenUpTold;
  expect(data).toMatchObject({ cause: "Error: poison", attempts: ATTEMPTS_MAX });
  expect(Date.parse(data?.firstAt ?? "")).toBeGreaterThanOrEqual(startMs);
  const tookMs = Date.parse(time) - startMs;
  expect(tookMs).toBeGreaterThan(2.5 * DAY_MS);
  expect(tookMs).toBeLessThan(3.5 * DAY_MS);
  expect(shop.checkout.unread).toBeUndefined();

  disputes.mockResolvedValue([dispute]);
  expect(watch.receiveAgain({ provider: "stripe", noticeId: "evt_1" })).toBe(true);
  await stage.idle();
  expect(shop.checkout.order?.dispute).toBe("open");
  expect(watch.receiveAgain({ provider: "stripe", noticeId: "evt_unknown" })).toBe(false);
});

test("what cannot be told of as given up is kept, and told of later", async () => {
  const { shop, stage, watch } = await watched();
  vi.spyOn(shop.stripe, "disputes").mockRejectedValue(new Error("poison"));
  const tell = vi.spyOn(shop.deps, "tellGivenUp").mockRejectedValue(new Error("no queue"));
  watch.receive(notice("evt_1", "dispute"));
  await stage.idle();
  for (let tries = 1; tries < ATTEMPTS_MAX; tries += 1) {
    vi.setSystemTime(shop.checkout.unread?.[0]?.dueAtMs ?? 0);
    await watch.look();
  }
  expect(tell).toHaveBeenCalledTimes(1);
  expect(shop.newNotices()).toEqual(["evt_1"]);

  tell.mockRestore();
  vi.setSystemTime(shop.checkout.unread?.[0]?.dueAtMs ?? 0);
  await watch.look();
  expect(shop.givenUpTold).toMatchObject([{ data: { attempts: ATTEMPTS_MAX + 1 } }]);
  expect(shop.newNotices()).toEqual([]);
});
