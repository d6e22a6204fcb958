import { beforeEach, expect, test } from "vitest";
import { paymentReference } from "../../payments/payment-reference.ts";
import { CheckoutId, checkoutIdFrom, ShopId } from "../../schema/ids.ts";
import { Reconciliation } from "../../schema/reconciliation.ts";
import { cardPayment } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { card, stripeAt } from "../specs/simulators-alone.ts";
import { CLEAN, openShop } from "./open-shop.ts";
import { operatorHeaders, reconciled, runCron, today } from "./operator.ts";

const shop = await openShop({ RECONCILIATION_GRACE_MS: "0" });
const stripe = stripeAt(shop.simulatorUrl);
const SETTLED = { withinMs: 30_000 };
const demo = ShopId.parse("demo");

beforeEach(() => shop.stripe.control({ webhooks: { mode: "normal" } }));

const reconcile = () => reconciled(shop.url, "stripe");

const nobody = () => checkoutIdFrom("eu", crypto.getRandomValues(new Uint8Array(17)));

/** A payment at Stripe under our names that no sale of ours has asked for. */
async function foundling(checkout: string, { attempt = 1, isTaken = false, amount = 1789 } = {}) {
  const checkoutId = CheckoutId.parse(checkout);
  const metadata = {
    ...{ shop_id: demo, checkout_id: checkoutId },
    payment_reference: paymentReference({ shopId: demo, checkoutId, attempt }),
  };
  const held = await stripe.paymentIntents.create({ ...card(checkoutId), amount, metadata });
  if (isTaken) await stripe.paymentIntents.capture(held.id);
  return held.id;
}

async function moneyOf(id: string) {
  const { status, latest_charge } = await stripe.paymentIntents.retrieve(id, {
    expand: ["latest_charge"],
  });
  const isRefunded = typeof latest_charge === "object" && latest_charge?.refunded === true;
  return isRefunded ? "refunded" : status;
}

/** A card whose shopper is sent to their bank. */
function abroad({ total }: Awaited<ReturnType<typeof shop.open>>) {
  const { payment, ...rest } = cardPayment("pm_card_threeDSecure2Required", total);
  return { ...rest, payment: { ...payment, returnUrl: "https://shop.test/back" } };
}

const itemOf = ({ items }: Reconciliation, reference: string) =>
  items.find((item) => item.reference === reference);

test("orders and Stripe's books agree to the minor unit, refunds included", async () => {
  const first = await shop.open("mug");
  await shop.pay(first, "pm_card_visa");
  const second = await shop.open("shirt");
  const { body } = await shop.pay(second, "pm_card_visa");
  await eventually(
    () => shop.storefront.checkout(second),
    (checkout) => checkout.body.status === "captured",
    SETTLED,
  );
  const amount = { amountMinor: 500, currency: "EUR" };
  const refunded = await shop.storefront.refund(body.orderId ?? "", { amount });
  expect([200, 202]).toContain(refunded.status);

  const seen = await eventually(reconcile, ({ figures }) => figures[0]?.driftMinor === 0, SETTLED);

  expect(seen.items.filter(({ done }) => done !== "matched")).toEqual([]);
  expect(seen.figures).toMatchObject([{ provider: "stripe", currency: "EUR", driftMinor: 0 }]);
  const [figures] = seen.figures;
  expect(figures?.orderSums).toEqual(figures?.providerSums);
  expect(figures?.providerSums.refunded.amountMinor).toBe(500);
  const again = await fetch(`${shop.url}/v1/ops/reconciliation?day=${today()}`, {
    headers: operatorHeaders,
  });
  expect(Reconciliation.parse(await again.json())).toEqual(seen);
});

test("money that no checkout knows is voided or refunded, and reported with what it came to", async () => {
  await shop.stripe.control({ webhooks: { mode: "lost" } });
  const paid = await shop.open("mug");
  await shop.pay(paid, "pm_card_visa");
  const held = await foundling(nobody());
  const taken = await foundling(nobody(), { isTaken: true });
  const neverAsked = await foundling((await shop.open("mug")).checkoutId, { isTaken: true });
  const double = await foundling(paid.checkoutId, { isTaken: true });

  const seen = await reconcile();

  expect(await Promise.all([held, taken, neverAsked, double].map(moneyOf))).toEqual([
    "canceled",
    ...["refunded", "refunded", "refunded"],
  ]);
  expect(itemOf(seen, held)).toMatchObject({ kind: "orphan", done: "voided" });
  expect(itemOf(seen, taken)).toMatchObject({ done: "refunded", providerNetMinor: 1789 });
  expect(itemOf(seen, double)).toMatchObject({ done: "refunded", checkoutId: paid.checkoutId });
  await eventually(
    async () => (await shop.stripe.captured(paid)).toSorted((a, b) => a - b),
    (captured) => captured.join() === `0,${paid.total.amountMinor}`,
    SETTLED,
  );
  const later = await eventually(reconcile, ({ figures }) => figures[0]?.driftMinor === 0, SETTLED);
  expect(itemOf(later, taken)).toMatchObject({ done: "refunded" });
});

test("late money that no webhook told of buys what it was for, or goes back by itself", async () => {
  await shop.stripe.control({ webhooks: { mode: "lost" } });
  const wanted = await shop.open("poster");
  const away = await shop.storefront.pay(wanted, abroad(wanted));
  expect(away.body.status).toBe("awaiting_shopper");
  // Another card takes the first one's place, and is declined.
  await shop.pay(wanted, "pm_card_visa_chargeDeclined");
  const bought = await foundling(wanted.checkoutId, {
    ...{ isTaken: true, amount: wanted.total.amountMinor },
  });
  const unwanted = await shop.open("poster");
  await shop.pay(unwanted, "pm_card_visa_chargeDeclined");
  await shop.pay(unwanted, "pm_card_visa");
  const late = await foundling(unwanted.checkoutId, { amount: unwanted.total.amountMinor });

  const seen = await reconcile();

  expect(itemOf(seen, bought)).toMatchObject({ done: "woken" });
  expect(itemOf(seen, late)).toMatchObject({ done: "woken" });
  await eventually(
    () => shop.storefront.checkout(wanted),
    ({ body }) => body.status === "captured",
    SETTLED,
  );
  expect(
    await eventually(
      () => moneyOf(late),
      (is) => is === "canceled",
      SETTLED,
    ),
  ).toBe("canceled");
  expect(await moneyOf(bought)).toBe("succeeded");
});

test("an event whose webhook was lost for good is found by looking, and kept once", async () => {
  const checkout = await shop.open("lamp");
  const { body } = await shop.pay(checkout, "pm_card_visa");
  const orderId = body.orderId ?? "";
  const [payment] = await eventually(
    () => shop.stripe.paymentsOf(checkout),
    (payments) => payments.some(({ status }) => status === "succeeded"),
    SETTLED,
  );
  await shop.stripe.control({ webhooks: { mode: "lost" } });
  const dispute = { payment_intent: payment?.id, status: "open" };
  const url = `${shop.simulatorUrl}/_simulator/stripe/disputes`;
  await fetch(url, { method: "POST", headers: operatorHeaders, body: JSON.stringify(dispute) });

  await runCron(shop.url, "*/5 * * * *");
  await runCron(shop.url, "*/5 * * * *");

  await eventually(
    () => shop.storefront.order(orderId),
    (order) => order.body.status === "disputed",
    SETTLED,
  );
  await runCron(shop.url, "* * * * *");
  await runCron(shop.url, "20 3 * * *");
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
