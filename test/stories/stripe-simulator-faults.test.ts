import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import Stripe from "stripe";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../eventually.ts";
import { card, openStripe, stripeAt, whyNot } from "../specs/simulators-alone.ts";

const { errors } = Stripe;
const { calls, key, ledgerOf, set, stripe, url: simulatorUrl } = await openStripe();

test("each fault reaches the SDK as Stripe's own would, strikes as often as told, and a repeat charges once", async () => {
  const brief = stripeAt(simulatorUrl, [], 1_000);
  for (const [kind, errorClass] of [
    ["error_500", errors.StripeAPIError],
    ["rate_limit", errors.StripeRateLimitError],
    ["conflict_409", errors.StripeAPIError],
    ["drop_before", errors.StripeConnectionError],
    ["drop_after", errors.StripeConnectionError],
    ["hang", errors.StripeConnectionError],
    ["reset_mid_body", errors.StripeConnectionError],
    ["garbage_200", errors.StripeAPIError],
    ["html_502", errors.StripeAPIError],
  ] as const) {
    const checkoutId = `chk_${kind}`;
    const mine = { operation: "authorize", kind, times: 1, metadataCheckoutId: checkoutId };
    await set({ faults: [mine] });
    const options = key();

    const first = await whyNot(brief.paymentIntents.create(card(checkoutId), options));
    const happened = await ledgerOf(checkoutId);
    const second = await brief.paymentIntents.create(card(checkoutId), options);

    expect([kind, first]).toEqual([kind, expect.any(errorClass)]);
    const takesEffect = !["error_500", "rate_limit", "conflict_409", "drop_before"].includes(kind);
    expect([kind, happened.length]).toEqual([kind, takesEffect ? 1 : 0]);
    expect(second.status).toBe("requires_capture");
    expect(await ledgerOf(checkoutId)).toHaveLength(1);
    expect((await calls()).faultsByOperation[`authorize/${kind}`]).toBe(1);
  }
});

test("a capture, a cancel, a refund and a look-up can fail alone", async () => {
  const held = await stripe.paymentIntents.create(card("chk_each"), key());
  for (const [operation, ask] of [
    ["lookup", () => stripe.paymentIntents.retrieve(held.id)],
    ["lookup", () => stripe.paymentIntents.list({ limit: 1 })],
    ["capture", () => stripe.paymentIntents.capture(held.id, {}, { idempotencyKey: "each-c" })],
    ["refund", () => stripe.refunds.create({ payment_intent: held.id }, { idempotencyKey: "e-r" })],
    ["cancel", () => stripe.paymentIntents.cancel(held.id, {}, { idempotencyKey: "each-x" })],
  ] as const) {
    await set({ faults: [{ operation, kind: "drop_before", times: 1 }] });
    expect(await whyNot(ask())).toBeInstanceOf(errors.StripeConnectionError);
    expect(await whyNot(ask())).not.toBeInstanceOf(errors.StripeConnectionError);
  }
});

test("a provider that is down answers nothing but 503 until its time is over, and nothing happens", async () => {
  await set({ faults: [{ operation: "any", kind: "down", forMs: 3_600_000 }] });
  for (const ask of [
    () => stripe.paymentIntents.create(card("chk_down"), key()),
    () => stripe.paymentIntents.list({ limit: 1 }),
    () => stripe.events.list({ limit: 1 }),
  ]) {
    const error = await whyNot(ask());
    expect(error).toBeInstanceOf(errors.StripeAPIError);
    expect(error).toMatchObject({ statusCode: 503 });
  }
  expect(await ledgerOf("chk_down")).toEqual([]);
  await set({ faults: [{ operation: "any", kind: "down", forMs: 1 }] });
  const back = await eventually(
    () => whyNot(stripe.paymentIntents.list({ limit: 1 })),
    (answer) => !(answer instanceof errors.StripeAPIError),
    { withinMs: 10_000 },
  );
  expect(back).toBe("it went through");
});

test("a fault may aim at one method and leave the others alone", async () => {
  await set({ faults: [{ operation: "any", kind: "drop_before", method: "pix" }] });
  const pix: Stripe.PaymentIntentCreateParams = {
    amount: 1299,
    currency: "brl",
    confirm: true,
    payment_method_data: { type: "pix" },
    allowed_payment_method_types: ["pix"],
  };
  expect(await whyNot(stripe.paymentIntents.create(pix, key()))).toBeInstanceOf(
    errors.StripeConnectionError,
  );
  const held = await stripe.paymentIntents.create(card("chk_other"), key());
  expect(held.status).toBe("requires_capture");
  await set({ faults: [] });
  const shown = await stripe.paymentIntents.create(pix, key());
  await set({ faults: [{ operation: "any", kind: "drop_before", method: "pix" }] });
  expect(await whyNot(stripe.paymentIntents.cancel(shown.id, {}, key()))).toBeInstanceOf(
    errors.StripeConnectionError,
  );
});

test("some declines are for now: the issuer was away, or asks to try again later", async () => {
  for (const [token, declineCode] of [
    ["pm_card_visa_chargeDeclinedProcessingError", "processing_error"],
    ["pm_sim_issuerNotAvailable", "issuer_not_available"],
    ["pm_sim_tryAgainLater", "try_again_later"],
  ] as const) {
    expect(
      await whyNot(stripe.paymentIntents.create(card("chk_for_now", token), key())),
    ).toMatchObject({ statusCode: 402, decline_code: declineCode, advice_code: "try_again_later" });
  }
});

test("the sentinel tokens lose an answer and refuse a capture", async () => {
  const options = key();
  const lost = card("chk_lost", "pm_sim_replyLost");
  expect(await whyNot(stripe.paymentIntents.create(lost, options))).toBeInstanceOf(
    errors.StripeConnectionError,
  );
  expect(await ledgerOf("chk_lost")).toMatchObject([{ status: "requires_capture" }]);
  expect((await stripe.paymentIntents.create(lost, options)).status).toBe("requires_capture");
  expect(await ledgerOf("chk_lost")).toHaveLength(1);

  const held = await stripe.paymentIntents.create(card("chk_no", "pm_sim_captureDeclined"), key());
  expect(await whyNot(stripe.paymentIntents.capture(held.id, {}, key()))).toBeInstanceOf(
    errors.StripeCardError,
  );
  expect(await stripe.paymentIntents.cancel(held.id, {}, key())).toMatchObject({
    status: "canceled",
  });

  const old = await stripe.paymentIntents.create(card("chk_old", "pm_sim_captureExpired"), key());
  expect(await whyNot(stripe.paymentIntents.capture(old.id, {}, key()))).toMatchObject({
    code: "charge_expired_for_capture",
    payment_intent: { status: "canceled" },
  });
});

test("to a Worker, too, a dropped answer is a broken connection and a cut one a broken body", async () => {
  const script = `export default { async fetch(request) {
      const { url, body } = await request.json();
      const headers = { Authorization: "Bearer sk_test_local", "Idempotency-Key": body };
      const sent = await fetch(url, { method: "POST", headers, body }).catch((e) => e);
      if (sent instanceof Error) return new Response("no answer");
      return sent.text().then(() => new Response("whole"), () => new Response("cut"));
    } }`;
  const client = new Miniflare(
    convertV4MiniflareOptions({ modules: true, compatibilityDate: "2026-10-20", script }),
  );
  onTestFinished(() => client.dispose());
  const ask = async (kind: string): Promise<string> => {
    await set({ faults: [{ operation: "authorize", kind, times: 1 }] });
    const response = await client.dispatchFetch("http://client.test", {
      method: "POST",
      body: JSON.stringify({
        url: `${simulatorUrl}/v1/payment_intents`,
        body: `amount=500&currency=eur&confirm=true&payment_method=pm_card_visa&allowed_payment_method_types[]=card&metadata[k]=${kind}`,
      }),
    });
    return response.text();
  };
  expect(await ask("drop_before")).toBe("no answer");
  expect(await ask("drop_after")).toBe("no answer");
  expect(await ask("reset_mid_body")).toBe("cut");
  expect(await ask("error_500")).toBe("whole");
});
