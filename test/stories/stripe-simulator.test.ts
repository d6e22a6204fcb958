import Stripe from "stripe";
import { expect, test } from "vitest";
import { card, openStripe, whyNot } from "../specs/simulators-alone.ts";

const { errors } = Stripe;
const { exchanges, key, ledgerOf, stripe, url: simulatorUrl, wireProblems } = await openStripe();

test("a sale is authorized, captured in part and refunded, never beyond what was captured", async () => {
  const held = await stripe.paymentIntents.create(card("chk_sale"), key());
  expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 1299 });

  const captured = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1000 }, key());
  expect(captured).toMatchObject({ status: "succeeded", amount_received: 1000 });
  const refund = await stripe.refunds.create(
    { payment_intent: held.id, amount: 400, reason: "requested_by_customer" },
    key(),
  );
  expect(refund).toMatchObject({ status: "succeeded", amount: 400 });
  expect(
    await whyNot(stripe.refunds.create({ payment_intent: held.id, amount: 601 }, key())),
  ).toMatchObject({ statusCode: 400, param: "amount" });
  const charge = String(captured.latest_charge);
  expect(await stripe.refunds.create({ charge }, key())).toMatchObject({ amount: 600 });
  expect(await whyNot(stripe.refunds.create({ charge }, key()))).toMatchObject({
    code: "charge_already_refunded",
  });

  const found = await stripe.paymentIntents.retrieve(held.id, { expand: ["latest_charge"] });
  expect(found.latest_charge).toMatchObject({ refunded: true, amount_refunded: 1000 });
  expect(await stripe.refunds.retrieve(refund.id)).toEqual(refund);
  expect(await ledgerOf("chk_sale")).toMatchObject([
    {
      id: held.id,
      status: "succeeded",
      amount: 1299,
      amountReceived: 1000,
      amountRefunded: 1000,
      amountCapturable: 0,
      captures: [{ amount: 1000 }],
      refunds: [{ amount: 400 }, { amount: 600 }],
    },
  ]);
});

test("a hold that is cancelled can neither be captured nor cancelled again, and the error shows why", async () => {
  const held = await stripe.paymentIntents.create(card("chk_cancel"), key());
  const reason = { cancellation_reason: "abandoned" } as const;
  expect(await stripe.paymentIntents.cancel(held.id, reason, key())).toMatchObject({
    status: "canceled",
    amount_capturable: 0,
  });
  for (const again of [
    () => stripe.paymentIntents.cancel(held.id, reason, key()),
    () => stripe.paymentIntents.capture(held.id, {}, key()),
  ]) {
    expect(await whyNot(again())).toMatchObject({
      code: "payment_intent_unexpected_state",
      payment_intent: { id: held.id, status: "canceled" },
    });
  }
});

test("each test card is declined as Stripe's documentation says", async () => {
  for (const [token, code, declineCode] of [
    ["pm_card_visa_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"],
    ["pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"],
    ["pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"],
  ] as const) {
    const error = await whyNot(stripe.paymentIntents.create(card("chk_decline", token), key()));
    expect(error).toBeInstanceOf(errors.StripeCardError);
    expect(error).toMatchObject({
      code,
      decline_code: declineCode,
      payment_intent: { status: "requires_payment_method", last_payment_error: { code } },
    });
  }
  for (const token of ["pm_card_visa", "pm_card_mastercard", "pm_card_amex"]) {
    expect(await stripe.paymentIntents.create(card("chk_accept", token), key())).toMatchObject({
      status: "requires_capture",
    });
  }
});

test("after a decline the same intent takes another card", async () => {
  const error = (await whyNot(
    stripe.paymentIntents.create(card("chk_second", "pm_card_visa_chargeDeclined"), key()),
  )) as Stripe.errors.StripeCardError;
  const id = error.payment_intent?.id ?? "";
  expect(await whyNot(stripe.paymentIntents.confirm(id, {}, key()))).toMatchObject({
    code: "payment_intent_unexpected_state",
  });
  expect(
    await stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" }, key()),
  ).toMatchObject({ id, status: "requires_capture", last_payment_error: null });
});

test("an intent may be created first and confirmed later", async () => {
  const { confirm: _, return_url: __, payment_method: ___, ...unpaid } = card("chk_later");
  const intent = await stripe.paymentIntents.create(unpaid, key());
  expect(intent.status).toBe("requires_payment_method");
  expect(
    await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" }, key()),
  ).toMatchObject({ status: "requires_capture" });
});

test("a shopper passes or fails 3-D Secure on the bank's page and comes back to the shop", async () => {
  for (const [outcome, redirectStatus, status] of [
    ["pass", "succeeded", "requires_capture"],
    ["fail", "failed", "requires_payment_method"],
  ] as const) {
    const intent = await stripe.paymentIntents.create(
      card(`chk_3ds_${outcome}`, "pm_card_threeDSecure2Required"),
      key(),
    );
    expect(intent).toMatchObject({
      status: "requires_action",
      next_action: { type: "redirect_to_url" },
    });
    const url = intent.next_action?.redirect_to_url?.url ?? "";
    expect(await (await fetch(url)).text()).toContain("12.99 EUR");

    const body = new URLSearchParams({ outcome, client_secret: intent.client_secret ?? "" });
    const back = await fetch(url, { method: "POST", redirect: "manual", body });

    const location = new URL(back.headers.get("location") ?? "");
    expect(Object.fromEntries(location.searchParams)).toEqual({
      from: "bank",
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: redirectStatus,
    });
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status,
      ...(outcome === "fail"
        ? { last_payment_error: { code: "payment_intent_authentication_failure" } }
        : {}),
    });
    const late = await fetch(url, { method: "POST", redirect: "manual", body });
    expect(late.headers.get("location")).toBe(back.headers.get("location"));
    expect((await fetch(url)).status).toBe(404);
  }
});

test("a bank's page opens only with the intent's secret", async () => {
  const intent = await stripe.paymentIntents.create(
    card("chk_3ds_secret", "pm_card_authenticationRequired"),
    key(),
  );
  const url = new URL(intent.next_action?.redirect_to_url?.url ?? "");
  url.searchParams.set("client_secret", "guessed");
  expect((await fetch(url)).status).toBe(404);
  const body = new URLSearchParams({ outcome: "pass", client_secret: "guessed" });
  expect((await fetch(url, { method: "POST", body })).status).toBe(404);
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
    status: "requires_action",
  });
});

test("requests that Stripe would not take are refused by the name of what is wrong", async () => {
  const create = (over: object) =>
    whyNot(stripe.rawRequest("POST", "/v1/payment_intents", { ...card("chk_wrong"), ...over }));
  for (const [over, code, param] of [
    [{ payment_method_types: ["card"] }, "parameter_unknown", "payment_method_types"],
    [{ amount: "12.99" }, "parameter_invalid_integer", "amount"],
    [{ amount: 10 }, "amount_too_small", "amount"],
    [{ amount: 123_456_789 }, "amount_too_large", "amount"],
    [{ amount: undefined }, "parameter_missing", "amount"],
    [{ currency: "xxx" }, undefined, "currency"],
    [{ capture_method: "never" }, undefined, "capture_method"],
    [{ payment_method: "pm_unknown" }, "resource_missing", "payment_method"],
  ] as const) {
    const error = await create(over);
    expect(error).toBeInstanceOf(errors.StripeInvalidRequestError);
    expect(error).toMatchObject({ statusCode: 400, param, ...(code ? { code } : {}) });
  }
  expect(await whyNot(stripe.paymentIntents.retrieve("pi_none"))).toMatchObject({
    statusCode: 404,
    code: "resource_missing",
  });
  expect(await whyNot(stripe.balance.retrieve())).toMatchObject({ statusCode: 404 });
  expect(await ledgerOf("chk_wrong")).toEqual([]);
});

test("a developer sees the account, and sets it with a button", async () => {
  const held = await stripe.paymentIntents.create(card("chk_page"), key());
  const page = await (await fetch(simulatorUrl)).text();
  expect(page).toContain(held.id);
  const setting = JSON.stringify({ latencyMs: { authorize: 1 } });
  await fetch(`${simulatorUrl}/_simulator/stripe/preset`, {
    method: "POST",
    body: new URLSearchParams({ setting }),
  });
  const control = await fetch(`${simulatorUrl}/_simulator/stripe/control`);
  expect(await control.json()).toMatchObject({ latencyMs: { authorize: 1 } });
  expect(await (await fetch(`${simulatorUrl}/healthz`)).json()).toEqual({ ok: true });
});

test("every request, answer and event of these stories fits the official types", () => {
  expect(exchanges.length).toBeGreaterThan(20);
  expect(wireProblems()).toEqual([]);
});

test("every answer names its request", () => {
  for (const { headers } of exchanges) expect(headers.get("Request-Id")).toMatch(/^req_\w{14}$/);
});
