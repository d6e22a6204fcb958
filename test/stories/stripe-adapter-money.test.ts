import { expect, test } from "vitest";
import type { CaptureRequest } from "../../payments/provider.ts";
import { eventsSince, fetchEvent } from "../../payments/stripe/events.ts";
import { readStripeWebhook } from "../../payments/stripe/webhook.ts";
import { eventually } from "../eventually.ts";
import { WEBHOOK_SECRET } from "../specs/simulators-alone.ts";
import { begin, eur, openAdapter, persistently } from "./open-adapter.ts";

const { authorized, captured, config, door, ledgerOf, provider, receiver, set, wireProblems } =
  await openAdapter();

test("goods that are sent in parts are captured in parts; an end in between gives back all of it", async () => {
  const sale = begin({ severalCaptures: true });
  const secured = await authorized(sale);
  expect(secured.severalCaptures).toBe(true);
  const { name } = sale;
  const part = (n: number, cents: number, isLast: boolean): CaptureRequest => {
    return { ...name, key: `${name.checkoutId}${n}`, secured, amount: eur(cents), n, isLast };
  };
  for (const [n, cents] of [
    [1, 700],
    [2, 500],
  ] as const) {
    const lost = { operation: "capture", kind: "error_500_stored", effect: n === 1, times: 1 };
    await set({ faults: [lost] });
    const taken = await persistently(() => provider.capture(part(n, cents, false), sale.call));
    expect(taken).toEqual({ capture: "captured", amount: eur(cents) });
  }
  expect(await provider.resolveAndVoid(sale.request, secured, sale.call)).toEqual({
    reversal: "refunded",
    taken: eur(1200),
  });
  expect(await ledgerOf(name.checkoutId)).toMatchObject([
    {
      captures: [{ amount: 700 }, { amount: 500 }],
      amountRefunded: 1200,
      amountCapturable: 0,
    },
  ]);
  expect(await provider.capture(part(3, 589, true), sale.call)).toMatchObject({
    capture: "refused",
  });
});

test("more than is left is captured by nobody, also when two try at once", async () => {
  const sale = begin({ severalCaptures: true });
  const secured = await authorized(sale);
  const { name } = sale;
  const captures = await Promise.allSettled(
    [1, 2].map((n) => {
      const key = sale.keyOf(`c${n}`);
      const request = { ...name, key, secured, amount: eur(1000), n, isLast: n === 2 };
      return provider.capture(request, sale.call);
    }),
  );
  expect(captures.filter(({ status }) => status === "fulfilled")).not.toEqual([]);
  const [line] = await ledgerOf(name.checkoutId);
  expect(line).toMatchObject({ captures: [{ amount: 1000 }] });
});

test.each([
  ["pm_card_pendingRefund", "pending", "refunded"],
  ["pm_sim_refundPendingFails", "pending", "refused"],
  ["pm_card_refundFail", "refunded", "refused"],
])("a refund to %s is %s at first, and %s in the end", async (token, before, after) => {
  const sale = begin({ token });
  const secured = await captured(sale);
  const { name } = sale;
  const refunding = { ...name, key: sale.keyOf("r"), secured, amount: eur(300), n: 1 };
  const first = await provider.refund(refunding, sale.call);
  expect(first).toMatchObject({ refund: before, reference: expect.any(String) });
  const pending = "reference" in first ? first.reference : "";
  await eventually(
    () => provider.refundOutcome(refunding, pending),
    ({ refund }) => refund === after,
    { withinMs: 10_000 },
  );
});

test("a dispute that the shopper's bank opens is seen, blocks refunds, and ends", async () => {
  const sale = begin();
  const secured = await captured(sale);
  const { name } = sale;
  const bank = (body: object) => door("disputes", { method: "POST", body: JSON.stringify(body) });
  await bank({ payment_intent: secured.reference, status: "open" });
  const { amount } = secured;
  const [dispute] = await provider.disputes(secured);
  expect(dispute).toMatchObject({ dispute: "open", amount });
  const refunding = { ...name, key: sale.keyOf("r"), secured, amount, n: 1 };
  expect(await provider.refund(refunding, sale.call)).toEqual({
    refund: "refused",
    reason: "charge_disputed",
  });
  await bank({ payment_intent: secured.reference, status: "won" });
  expect(await provider.disputes(secured)).toMatchObject([{ dispute: "won" }]);
});

test("each event of a sale that the simulator sends is read as that sale's, from its raw bytes", async () => {
  const sale = begin();
  const secured = await authorized(sale);
  await provider.resolveAndVoid(sale.request, secured, sale.call);
  const mine = await eventually(
    async () => receiver.deliveries.filter(({ raw }) => raw.includes(secured.reference)),
    (deliveries) => deliveries.some(({ event }) => event.type === "payment_intent.canceled"),
    { withinMs: 10_000 },
  );
  const { shopId, checkoutId } = sale.request;
  for (const { raw, signature } of mine) {
    const settings = { ...config, webhookSecret: `whsec_new,${WEBHOOK_SECRET}` };
    expect(await readStripeWebhook(settings, raw, signature, Date.now())).toMatchObject({
      routed: [{ shopId, checkoutId, notice: { reference: secured.reference } }],
      unroutable: [],
    });
    expect(await readStripeWebhook(settings, `${raw} `, signature, Date.now())).toEqual({
      is: "forged",
    });
  }
  const listed = [];
  for await (const event of eventsSince(config, sale.call.startedAtMs)) listed.push(event);
  for (const { event } of mine) {
    expect(listed).toContainEqual(
      expect.objectContaining({
        checkoutId,
        notice: expect.objectContaining({ noticeId: event.id }),
      }),
    );
    expect(await fetchEvent(config, event.id)).toMatchObject({ checkoutId });
  }
});

test("whatever the simulator tells of these payments fits Stripe's own types", () => {
  expect(receiver.deliveries.length).toBeGreaterThan(0);
  expect(wireProblems()).toEqual([]);
});
