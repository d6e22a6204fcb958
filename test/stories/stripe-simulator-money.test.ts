import type Stripe from "stripe";
import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { card, openStripe, whyNot } from "../specs/simulators-alone.ts";

const SOON = { withinMs: 10_000 };
const DAY_MS = 86_400_000;
const { door, exchanges, key, ledgerOf, receiver, set, stripe, wireProblems } = await openStripe();

const multicapture: Stripe.PaymentIntentCreateParams.PaymentMethodOptions = {
  card: { request_multicapture: "if_available" },
};

const sale = (checkoutId: string, token = "pm_card_visa"): Promise<Stripe.PaymentIntent> =>
  stripe.paymentIntents.create({ ...card(checkoutId, token), capture_method: "automatic" }, key());

const chargeOf = async (id: string): Promise<Stripe.Charge> => {
  const { latest_charge } = await stripe.paymentIntents.retrieve(id, {
    expand: ["latest_charge"],
  });
  if (latest_charge === null || typeof latest_charge === "string") throw new Error("no charge");
  return latest_charge;
};

const typesOf = (id: string): string[] =>
  receiver.deliveries.filter(({ raw }) => raw.includes(id)).map(({ event }) => event.type);

const told = (id: string, ...types: string[]): Promise<string[]> =>
  eventually(
    async () => typesOf(id),
    (seen) => types.every((type) => seen.includes(type)),
    SOON,
  );

const bank = (body: object): Promise<Response> =>
  door("disputes", { method: "POST", body: JSON.stringify(body) });

test("an order that ships in parts is captured in parts, and the last one releases the rest", async () => {
  const held = await stripe.paymentIntents.create(
    { ...card("chk_parts"), payment_method_options: multicapture },
    key(),
  );
  const charge = await chargeOf(held.id);
  expect(charge.payment_method_details?.card).toMatchObject({
    multicapture: { status: "available" },
  });
  const beforeSeconds = charge.payment_method_details?.card?.capture_before ?? 0;
  expect(beforeSeconds - charge.created).toBe((7 * DAY_MS) / 1000);

  const first = { amount_to_capture: 500, final_capture: false };
  expect(await stripe.paymentIntents.capture(held.id, first, key())).toMatchObject({
    status: "requires_capture",
    amount_received: 500,
    amount_capturable: 799,
  });
  expect(await stripe.refunds.create({ payment_intent: held.id }, key())).toMatchObject({
    amount: 500,
  });
  expect(await chargeOf(held.id)).toMatchObject({ refunded: false, amount_refunded: 500 });
  expect(
    await whyNot(stripe.paymentIntents.capture(held.id, { amount_to_capture: 800 }, key())),
  ).toMatchObject({ code: "amount_too_large" });
  await stripe.paymentIntents.capture(held.id, { amount_to_capture: 300 }, key());

  expect(await stripe.paymentIntents.retrieve(held.id)).toMatchObject({
    status: "succeeded",
    amount_received: 800,
    amount_capturable: 0,
  });
  expect(await ledgerOf("chk_parts")).toMatchObject([
    {
      method: "card",
      captures: [
        { amount: 500, final: false },
        { amount: 300, final: true },
      ],
    },
  ]);
  await told(held.id, "charge.updated", "charge.captured", "payment_intent.succeeded");
});

test("what nobody captures is released by a capture of nothing, by a cancel, and at the end of the hold", async () => {
  const parts = async (checkoutId: string): Promise<string> => {
    const params = { ...card(checkoutId), payment_method_options: multicapture };
    const { id } = await stripe.paymentIntents.create(params, key());
    const first = { amount_to_capture: 500, final_capture: false };
    await stripe.paymentIntents.capture(id, first, key());
    return id;
  };
  const released = await stripe.paymentIntents.capture(
    await parts("chk_release"),
    { amount_to_capture: 0, final_capture: true },
    key(),
  );
  expect(released).toMatchObject({ status: "succeeded", amount_received: 500 });
  const cancelled = await stripe.paymentIntents.cancel(await parts("chk_cancelled"), {}, key());
  expect(cancelled).toMatchObject({ amount_received: 500, amount_capturable: 0 });

  const lapsing = await parts("chk_lapse");
  const whole = await stripe.paymentIntents.create(card("chk_whole"), key());
  await set({ clockShiftMs: 7 * DAY_MS + 1 });
  expect(await stripe.paymentIntents.retrieve(lapsing)).toMatchObject({
    status: "succeeded",
    amount_received: 500,
    amount_capturable: 0,
  });
  expect(await stripe.paymentIntents.retrieve(whole.id)).toMatchObject({
    status: "canceled",
    cancellation_reason: "expired",
  });
  await told(whole.id, "payment_intent.canceled", "charge.expired");
  for (const payment_intent of [released.id, cancelled.id, lapsing, whole.id]) {
    expect((await stripe.refunds.list({ payment_intent })).data).toEqual([]);
    expect(await chargeOf(payment_intent)).toMatchObject({ refunded: false, amount_refunded: 0 });
  }
});

test("without the request, or where the card has it not, a second capture is refused", async () => {
  const plain = await stripe.paymentIntents.create(card("chk_plain"), key());
  const without = await stripe.paymentIntents.create(
    { ...card("chk_without", "pm_sim_noMulticapture"), payment_method_options: multicapture },
    key(),
  );
  for (const { id } of [plain, without]) {
    expect((await chargeOf(id)).payment_method_details?.card?.multicapture?.status).toBe(
      "unavailable",
    );
    const part = { amount_to_capture: 5, final_capture: false };
    expect(await whyNot(stripe.paymentIntents.capture(id, part, key()))).toMatchObject({
      param: "final_capture",
    });
  }
});

test("refunds that are pending succeed or fail later, and what fails comes back to the balance", async () => {
  await set({ refundSettleMs: 0 });
  for (const [token, before, after] of [
    ["pm_card_pendingRefund", "pending", "succeeded"],
    ["pm_sim_refundPendingFails", "pending", "failed"],
    ["pm_card_refundFail", "succeeded", "failed"],
  ] as const) {
    const { id } = await sale(`chk_${token}`, token);
    const refund = await stripe.refunds.create({ payment_intent: id, amount: 300 }, key());
    expect(refund.status).toBe(before);
    const settled = await eventually(
      () => stripe.refunds.retrieve(refund.id),
      ({ status }) => status === after,
      SOON,
    );
    const isFailed = after === "failed";
    expect(settled.failure_reason).toBe(isFailed ? "expired_or_canceled_card" : undefined);
    expect((await chargeOf(id)).amount_refunded).toBe(isFailed ? 0 : 300);
    await told(refund.id, "charge.refund.updated", "refund.updated");
    if (isFailed) await told(refund.id, "refund.failed");
    const { data } = await stripe.balanceTransactions.list({ source: refund.id });
    const sum = data.reduce((total, { net }) => total + net, 0);
    expect(sum).toBe(isFailed ? 0 : -300);
  }
});

test("a disputed payment cannot be refunded until it is won; what is lost stays lost", async () => {
  for (const [status, refusal] of [
    ["won", undefined],
    ["lost", "charge_disputed"],
  ] as const) {
    const { id } = await sale(`chk_${status}`, "pm_card_createDispute");
    const { data } = await stripe.disputes.list({ payment_intent: id });
    expect(data).toMatchObject([{ status: "needs_response", reason: "fraudulent", amount: 1299 }]);
    const dispute = data[0]?.id ?? "";
    await told(dispute, "charge.dispute.created", "charge.dispute.funds_withdrawn");
    expect(await whyNot(stripe.refunds.create({ payment_intent: id }, key()))).toMatchObject({
      code: "charge_disputed",
    });
    expect((await chargeOf(id)).disputed).toBe(true);

    expect((await bank({ payment_intent: id, status: "under_review" })).status).toBe(200);
    expect((await bank({ payment_intent: id, status })).status).toBe(200);

    expect((await stripe.disputes.retrieve(dispute)).status).toBe(status);
    await told(dispute, "charge.dispute.updated", "charge.dispute.closed");
    if (status === "won") await told(dispute, "charge.dispute.funds_reinstated");
    const refund = await whyNot(stripe.refunds.create({ payment_intent: id }, key()));
    expect((refund as { code?: string }).code).toBe(refusal);
    expect(await ledgerOf(`chk_${status}`)).toMatchObject([
      { disputes: [{ id: dispute, status }] },
    ]);
  }
});

test("a bank disputes any payment on demand, asks without taking money, and is refused nonsense", async () => {
  const { id } = await sale("chk_demand");
  expect((await bank({ payment_intent: id, status: "lost", amount: 900 })).status).toBe(200);
  expect((await stripe.disputes.list({ payment_intent: id })).data).toMatchObject([
    { amount: 900, status: "lost" },
  ]);
  const { id: asked } = await sale("chk_asked", "pm_card_createDisputeInquiry");
  expect((await stripe.disputes.list({ payment_intent: asked })).data).toMatchObject([
    { status: "warning_needs_response", is_charge_refundable: true, balance_transactions: [] },
  ]);
  expect(await stripe.refunds.create({ payment_intent: asked }, key())).toMatchObject({
    amount: 1299,
  });
  const held = await stripe.paymentIntents.create(card("chk_uncaptured"), key());
  for (const [body, status] of [
    [{ payment_intent: id, status: "open" }, 400],
    [{ payment_intent: id, status: "won" }, 400],
    [{ payment_intent: held.id, status: "open" }, 400],
    [{ payment_intent: "pi_none", status: "open" }, 404],
    [{ payment_intent: id, status: "maybe" }, 400],
  ] as const) {
    expect((await bank(body)).status).toBe(status);
  }
});

test("a day's payout is the sum of its movements, to the minor unit", async () => {
  await set({ clockShiftMs: 20 * DAY_MS });
  const { id } = await sale("chk_day");
  await stripe.refunds.create({ payment_intent: id, amount: 300 }, key());
  const idealName = { name: "Sim Approve" };
  const ideal = await stripe.paymentIntents.create(
    {
      amount: 5000,
      currency: "eur",
      confirm: true,
      payment_method_data: { type: "ideal", billing_details: idealName },
      allowed_payment_method_types: ["ideal"],
      return_url: "https://shop.test/back",
      metadata: { checkout_id: "chk_day_ideal" },
    },
    key(),
  );
  await eventually(
    () => stripe.paymentIntents.retrieve(ideal.id),
    ({ status }) => status === "succeeded",
    SOON,
  );
  await set({ clockShiftMs: 21 * DAY_MS });

  const [payout] = (await stripe.payouts.list({ limit: 1 })).data;
  expect(payout).toMatchObject({ currency: "eur", status: "paid" });
  expect(await stripe.payouts.retrieve(payout?.id ?? "")).toEqual(payout);
  const paid: Stripe.BalanceTransaction[] = [];
  for await (const movement of stripe.balanceTransactions.list({
    payout: payout?.id ?? "",
    limit: 2,
  })) {
    if (movement.type !== "payout") paid.push(movement);
  }
  expect(paid.map(({ type, amount }) => [type, amount]).sort()).toEqual([
    ["charge", 1299],
    ["payment", 5000],
    ["refund", -300],
  ]);
  expect(paid.reduce((sum, { net }) => sum + net, 0)).toBe(payout?.amount);
  const charge = paid.find(({ type }) => type === "charge");
  expect(charge?.source).toBe((await chargeOf(id)).id);
  expect((await chargeOf(id)).balance_transaction).toBe(charge?.id);
  expect(await stripe.balanceTransactions.retrieve(charge?.id ?? "")).toEqual(charge);
  const today = Math.floor((Date.now() + 20 * DAY_MS) / 1000) - 60;
  const payments = await stripe.paymentIntents.list({ created: { gte: today } });
  expect(payments.data.map((intent) => intent.id).sort()).toEqual([id, ideal.id].sort());
});

test("every request, answer and event of these stories fits the official types", () => {
  expect(exchanges.length).toBeGreaterThan(20);
  expect(wireProblems()).toEqual([]);
});
