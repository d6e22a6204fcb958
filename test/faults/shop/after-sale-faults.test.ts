import { expect, test, vi } from "vitest";
import {
  CAPTURE_OUTCOME,
  withQueuedCapture,
} from "../../../durable-objects/checkout/after-sale/captures.ts";
import { nextMoneyCall } from "../../../durable-objects/checkout/after-sale/money-queue.ts";
import {
  refundable,
  withQueuedRefund,
} from "../../../durable-objects/checkout/after-sale/refunds.ts";
import { whyNotCancelOrder } from "../../../durable-objects/checkout/after-sale/why-not.ts";
import { resumed } from "../../../durable-objects/checkout/entry/resume.ts";
import { givingBack } from "../../../durable-objects/checkout/provider-news/give-back.saga.ts";
import { record } from "../../../durable-objects/checkout/provider-news/record-news.ts";
import type { Checkout } from "../../../durable-objects/checkout/sale/checkout.ts";
import { CheckoutTx } from "../../../durable-objects/checkout/sale/checkout.tx.ts";
import { withRefund } from "../../../durable-objects/checkout/sale/checkout-changes.ts";
import type { CaptureResult } from "../../../payments/provider.ts";
import type { Money } from "../../../schema/money.ts";
import { assert } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { MUG, SHIRT } from "./goods.ts";
import { type PaidSale, paidSale, withOwnClock } from "./open-sale.ts";
import { checkoutId, ship } from "./sale-calls.ts";
import { demo } from "./shop.ts";

const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });

withOwnClock();

type MoneyRoute = "capture" | "refund" | "cancel_order";

/** As the door of the sale does it: at once, or behind the money call that is out. */
async function ask({ shop, stage, runner }: PaidSale, route: MoneyRoute, queued: Checkout) {
  const key = route === "capture" ? queued.captures?.at(-1)?.answerKey : undefined;
  const owed = { route, key: key ?? route, fingerprint: "same" };
  const next = nextMoneyCall(queued);
  const write = (tx: CheckoutTx) => {
    tx.save(queued);
    tx.expectAnswer(owed);
  };
  if (next) await runner.start(next.saga, next.runId, next.input, write);
  else shop.transact(write);
  await stage.idle();
}

const cancelled = (checkout: Checkout): Checkout => ({ ...checkout, cancelBecause: "requested" });
const whole = { amount: eur(5_000), isLast: true, answerKey: "capture" };
const unended = ({ shop }: PaidSale) => shop.runs().filter(({ ended }) => !ended);

test("a cancel waits for a refund that the provider is still at, and gives back the rest", async () => {
  const sale = await paidSale();
  const { shop, stage, runner } = sale;
  shop.stripe.isSlow = true;
  await ask(sale, "refund", withQueuedRefund(shop.checkout, eur(1_200), "refund"));

  await ask(sale, "cancel_order", cancelled(shop.checkout));
  const runId = `${checkoutId}/refund/1`;
  const event = { name: "refund.settled", key: `${runId}/refund` };
  await runner.deliver(runId, { ...event, payload: shop.stripe.settled() });
  await stage.idle();

  expect(shop.checkout).toMatchObject({
    status: "cancelled",
    order: { payment: "refunded", refunded: eur(5_000) },
  });
  expect(unended(sale)).toEqual([]);
  expect(shop.unanswered()).toEqual([]);
});

test("a capture that is refused when the goods have left goes to an operator, not into a cancel", async () => {
  const sale = await paidSale({ captureMode: "on_fulfillment" });
  const { shop, stage, runner } = sale;
  shop.stripe.refusesCaptures = true;

  await ship(shop, runner);
  await stage.idle();

  expect(shop.checkout).toMatchObject({
    status: "placed",
    order: { payment: "capture_failed", fulfilment: "fulfilled", captured: eur(0) },
  });
  expect(shop.events().at(-1)).toBe("tender.order.capture_failed.v1");
  expect([shop.stockOf("gone"), shop.stockOf("allocated")]).toEqual([3, 0]);
  expect(unended(sale)).toEqual([]);
});

/** An order of which a part is paid, and another capture received: its provider will decide. */
async function partlyPaid() {
  const sale = await paidSale({ captureMode: "manual" });
  const { shop, stage, runner } = sale;
  const first = { amount: eur(2_000), isLast: false, answerKey: "first" };
  await ask(sale, "capture", withQueuedCapture(shop.checkout, first));
  shop.stripe.isSlow = true;
  const second = { amount: eur(1_000), isLast: false, answerKey: "second" };
  await ask(sale, "capture", withQueuedCapture(shop.checkout, second));
  expect(shop.answerTo("capture", "second")).toMatchObject({ status: 202 });
  const settle = async (payload: CaptureResult) => {
    const runId = `${checkoutId}/capture/2`;
    await runner.deliver(runId, { name: CAPTURE_OUTCOME, key: `${runId}/capture`, payload });
    await stage.idle();
  };
  return { ...sale, settle };
}

test("a capture that was received and is refused later is told of, and whoever asks again hears it", async () => {
  const { shop, settle } = await partlyPaid();
  const before = shop.checkout.order;
  await settle({ capture: "refused", reason: "expired" });

  expect(shop.events().at(-1)).toBe("tender.order.capture_refused.v1");
  expect(shop.checkout.order).toEqual({
    ...before,
    version: (before?.version ?? 0) + 1,
    updatedAt: shop.checkout.order?.updatedAt,
  });
  expect(shop.checkout).toMatchObject({
    status: "placed",
    order: { payment: "partially_captured", captured: eur(2_000) },
  });
  const refused = refuse("capture_refused", { reason: "expired" });
  expect(shop.answerTo("capture", "second")).toEqual(refused);
  expect(shop.answerTo("capture", "first")).toMatchObject({ status: 200 });
});

test("a capture that was received and is taken later answers its key so", async () => {
  const { shop, settle } = await partlyPaid();
  await settle({ capture: "captured", amount: eur(1_000) });

  expect(shop.answerTo("capture", "second")).toMatchObject({
    status: 200,
    body: { order: { captured: eur(3_000) } },
  });
});

test.each([
  { outcome: "refunded", answer: { status: 200 } },
  { outcome: "refused", answer: { refused: "refund_refused" } },
])("a refund that was received and is $outcome later answers its key so", async (each) => {
  const sale = await paidSale();
  const { shop, stage, runner } = sale;
  shop.stripe.isSlow = true;
  await ask(sale, "refund", withQueuedRefund(shop.checkout, eur(1_200), "refund"));
  expect(shop.answerTo("refund", "refund")).toMatchObject({ status: 202 });

  const runId = `${checkoutId}/refund/1`;
  const payload =
    each.outcome === "refused" ? { refund: "refused", reason: "closed" } : shop.stripe.settled();
  await runner.deliver(runId, { name: "refund.settled", key: `${runId}/refund`, payload });
  await stage.idle();

  expect(shop.answerTo("refund", "refund")).toMatchObject(each.answer);
});

test("money whose capture failed after the goods had left can be taken once more", async () => {
  const sale = await paidSale({ captureMode: "on_fulfillment" });
  const { shop, stage, runner } = sale;
  shop.stripe.refusesCaptures = true;
  await ship(shop, runner);
  await stage.idle();
  shop.stripe.refusesCaptures = false;

  await ask(sale, "capture", withQueuedCapture(shop.checkout, whole));

  expect(shop.checkout).toMatchObject({ status: "captured", order: { payment: "captured" } });
  expect(unended(sale)).toEqual([]);
});

test("a cancel gives back what the provider took without our knowledge", async () => {
  const sale = await paidSale({ captureMode: "manual" });
  const { shop } = sale;
  const { paidBy } = shop.checkout;
  assert(paidBy, "the order is placed");
  const { secured, paymentReference } = paidBy;
  const name = { shopId: demo, checkoutId, paymentReference };
  await shop.stripe.capture({ ...name, ...whole, secured, key: "by a person", n: 1 });

  await ask(sale, "cancel_order", cancelled(shop.checkout));

  expect(shop.checkout).toMatchObject({ status: "cancelled", order: { payment: "refunded" } });
  expect(unended(sale)).toEqual([]);
});

test("a capture that bounces once its order is cancelled changes nothing any more", async () => {
  const sale = await paidSale();
  const { shop } = sale;
  await ask(sale, "cancel_order", cancelled(shop.checkout));
  const before = shop.checkout;

  shop.transact((tx) => record(tx, { is: "captureFailed", n: 1, reason: "bounced" }, Date.now()));

  expect(shop.checkout).toEqual(before);
});

test.each([
  { name: "a part", amountMinor: 1_200 },
  { name: "everything", amountMinor: 5_000 },
])("a capture that bounces after $name was refunded cancels the order", async ({ amountMinor }) => {
  const sale = await paidSale();
  const { shop } = sale;
  await ask(sale, "refund", withQueuedRefund(shop.checkout, eur(amountMinor), "refund"));

  shop.transact((tx) => record(tx, { is: "captureFailed", n: 1, reason: "bounced" }, Date.now()));
  expect(refundable(shop.checkout)).toEqual(eur(0));
  await ask(sale, "cancel_order", shop.checkout);

  expect(shop.checkout).toMatchObject({ status: "cancelled" });
  expect(unended(sale)).toEqual([]);
});

test("a lapse that is found while a capture has begun cancels nothing", async () => {
  const { shop } = await paidSale();

  shop.transact((tx) => record(tx, { is: "lapsed" }, Date.now()));

  expect(shop.checkout.cancelBecause).toBeUndefined();
});

test("of several disputes one that is open counts first, then one that is lost", async () => {
  const { shop } = await paidSale();
  const dispute = (reference: string, how: "won" | "lost") =>
    ({ reference, dispute: how, amount: eur(5_000), reason: "fraudulent" }) as const;

  for (const disputes of [
    [dispute("dp_2", "lost"), dispute("dp_1", "won")],
    [dispute("dp_1", "won"), dispute("dp_2", "lost")],
  ]) {
    shop.transact((tx) => record(tx, { is: "disputed", disputes }, Date.now()));
    expect(shop.checkout.order?.dispute).toBe("lost");
  }
});

test("an order is fulfilled when its last parcel has left, not when it is packed", async () => {
  const { shop, stage, runner } = await paidSale();
  const { hold } = shop.checkout;
  const sale = { shopId: demo, checkoutId };
  const parcel = (n: number, sku: typeof MUG, quantity: number) =>
    runner.start("fulfil", `${checkoutId}/fulfil/${n}`, {
      ...{ sale, hold, n, lines: [{ sku, quantity }], answerKey: `parcel-${n}` },
    });
  // More shirts than there are: the second parcel is packed, and never leaves.
  await Promise.all([parcel(1, MUG, 2), parcel(2, SHIRT, 5)]);
  await stage.idle();

  expect(shop.checkout.shipments?.map(({ status }) => status)).toEqual(["shipped", "refused"]);
  expect(shop.checkout.order?.fulfilment).toBe("partial");
});

test("a parcel of which one line cannot leave takes the others back, and they leave in the next", async () => {
  const { shop, stage, runner } = await paidSale();
  const mugs = { sku: MUG, quantity: 2 };
  await ship(shop, runner, { lines: [mugs, { sku: SHIRT, quantity: 5 }] }); // there is one
  await stage.idle();
  expect(shop.stockOf("gone")).toBe(0);

  await ship(shop, runner, { n: 2, lines: [mugs, { sku: SHIRT, quantity: 1 }] });
  await stage.idle();

  expect(shop.checkout.shipments?.map(({ status }) => status)).toEqual(["refused", "shipped"]);
  expect(shop.checkout.order?.fulfilment).toBe("fulfilled");
  expect(shop.stockOf("gone")).toBe(3);
});

test("late money that is given back leaves the payment alone that the order was placed with", async () => {
  const { shop, stage, runner } = await paidSale();
  const { paidBy } = shop.checkout;
  assert(paidBy, "the order is placed");
  const secured = { ...paidBy.secured, provider: "adyen", reference: "psp_late" } as const;

  const { saga, runId, input } = givingBack(shop.checkout, 1, secured);
  await runner.start(saga, runId, input);
  await stage.idle();

  expect(shop.checkout.payments.map(({ status }) => status)).toEqual(["captured"]);
});

test("a sale whose capture and parcel both gave up goes on as the order that it is", async () => {
  const { shop } = await paidSale({ captureMode: "manual" });
  const [run] = shop.runs().filter(({ saga }) => saga === "pay");
  assert(run, "it was paid");
  const stuckAt = { step: "any" };
  const stuck = [
    { ...run, saga: "capture", stuckAt },
    { ...run, saga: "fulfil", stuckAt },
  ];

  expect(resumed({ ...shop.checkout, status: "stuck" }, stuck).status).toBe("placed");
});

test("where only one capture was granted, a part is the last one: no other can follow it", async () => {
  const { shop } = await paidSale({ captureMode: "manual" });
  const { paidBy } = shop.checkout;
  assert(paidBy, "the order is placed");
  const { severalCaptures: _, ...secured } = paidBy.secured;
  const checkout = { ...shop.checkout, paidBy: { ...paidBy, secured } };

  const wanted = { amount: eur(1_200), isLast: false, answerKey: "capture" };
  const queued = withQueuedCapture(checkout, wanted);

  expect(queued.captures).toMatchObject([{ amount: eur(1_200), isLast: true }]);
});

test("an order says until when its money is held, also where the provider does not say", async () => {
  const { shop } = await paidSale({ captureMode: "manual" });
  const { createdAt, authorizedUntil } = shop.checkout.order ?? {};

  const week = 7 * 86_400_000;
  expect(Date.parse(authorizedUntil ?? "") - Date.parse(createdAt ?? "")).toBe(week);
});

test("an order whose money its bank is asking back is not cancelled: it would go back twice", async () => {
  const { shop } = await paidSale();
  expect(whyNotCancelOrder(shop.checkout)).toBeUndefined();
  const dispute = { reference: "dp_1", dispute: "open", amount: eur(5_000), reason: "" } as const;

  shop.transact((tx) => record(tx, { is: "disputed", disputes: [dispute] }, Date.now()));

  expect(whyNotCancelOrder(shop.checkout)).toMatchObject({ refused: "order_disputed" });
});

test("a refund that is done after its capture bounced never makes the books say more went back than came", async () => {
  const sale = await paidSale();
  const { shop, stage, runner } = sale;
  shop.stripe.isSlow = true;
  await ask(sale, "refund", withQueuedRefund(shop.checkout, eur(1_200), "refund"));
  const payload = shop.stripe.settled();
  shop.transact((tx) => record(tx, { is: "captureFailed", n: 1, reason: "bounced" }, Date.now()));

  const runId = `${checkoutId}/refund/1`;
  await runner.deliver(runId, { name: "refund.settled", key: `${runId}/refund`, payload });
  await stage.idle();

  const minor = (money?: Money) => money?.amountMinor ?? 0;
  const net = shop.told().map(({ data }) => minor(data.captured) - minor(data.refunded));
  expect(net.filter((each) => each < 0)).toEqual([]);
  expect(shop.checkout).toMatchObject({ status: "cancelled", order: { refunded: eur(1_200) } });
});

test("a refund that the provider refuses is answered so, and its amount may be asked for again", async () => {
  const sale = await paidSale();
  const { shop } = sale;
  const no = { refund: "refused", reason: "insufficient_funds" } as const;
  vi.spyOn(shop.stripe, "refund").mockResolvedValue(no);
  const answer = vi.spyOn(CheckoutTx.prototype, "answer");

  await ask(sale, "refund", withQueuedRefund(shop.checkout, eur(1_200), "refund"));

  const { reason } = no;
  expect(answer).toHaveBeenCalledWith("refund", refuse("refund_refused", { reason }), "refund");
  expect(refundable(shop.checkout)).toEqual(eur(5_000));
});

test("a refund that settles leaves a sale stuck in which another one gave up", async () => {
  const sale = await paidSale();
  const { shop, stage, runner } = sale;
  shop.stripe.isSlow = true;
  await ask(sale, "refund", withQueuedRefund(shop.checkout, eur(1_200), "refund"));
  const payload = shop.stripe.settled();
  const two = withQueuedRefund(shop.checkout, eur(300), "second");
  shop.transact((tx) => tx.save({ ...withRefund(two, 2, { status: "sent" }), status: "stuck" }));

  const runId = `${checkoutId}/refund/1`;
  await runner.deliver(runId, { name: "refund.settled", key: `${runId}/refund`, payload });
  await stage.idle();

  expect(shop.checkout).toMatchObject({ status: "stuck", order: { refunded: eur(1_200) } });
});
