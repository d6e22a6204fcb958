import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import Stripe from "stripe";
import { expect, test } from "vitest";
import type { SimulatorsEnv } from "../../env.ts";
import app from "../../index.ts";

const env = bindings as unknown as SimulatorsEnv;

let accounts = 0;

/** Opens an account of its own, reached through the official SDK. */
function openAccount() {
  accounts += 1;
  const name = `a${accounts}`;
  const answers: Response[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await app.request(String(url), init, env);
    answers.push(response.clone());
    return response;
  };
  const stripe = new Stripe(`sk_test_acct_${name}_key`, {
    httpClient: Stripe.createFetchHttpClient(fetch),
    host: "simulator.test",
    port: 80,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const door = async (path: string, init?: RequestInit) =>
    app.request(`http://simulator.test/_simulator/stripe/${path}?account=${name}`, init, env);
  return {
    stripe,
    answers,
    stub: env.STRIPE_ACCOUNT.getByName(name),
    set: async (setting: object): Promise<void> => {
      const response = await door("control", { method: "POST", body: JSON.stringify(setting) });
      expect(response.status).toBe(200);
    },
    calls: async () => (await door("calls")).json<Record<string, Record<string, number>>>(),
    ledger: async (): Promise<{ status: string; idempotencyKeys: string[] }[]> => {
      const lines = new TextDecoder().decode(await (await door("ledger")).arrayBuffer());
      return lines
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line));
    },
  };
}

const card: Stripe.PaymentIntentCreateParams & { metadata: { checkout_id: string } } = {
  amount: 1299,
  currency: "eur",
  confirm: true,
  capture_method: "manual",
  payment_method: "pm_card_visa",
  allowed_payment_method_types: ["card"],
  metadata: { checkout_id: "chk_eu_1" },
};

const whyNot = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it went through",
    (error: unknown) => error,
  );

test("the same key and parameters replay the first answer and charge once", async () => {
  const { stripe, answers, ledger } = openAccount();

  const first = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });
  const again = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });

  expect(again).toEqual(first);
  const [one, two] = answers;
  expect(one?.headers.get("Idempotent-Replayed")).toBeNull();
  expect(two?.headers.get("Idempotent-Replayed")).toBe("true");
  expect(two?.headers.get("Idempotency-Key")).toBe("k1");
  expect(two?.headers.get("Original-Request")).toBe(one?.headers.get("Request-Id"));
  expect(two?.headers.get("Request-Id")).not.toBe(one?.headers.get("Request-Id"));
  expect(await ledger()).toMatchObject([{ status: "requires_capture", idempotencyKeys: ["k1"] }]);
});

test("the same key with another amount or at another endpoint is refused", async () => {
  const { stripe } = openAccount();
  const intent = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });

  const amount = await whyNot(
    stripe.paymentIntents.create({ ...card, amount: 1300 }, { idempotencyKey: "k1" }),
  );
  const endpoint = await whyNot(
    stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey: "k1" }),
  );

  expect(amount).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  expect(endpoint).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
});

test("while the first request runs, its key is in use; afterwards it replays", async () => {
  const { stripe, set, calls } = openAccount();
  await set({ latencyMs: { authorize: 400 } });

  const first = stripe.paymentIntents.create(card, { idempotencyKey: "k1" });
  await expect.poll(async () => (await calls()).operations?.authorize).toBe(1);
  const second = await whyNot(stripe.paymentIntents.create(card, { idempotencyKey: "k1" }));

  expect(second).toMatchObject({ statusCode: 409, code: "idempotency_key_in_use" });
  const intent = await first;
  const third = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });
  expect(third.id).toBe(intent.id);
});

test("a decline is stored under its key, a second card takes a new one", async () => {
  const { stripe, answers } = openAccount();
  const bad = { ...card, payment_method: "pm_card_visa_chargeDeclinedInsufficientFunds" };

  const first = await whyNot(stripe.paymentIntents.create(bad, { idempotencyKey: "k1" }));
  const again = await whyNot(stripe.paymentIntents.create(bad, { idempotencyKey: "k1" }));

  expect(first).toMatchObject({ statusCode: 402, decline_code: "insufficient_funds" });
  expect(again).toMatchObject({ statusCode: 402, decline_code: "insufficient_funds" });
  expect(answers.at(-1)?.headers.get("Idempotent-Replayed")).toBe("true");
  const second = await stripe.paymentIntents.create(card, { idempotencyKey: "k2" });
  expect(second.status).toBe("requires_capture");
});

test("what failed validation is not stored: the key is free for the right request", async () => {
  const { stripe } = openAccount();
  const small = { ...card, amount: 10 };

  const refused = await whyNot(stripe.paymentIntents.create(small, { idempotencyKey: "k1" }));
  const accepted = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });

  expect(refused).toMatchObject({ statusCode: 400, code: "amount_too_small" });
  expect(accepted.status).toBe("requires_capture");
});

test("a stored 500 replays for ever although the charge happened; a plain one does not", async () => {
  const { stripe, set, ledger } = openAccount();
  await set({ faults: [{ operation: "authorize", kind: "error_500_stored", times: 1 }] });

  const first = await whyNot(stripe.paymentIntents.create(card, { idempotencyKey: "k1" }));
  const again = await whyNot(stripe.paymentIntents.create(card, { idempotencyKey: "k1" }));

  expect(first).toMatchObject({ statusCode: 500 });
  expect(again).toMatchObject({ statusCode: 500 });
  expect(await ledger()).toHaveLength(1);

  await set({ faults: [{ operation: "authorize", kind: "error_500", times: 1 }] });
  const plain = await whyNot(stripe.paymentIntents.create(card, { idempotencyKey: "k2" }));
  const repeated = await stripe.paymentIntents.create(card, { idempotencyKey: "k2" });
  expect(plain).toMatchObject({ statusCode: 500 });
  expect(repeated.status).toBe("requires_capture");
  expect(await ledger()).toHaveLength(2);
});

test("a key that is older than a day charges again", async () => {
  const { stripe, set } = openAccount();
  const first = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });

  await set({ clockShiftMs: 86_400_001 });
  const second = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });

  expect(second.id).not.toBe(first.id);
});

test("a hold that nobody captures within seven days is released", async () => {
  const { stripe, set } = openAccount();
  const intent = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });

  await set({ clockShiftMs: 7 * 86_400_000 + 1 });

  const { data } = await stripe.events.list({
    types: ["charge.expired", "payment_intent.canceled"],
  });
  expect(data.map(({ type }) => type).sort()).toEqual([
    "charge.expired",
    "payment_intent.canceled",
  ]);
  expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
    status: "canceled",
    cancellation_reason: "expired",
  });
  expect((await stripe.refunds.list({ payment_intent: intent.id })).data).toEqual([]);
});

test("search finds a checkout's payments once its lag is over", async () => {
  const { stripe, set } = openAccount();
  await set({ searchLagMs: 60_000 });
  const intent = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });
  const query = "metadata['checkout_id']:'chk_eu_1'";

  expect((await stripe.paymentIntents.search({ query })).data).toEqual([]);
  await set({ clockShiftMs: 60_001 });

  expect((await stripe.paymentIntents.search({ query })).data.map(({ id }) => id)).toEqual([
    intent.id,
  ]);
});

test("lists go page by page, newest first, within the seconds asked for", async () => {
  const { stripe } = openAccount();
  const made: string[] = [];
  for (const n of [1, 2, 3, 4, 5]) {
    made.push((await stripe.paymentIntents.create(card, { idempotencyKey: `k${n}` })).id);
  }

  const seen: string[] = [];
  for await (const intent of stripe.paymentIntents.list({ created: { gte: 1 }, limit: 2 })) {
    seen.push(intent.id);
  }
  expect(seen).toEqual(made.toReversed());
  const back = await stripe.paymentIntents.list({ ending_before: made[1] ?? "", limit: 2 });
  expect(back.data.map(({ id }) => id)).toEqual([made[3], made[2]]);
  expect(back.has_more).toBe(true);
  expect((await stripe.paymentIntents.list({ created: { lt: 1 } })).data).toEqual([]);
});

test("a late call takes effect after its answer was lost, and until then its key is in use", async () => {
  const { stripe, set, ledger, stub } = openAccount();
  await set({ faults: [{ operation: "authorize", kind: "late", times: 1, lateMs: 0 }] });

  await whyNot(stripe.paymentIntents.create(card, { idempotencyKey: "k1" }));
  await expect
    .poll(async () => {
      await runDurableObjectAlarm(stub);
      return ledger();
    })
    .toMatchObject([{ status: "requires_capture", idempotencyKeys: ["k1"] }]);

  const replayed = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });
  expect(replayed.status).toBe("requires_capture");
  expect(await ledger()).toHaveLength(1);
});

test("a pending refund settles later, a failing one gives the money back to the charge", async () => {
  const { stripe, set, stub } = openAccount();
  await set({ refundSettleMs: 0 });
  for (const [token, before, after, left] of [
    ["pm_card_pendingRefund", "pending", "succeeded", 0],
    ["pm_card_refundFail", "succeeded", "failed", 1299],
  ] as const) {
    const intent = await stripe.paymentIntents.create({
      ...card,
      payment_method: token,
      capture_method: "automatic",
    });
    const refund = await stripe.refunds.create({ payment_intent: intent.id });
    expect(refund.status).toBe(before);
    await expect
      .poll(async () => {
        await runDurableObjectAlarm(stub);
        return (await stripe.refunds.retrieve(refund.id)).status;
      })
      .toBe(after);
    const { latest_charge: charge } = await stripe.paymentIntents.retrieve(intent.id, {
      expand: ["latest_charge"],
    });
    expect(charge).toMatchObject({ amount_refunded: 1299 - left });
  }
});

test("settings survive a restart of the object, and a reset makes it calm", async () => {
  const { set, stub } = openAccount();
  await set({ latencyMs: { capture: 5 }, seed: 9 });
  await evictDurableObject(stub);
  expect(await stub.control()).toMatchObject({ latencyMs: { capture: 5 }, seed: 9, faults: [] });
  expect(await stub.resetControl()).toMatchObject({ latencyMs: {}, seed: 1 });
});

test("a payment that wants 3-D Secure is declined where no shopper is there to pass it", async () => {
  const { stripe } = openAccount();
  const strict = { ...card, payment_method: "pm_card_authenticationRequired" };
  const absent = await whyNot(stripe.paymentIntents.create({ ...strict, off_session: true }));
  expect(absent).toMatchObject({ statusCode: 402, code: "authentication_required" });
  const noAction = { ...strict, error_on_requires_action: true };
  expect(await whyNot(stripe.paymentIntents.create(noAction))).toMatchObject({ statusCode: 402 });
});

test("confirming without a list of types needs a page to come back to, or no redirects", async () => {
  const { stripe } = openAccount();
  const { allowed_payment_method_types: _, ...open } = card;
  expect(await whyNot(stripe.paymentIntents.create(open))).toMatchObject({ statusCode: 400 });
  const never = { enabled: true, allow_redirects: "never" } as const;
  for (const way of [
    { return_url: "https://shop.test" },
    { automatic_payment_methods: never },
  ] satisfies Partial<Stripe.PaymentIntentCreateParams>[]) {
    expect(await stripe.paymentIntents.create({ ...open, ...way })).toMatchObject({
      status: "requires_capture",
    });
  }
});

test("an empty object for an answer hides a charge that happened", async () => {
  const { stripe, set, ledger } = openAccount();
  await set({ faults: [{ operation: "authorize", kind: "empty_200", times: 1 }] });
  expect(await stripe.paymentIntents.create(card, { idempotencyKey: "k1" })).toEqual({});
  expect(await ledger()).toMatchObject([{ status: "requires_capture" }]);
});

test("a fault may be told to strike before or after the effect", async () => {
  const { stripe, set, ledger, calls } = openAccount();
  for (const [kind, effect, payments] of [
    ["html_502", false, 0],
    ["error_500", true, 1],
  ] as const) {
    await set({ faults: [{ operation: "authorize", kind, effect, times: 1 }] });
    await whyNot(stripe.paymentIntents.create(card, { idempotencyKey: kind }));
    expect(await ledger()).toHaveLength(payments);
  }
  expect((await calls()).faults).toEqual({ html_502: 1, error_500: 1 });
});

test("a ledger can be emptied, and then nothing is known any more", async () => {
  const { stripe, stub, ledger } = openAccount();
  const intent = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });
  await stub.clearLedger();
  expect(await ledger()).toEqual([]);
  expect(await whyNot(stripe.paymentIntents.retrieve(intent.id))).toMatchObject({
    code: "resource_missing",
  });
  const anew = await stripe.paymentIntents.create(card, { idempotencyKey: "k1" });
  expect(anew.id).not.toBe(intent.id);
});

test("metadata has Stripe's limits", async () => {
  const { stripe } = openAccount();
  for (const metadata of [
    { ["k".repeat(41)]: "v" },
    { k: "v".repeat(501) },
    Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, "v"])),
  ]) {
    expect(await whyNot(stripe.paymentIntents.create({ ...card, metadata }))).toMatchObject({
      statusCode: 400,
    });
  }
});

test("without a secret key nothing is answered, a read-only key changes nothing, live keys are refused", async () => {
  const ask = (key: string, method = "GET") =>
    app.request(
      "http://simulator.test/v1/payment_intents",
      { method, headers: key === "" ? {} : { Authorization: `Bearer ${key}` } },
      env,
    );
  expect((await ask("")).status).toBe(401);
  expect((await ask("pk_test_1")).status).toBe(401);
  expect((await ask("sk_live_1")).status).toBe(401);
  expect((await ask("rk_test_acct_ro_1", "POST")).status).toBe(403);
  expect((await ask("rk_test_acct_ro_1")).status).toBe(200);
  expect((await ask("")).headers.get("Request-Id")).toMatch(/^req_/);
});

test("an older pinned version still takes payment_method_types", async () => {
  const { stripe } = openAccount();
  const { allowed_payment_method_types: types, ...rest } = card;
  const old = { ...rest, payment_method_types: types };

  const refused = await whyNot(stripe.rawRequest("POST", "/v1/payment_intents", old));
  const accepted = await stripe.rawRequest("POST", "/v1/payment_intents", old, {
    apiVersion: "2025-03-31.basil",
  });

  expect(refused).toMatchObject({ code: "parameter_unknown", param: "payment_method_types" });
  expect(accepted).toMatchObject({ status: "requires_capture" });
});
