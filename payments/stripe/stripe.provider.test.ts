import { expect, test } from "vitest";
import { UnsentBug } from "../../schema/outcome.ts";
import type { AuthorizeRequest, PaymentProvider } from "../provider.ts";
import { StripeProvider } from "./stripe.provider.ts";
import { call, cardRequest, dayLater, intentOf, name } from "./testing/payment-fixtures.ts";
import { list, no, openWire, storedError, unknowns } from "./testing/scripted-server.ts";

const wire = await openWire();
const provider = new StripeProvider(wire.config);
const { amount } = cardRequest;
const secured = { provider: "stripe", method: "card", reference: "pi_1", amount } as const;
const returnUrl = "https://shop.example/return";
const { token: _, ...local } = { ...cardRequest, returnUrl };
const LISTED =
  "GET /v1/payment_intents?created[gte]=1699999700&limit=100&expand[0]=data.latest_charge";
const ours = { metadata: { payment_reference: name.paymentReference } };

test.each(unknowns)("authorize takes $status $body for no answer", async (answer) => {
  wire.answer(answer);
  await expect(provider.authorize(cardRequest, call)).rejects.toThrow();
});

test("authorize holds a card's money under the request's key", async () => {
  wire.answer(intentOf("requires_capture"));
  expect(await provider.authorize(cardRequest, call)).toEqual(secured);
  expect(wire.asked()).toEqual(["POST /v1/payment_intents"]);
  expect(wire.keys()).toEqual([cardRequest.key]);
});

test("an authorization over another amount is a bug that holds no sale", async () => {
  wire.answer(intentOf("requires_capture", { amount: 1 }));
  await expect(provider.authorize(cardRequest, call)).rejects.toThrow(/holds what was asked for/);
});

test("a declined card is refused, and may be tried elsewhere when nobody judged it", async () => {
  const error = { type: "card_error", code: "card_declined", decline_code: "issuer_not_available" };
  wire.answer({ status: 402, body: JSON.stringify({ error }) });
  expect(await provider.authorize(cardRequest, call)).toEqual({
    refused: "payment_declined",
    detail: { reason: "issuer_not_available", provider: "stripe", retryable: true },
  });
});

test("an amount that Stripe cannot take to the last digit is a bug of ours, and nothing is sent", async () => {
  const request = { ...cardRequest, amount: { amountMinor: 12345, currency: "KWD" } };
  await expect(provider.authorize(request, call)).rejects.toBeInstanceOf(UnsentBug);
  expect(wire.asked()).toEqual([]);
});

test.each([
  ["JPY", 1980, 1980],
  ["KWD", 12340, 12340],
  ["ISK", 500, 50000],
])("%s is held to the last digit", async (currency, amountMinor, asked) => {
  wire.answer(intentOf("requires_capture", { amount: asked, currency: currency.toLowerCase() }));
  const request = { ...cardRequest, amount: { amountMinor, currency } };
  expect(await provider.authorize(request, call)).toMatchObject({
    amount: { amountMinor, currency },
  });
  expect(wire.sent()[0]?.form).toContain(`amount=${asked}&currency=${currency.toLowerCase()}&`);
});

test("iDEAL that is paid at once, by a wallet, is captured already", async () => {
  wire.answer(intentOf("succeeded", { payment_method_types: ["ideal"] }));
  const request: AuthorizeRequest = { ...local, method: "ideal" };
  expect(await provider.authorize(request, call)).toEqual({
    ...secured,
    method: "ideal",
    isCaptured: true,
  });
});

test("a server error that Stripe stored is no decline: the payment is looked for in the list", async () => {
  wire.answer(storedError, list(intentOf("requires_capture", ours)));
  expect(await provider.authorize(cardRequest, call)).toEqual(secured);
  expect(wire.asked()).toEqual(["POST /v1/payment_intents", LISTED]);
});

test("a stored server error that left nothing behind is refused, and another provider may be tried", async () => {
  wire.answer(
    storedError,
    list(intentOf("requires_capture", { metadata: { payment_reference: "x" } })),
  );
  expect(await provider.authorize(cardRequest, call)).toEqual({
    refused: "payment_declined",
    detail: { reason: "provider_error", provider: "stripe", retryable: true },
  });
});

test("a key that Stripe may have forgotten is not sent again: the payment is looked up", async () => {
  wire.answer(list());
  expect(await provider.resolveAndVoid(cardRequest, undefined, dayLater)).toEqual({
    reversal: "never_existed",
  });
  expect(wire.asked()).toEqual([LISTED]);
});

test("a Pix request whose code would end in the past is not sent again: Stripe would refuse it", async () => {
  wire.answer(list(intentOf("requires_payment_method", ours)));
  const request: AuthorizeRequest = {
    ...local,
    method: "pix",
    amount: { amountMinor: 1789, currency: "BRL" },
  };
  const later = { ...call, nowMs: request.offerEndsAtMs, nthTry: 2 };
  expect(await provider.authorize(request, later)).toMatchObject({ refused: "payment_declined" });
  expect(wire.asked()).toEqual([LISTED]);
});

const waiting = { ...secured, shopper: { type: "redirect", url: "https://bank.example" } } as const;

test.each([
  ["requires_action", { shopper: "awaited" }],
  ["processing", { shopper: "awaited" }],
  ["requires_capture", { shopper: "confirmed", secured }],
  ["succeeded", { shopper: "confirmed", secured: { ...secured, isCaptured: true } }],
  ["canceled", { refused: "payment_declined" }],
  ["requires_payment_method", { refused: "payment_declined" }],
])("a payment that waits for its shopper and is %s", async (status, outcome) => {
  wire.answer(intentOf(status));
  expect(await provider.shopperOutcome(name, waiting)).toMatchObject(outcome);
  expect(wire.asked()).toEqual(["GET /v1/payment_intents/pi_1?expand[0]=latest_charge"]);
});

test.each(unknowns)("a shopper's outcome is not made of $status $body", async (answer) => {
  wire.answer(answer);
  await expect(provider.shopperOutcome(name, waiting)).rejects.toThrow();
});

test("what the shopper's browser brings back is not believed, however often it comes", async () => {
  const proof = { redirect_status: "succeeded", payment_intent: "pi_999" };
  for (const _time of [1, 2]) {
    wire.answer(intentOf("requires_payment_method"));
    const back = { ...call, key: "3".repeat(64), proof };
    const port: PaymentProvider = provider;
    expect(await port.shopperReturned(name, waiting, back)).toMatchObject({
      refused: "payment_declined",
    });
  }
});

test("a look-up finds what is held under our reference, past payments of others", async () => {
  const other = intentOf("requires_capture", { id: "pi_2", metadata: { payment_reference: "x" } });
  wire.answer(list(other, intentOf("requires_capture", ours)));
  expect(await provider.lookUp(name, dayLater)).toEqual(secured);
  expect(wire.asked()).toEqual([LISTED]);
});

test("a payment that is known by its name is read, not looked for among everybody's", async () => {
  const known = { ...name, reference: "pi_1" };
  wire.answer(intentOf("requires_capture", ours));
  expect(await provider.lookUp(known, dayLater)).toEqual(secured);
  expect(wire.asked()).toEqual(["GET /v1/payment_intents/pi_1?expand[0]=latest_charge"]);
  wire.answer(intentOf("canceled", ours));
  expect(await provider.lookUp(known, dayLater)).toBeUndefined();
  wire.answer(intentOf("requires_capture", { metadata: { payment_reference: "x" } }));
  await expect(provider.lookUp(known, dayLater)).rejects.toThrow();
});

test.each(["canceled", "requires_payment_method", "requires_action", "processing"])(
  "a look-up finds no money in a payment that is %s",
  async (status) => {
    wire.answer(list(intentOf(status, ours)));
    expect(await provider.lookUp(name, call)).toBeUndefined();
  },
);

test.each([...unknowns, no("parameter_unknown")])(
  "a look-up that is answered by $status $body is unknown, never nothing",
  async (answer) => {
    wire.answer(answer);
    await expect(provider.lookUp(name, call)).rejects.toThrow();
    wire.answer(storedError, answer);
    await expect(provider.authorize(cardRequest, call)).rejects.toThrow();
    wire.answer(answer);
    await expect(provider.disputes(secured)).rejects.toThrow();
  },
);

test("disputes are listed by their payment", async () => {
  const dispute = {
    object: "dispute",
    id: "dp_1",
    status: "needs_response",
    amount: 1789,
    currency: "eur",
    reason: "fraudulent",
  };
  wire.answer(list(dispute));
  expect(await provider.disputes(secured)).toEqual([
    { reference: "dp_1", dispute: "open", amount, reason: "fraudulent" },
  ]);
  expect(wire.asked()).toEqual(["GET /v1/disputes?payment_intent=pi_1&limit=100"]);
});
