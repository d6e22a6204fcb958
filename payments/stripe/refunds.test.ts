import { expect, test } from "vitest";
import { providerKey } from "../idempotency-key.ts";
import type { RefundRequest } from "../provider.ts";
import { StripeProvider } from "./stripe.provider.ts";
import { call, cardRequest, dayLater, intentOf, name } from "./testing/payment-fixtures.ts";
import {
  list,
  no,
  nonsense,
  openWire,
  storedError,
  unexpectedState,
  unknowns,
} from "./testing/scripted-server.ts";

const wire = await openWire();
const provider = new StripeProvider(wire.config);
const amount = { amountMinor: 500, currency: "EUR" };
const secured = {
  provider: "stripe",
  method: "card",
  reference: "pi_1",
  amount: cardRequest.amount,
} as const;
const request: RefundRequest = { ...name, key: "2".repeat(64), secured, amount, n: 1 };
const refund = (status: string, more: object = {}) => ({
  object: "refund",
  id: "re_1",
  status,
  amount: 500,
  currency: "eur",
  metadata: { refund_key: request.key },
  ...more,
});
const refunded = { refund: "refunded", amount, reference: "re_1" };
const LISTED = "GET /v1/refunds?payment_intent=pi_1&limit=100";

test.each(unknowns)("a refund takes $status $body for no answer", async (answer) => {
  wire.answer(answer);
  await expect(provider.refund(request, call)).rejects.toThrow();
});

test("a refund gives an amount back, under its key, and bears the key as its mark", async () => {
  wire.answer(refund("succeeded"));
  expect(await provider.refund(request, call)).toEqual(refunded);
  expect(wire.sent()).toEqual([
    {
      call: "POST /v1/refunds",
      form: `payment_intent=pi_1&amount=500&metadata[refund_key]=${request.key}`,
      key: request.key,
    },
  ]);
});

test.each([
  ["succeeded", refunded],
  ["pending", { refund: "pending", reference: "re_1" }],
  ["requires_action", { refund: "pending", reference: "re_1" }],
  ["failed", { refund: "refused", reason: "lost_or_stolen_card" }],
  ["canceled", { refund: "refused", reason: "lost_or_stolen_card" }],
])("a refund that was pending and is now %s", async (status, outcome) => {
  wire.answer(refund("pending"), refund(status, { failure_reason: "lost_or_stolen_card" }));
  expect(await provider.refund(request, call)).toEqual(outcome);
  wire.answer(refund(status, { failure_reason: "lost_or_stolen_card" }));
  expect(await provider.refundOutcome(request, "re_1")).toEqual(outcome);
  expect(wire.asked().at(-1)).toBe("GET /v1/refunds/re_1");
});

test("a refund of a status that nobody knows is unknown", async () => {
  wire.answer(refund("new"));
  await expect(provider.refund(request, call)).rejects.toThrow();
  for (const answer of nonsense) {
    wire.answer(answer);
    await expect(provider.refundOutcome(request, "re_1")).rejects.toThrow();
  }
});

test.each(["charge_already_refunded", "charge_disputed", "amount_too_large"])(
  "Stripe's no is a value: %s",
  async (reason) => {
    wire.answer(no(reason));
    expect(await provider.refund(request, call)).toEqual({ refund: "refused", reason });
  },
);

test("a stored error of a refund that was made is its success", async () => {
  wire.answer(storedError, list(refund("succeeded")));
  expect(await provider.refund(request, call)).toEqual(refunded);
  expect(wire.asked()).toEqual(["POST /v1/refunds", LISTED]);
});

test("a stored error of a refund that was not made is made again, once, under the next key", async () => {
  const other = refund("succeeded", { id: "re_0", metadata: { refund_key: "another" } });
  wire.answer(storedError, list(other), refund("succeeded"));
  expect(await provider.refund(request, call)).toEqual(refunded);
  expect(wire.keys()).toEqual([request.key, providerKey(request.key, "2")]);
});

test.each(nonsense)("refunds are not looked for in $status $body", async (answer) => {
  wire.answer(storedError, answer);
  await expect(provider.refund(request, call)).rejects.toThrow();
});

test("a refund whose key may be forgotten is first looked for: a day later nobody is paid twice", async () => {
  wire.answer(list(refund("succeeded")));
  expect(await provider.refund(request, dayLater)).toEqual(refunded);
  expect(wire.asked()).toEqual([LISTED]);
  wire.answer(list(), refund("succeeded"));
  expect(await provider.refund(request, dayLater)).toEqual(refunded);
  expect(wire.asked()).toEqual([LISTED, LISTED, "POST /v1/refunds"]);
});

const CANCEL = "POST /v1/payment_intents/pi_1/cancel";
const held = intentOf("requires_capture");
const voidKey = providerKey(cardRequest.key, "void");
const undo = () => provider.resolveAndVoid(cardRequest, secured, call);

test.each(unknowns)("a void takes $status $body for no answer", async (answer) => {
  wire.answer(answer);
  await expect(undo()).rejects.toThrow();
});

test("what is held is let go", async () => {
  wire.answer(intentOf("canceled"));
  expect(await undo()).toEqual({ reversal: "voided" });
  expect(wire.sent()).toEqual([{ call: CANCEL, form: "", key: voidKey }]);
});

test("what was let go before stays so", async () => {
  wire.answer(unexpectedState(intentOf("canceled")));
  expect(await undo()).toEqual({ reversal: "voided" });
});

test("without the first answer, the same request is sent again and what it holds is let go", async () => {
  wire.answer(held, intentOf("canceled"));
  expect(await provider.resolveAndVoid(cardRequest, undefined, call)).toEqual({
    reversal: "voided",
  });
  expect(wire.asked()).toEqual(["POST /v1/payment_intents", CANCEL]);
  expect(wire.keys()).toEqual([cardRequest.key, voidKey]);
});

test("a request that was declined held nothing", async () => {
  wire.answer({ status: 402, body: '{"error":{"type":"card_error","code":"card_declined"}}' });
  expect(await provider.resolveAndVoid(cardRequest, undefined, call)).toEqual({
    reversal: "never_existed",
  });
});

test.each(unknowns)("a lost answer is not resolved by $status $body", async (answer) => {
  wire.answer(answer);
  await expect(provider.resolveAndVoid(cardRequest, undefined, call)).rejects.toThrow();
});

test("what is taken goes back, and what went back before stays so", async () => {
  wire.answer(unexpectedState(intentOf("succeeded")), refund("succeeded"));
  expect(await undo()).toMatchObject({ reversal: "refunded" });
  expect(wire.keys()).toEqual([voidKey, providerKey(cardRequest.key, "refund")]);
  wire.answer(unexpectedState(intentOf("succeeded")), no("charge_already_refunded"));
  expect(await undo()).toMatchObject({ reversal: "refunded" });
});

test.each(nonsense)(
  "the refund of a payment that must go back takes $status $body for no answer",
  async (answer) => {
    wire.answer(unexpectedState(intentOf("succeeded")), answer);
    await expect(undo()).rejects.toThrow();
    expect(wire.asked()).toEqual([CANCEL, "POST /v1/refunds"]);
  },
);

test("of a payment that was taken in part, the rest is let go and the part goes back", async () => {
  const partly = intentOf("requires_capture", { amount_received: 700 });
  const ended = intentOf("succeeded", { amount_received: 700 });
  wire.answer(unexpectedState(partly), ended, refund("succeeded"));
  expect(await undo()).toMatchObject({ reversal: "refunded" });
  expect(wire.sent().map(({ call, form }) => `${call} ${form}`.trim())).toEqual([
    CANCEL,
    "POST /v1/payment_intents/pi_1/capture amount_to_capture=0&final_capture=true",
    `POST /v1/refunds payment_intent=pi_1&metadata[refund_key]=${providerKey(cardRequest.key, "refund")}`,
  ]);
});

test("a payment that was taken in part and then cancelled gives that part back", async () => {
  wire.answer(intentOf("canceled", { amount_received: 700 }), refund("pending"), refund("pending"));
  expect(await undo()).toMatchObject({ reversal: "refunded" });
});

test("a payment that its bank is still at is not resolved", async () => {
  wire.answer(unexpectedState(intentOf("processing")));
  await expect(undo()).rejects.toThrow();
});

test("a stored error of a void that took effect is its success; of one that did not, it is made again", async () => {
  wire.answer(storedError, intentOf("canceled"));
  expect(await undo()).toEqual({ reversal: "voided" });
  wire.answer(storedError, held, intentOf("canceled"));
  expect(await undo()).toEqual({ reversal: "voided" });
  expect(wire.keys()).toEqual([voidKey, voidKey, providerKey(voidKey, "2")]);
});

test.each(nonsense)(
  "whether a void took effect is not read out of $status $body",
  async (answer) => {
    wire.answer(storedError, answer, intentOf("canceled"));
    await expect(undo()).rejects.toThrow();
  },
);

test("a disputed payment cannot be given back: it is left to an operator", async () => {
  wire.answer(unexpectedState(intentOf("succeeded")), no("charge_disputed"));
  await expect(undo()).rejects.toThrow();
});
