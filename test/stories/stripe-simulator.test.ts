import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { decodeForm } from "../../workers/simulators/stripe/form.ts";
import { eventually } from "../eventually.ts";
import {
  type Exchange,
  openReceiver,
  startSimulators,
  stripeAt,
  WEBHOOK_SECRET,
} from "../specs/simulators-alone.ts";
import { answerProblems, requestProblems } from "../specs/stripe-schema.ts";

const SOON = { withinMs: 10_000 };
const { errors } = Stripe;

const exchanges: Exchange[] = [];
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let simulators: Awaited<ReturnType<typeof startSimulators>>;
let stripe: Stripe;
let keys = 0;

beforeAll(async () => {
  receiver = await openReceiver();
  simulators = await startSimulators({ webhookUrl: receiver.url });
  stripe = stripeAt(simulators.url, exchanges);
});

afterAll(async () => {
  await simulators.stop();
  await receiver.close();
});

beforeEach(async () => {
  receiver.answer.status = 200;
  await fetch(`${simulators.url}/_simulator/stripe/control`, { method: "DELETE" });
});

const key = () => {
  keys += 1;
  return { idempotencyKey: `story-${keys}` };
};

function card(checkoutId: string, token = "pm_card_visa"): Stripe.PaymentIntentCreateParams {
  return {
    amount: 1299,
    currency: "eur",
    confirm: true,
    capture_method: "manual",
    payment_method: token,
    allowed_payment_method_types: ["card"],
    return_url: "https://shop.test/back?from=bank",
    metadata: { checkout_id: checkoutId },
  };
}

async function set(setting: object): Promise<void> {
  const response = await fetch(`${simulators.url}/_simulator/stripe/control`, {
    method: "POST",
    body: JSON.stringify(setting),
  });
  expect(response.status).toBe(200);
}

interface Calls {
  readonly faultsByOperation: Readonly<Record<string, number>>;
  readonly webhooks: { readonly delivered: number; readonly failed: number };
}

const calls = async (): Promise<Calls> =>
  (await (await fetch(`${simulators.url}/_simulator/stripe/calls`)).json()) as Calls;

async function ledgerOf(checkoutId: string) {
  const text = await (await fetch(`${simulators.url}/_simulator/stripe/ledger`)).text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .filter(({ metadata }) => metadata.checkout_id === checkoutId);
}

const whyNot = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it went through",
    (error: unknown) => error,
  );

/** Types of the events that the receiver has got about one checkout's payment or its charge. */
const eventsOf = (id: string): string[] =>
  receiver.deliveries
    .filter(({ raw }) => raw.includes(id))
    .map(({ event }) => event.type)
    .sort();

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

test("each fault reaches the SDK as Stripe's own would, strikes as often as told, and a repeat charges once", async () => {
  const brief = stripeAt(simulators.url, [], 1_000);
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
        url: `${simulators.url}/v1/payment_intents`,
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

test("webhooks are signed, in Stripe's shape, and tell the whole life of a sale", async () => {
  const held = await stripe.paymentIntents.create(card("chk_hooks"), key());
  await stripe.paymentIntents.capture(held.id, {}, key());
  await stripe.refunds.create({ payment_intent: held.id, amount: 100 }, key());
  const expected = [
    "charge.captured",
    "charge.refunded",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "refund.created",
  ];
  await eventually(
    async () => eventsOf(held.id),
    (types) => types.join() === expected.join(),
    SOON,
  );
  for (const { raw, signature } of receiver.deliveries) {
    const event = await stripe.webhooks.constructEventAsync(raw, signature, WEBHOOK_SECRET);
    expect(event.api_version).toBe("2026-10-28.endive");
  }
  const told = receiver.deliveries.find(({ event }) => event.type === "refund.created");
  expect(told?.event.request?.idempotency_key).toMatch(/^story-/);
  expect(await stripe.events.retrieve(told?.event.id ?? "")).toMatchObject({
    id: told?.event.id,
    type: "refund.created",
  });
});

test("webhooks never hold up an answer, and come again until the receiver takes them", async () => {
  receiver.answer.status = 500;
  const before = await calls();
  const held = await stripe.paymentIntents.create(card("chk_deaf"), key());
  await eventually(calls, ({ webhooks }) => webhooks.failed > before.webhooks.failed, SOON);
  receiver.answer.status = 200;
  await eventually(
    async () => eventsOf(held.id),
    (types) => types.length >= 2,
    SOON,
  );
  const ids = receiver.deliveries.filter(({ raw }) => raw.includes(held.id));
  expect(new Set(ids.map(({ event }) => event.id)).size).toBe(1);
});

test("webhooks come twice, reversed or not at all when told", async () => {
  await set({ webhooks: { mode: "duplicate" } });
  const twice = await stripe.paymentIntents.create(card("chk_twice"), key());
  await eventually(
    async () => eventsOf(twice.id),
    (types) => types.length === 2,
    SOON,
  );

  await set({ webhooks: { mode: "reordered" } });
  const reversed = await stripe.paymentIntents.create(card("chk_reversed"), key());
  await stripe.paymentIntents.capture(reversed.id, {}, key());
  await eventually(
    async () => eventsOf(reversed.id),
    (types) => types.length === 3,
    SOON,
  );
  const order = receiver.deliveries
    .filter(({ raw }) => raw.includes(reversed.id))
    .map(({ event }) => event.type);
  expect(order).toEqual([
    "payment_intent.succeeded",
    "charge.captured",
    "payment_intent.amount_capturable_updated",
  ]);

  await set({ webhooks: { mode: "off" } });
  const silent = await stripe.paymentIntents.create(card("chk_silent"), key());
  await set({ webhooks: { mode: "normal", events: ["payment_intent.canceled"] } });
  await stripe.paymentIntents.cancel(silent.id, {}, key());
  await eventually(
    async () => eventsOf(silent.id),
    (types) => types.length > 0,
    SOON,
  );
  expect(eventsOf(silent.id)).toEqual(["payment_intent.canceled"]);
  expect((await stripe.events.list({ limit: 2 })).data.map(({ type }) => type)).toEqual([
    "payment_intent.canceled",
    "payment_intent.amount_capturable_updated",
  ]);
});

test("ledger, keys and undelivered events survive a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tender-simulators-"));
  const listener = await openReceiver();
  onTestFinished(async () => {
    await listener.close();
    await rm(folder, { recursive: true, force: true });
  });
  listener.answer.status = 503;
  const first = await startSimulators({ persistTo: folder, webhookUrl: listener.url });
  const held = await stripeAt(first.url).paymentIntents.create(card("chk_restart"), {
    idempotencyKey: "restart",
  });
  await first.stop();

  listener.answer.status = 200;
  const second = await startSimulators({ persistTo: folder, webhookUrl: listener.url });
  onTestFinished(() => second.stop());
  const again = await stripeAt(second.url).paymentIntents.create(card("chk_restart"), {
    idempotencyKey: "restart",
  });

  expect(again).toEqual(held);
  await eventually(
    async () => listener.deliveries.at(-1)?.event.type,
    (type) => type === "payment_intent.amount_capturable_updated",
    SOON,
  );
});

test("a developer sees the account, and sets it with a button", async () => {
  const held = await stripe.paymentIntents.create(card("chk_page"), key());
  const page = await (await fetch(simulators.url)).text();
  expect(page).toContain(held.id);
  const setting = JSON.stringify({ latencyMs: { authorize: 1 } });
  await fetch(`${simulators.url}/_simulator/stripe/preset`, {
    method: "POST",
    body: new URLSearchParams({ setting }),
  });
  const control = await fetch(`${simulators.url}/_simulator/stripe/control`);
  expect(await control.json()).toMatchObject({ latencyMs: { authorize: 1 } });
  expect(await (await fetch(`${simulators.url}/healthz`)).json()).toEqual({ ok: true });
});

/** The declaration that a request or an answer must fit. */
const paramsByPath = [
  [/^POST \/v1\/payment_intents$/, "PaymentIntentCreateParams"],
  [/^POST .*\/confirm$/, "PaymentIntentConfirmParams"],
  [/^POST .*\/capture$/, "PaymentIntentCaptureParams"],
  [/^POST .*\/cancel$/, "PaymentIntentCancelParams"],
  [/^POST \/v1\/refunds$/, "RefundCreateParams"],
  [/^GET \/v1\/payment_intents$/, "PaymentIntentListParams"],
  [/^GET \/v1\/events$/, "EventListParams"],
] as const;

const answerByObject: Readonly<Record<string, string>> = {
  payment_intent: "PaymentIntent",
  refund: "Refund",
  charge: "Charge",
};

/** `payment_intent.succeeded` → `PaymentIntentSucceededEvent`. */
function eventDeclaration(type: string): string {
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Event`;
}

function problemsOfAnswer(body: unknown): string[] {
  if (typeof body !== "object" || body === null) return [];
  const { object, data, error, type } = body as Readonly<Record<string, unknown>>;
  if (Array.isArray(data)) return data.flatMap(problemsOfAnswer);
  if (error) return problemsOfAnswer((error as { payment_intent?: unknown }).payment_intent);
  const name = object === "event" ? eventDeclaration(String(type)) : answerByObject[String(object)];
  return name ? answerProblems(name, body) : [`no declaration for ${object}`];
}

test("every request, answer and event of these stories fits the official types", () => {
  const accepted = exchanges.filter(({ status }) => status < 400 || status === 402);
  expect(accepted.length).toBeGreaterThan(40);
  const problems = exchanges.flatMap(({ body }) => problemsOfAnswer(body));
  for (const { method, path, form } of accepted) {
    const name = paramsByPath.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1];
    if (name) problems.push(...requestProblems(name, decodeForm(form)));
  }
  for (const { event } of receiver.deliveries) {
    problems.push(...answerProblems(eventDeclaration(event.type), event));
  }
  expect([...new Set(problems)]).toEqual([]);
});

test("every answer names its request", () => {
  for (const { headers } of exchanges) expect(headers.get("Request-Id")).toMatch(/^req_\w{14}$/);
});
