import { expect, test } from "vitest";
import { Unrepeatable } from "../../schema/outcome.ts";
import {
  amount,
  callOf,
  heard,
  openAdyenForFile,
  PSP,
  reference,
  request,
  secured,
} from "./testing/adyen-fixtures.ts";

const adyen = await openAdyenForFile();

const { card: _card, ...cardLost } = request;

test("a card is held, to be captured by hand, and its encrypted fields pass through", async () => {
  adyen.answer({ resultCode: "Authorised", pspReference: PSP, merchantReference: reference });

  expect(await adyen.provider.authorize(request, callOf())).toEqual(secured);
  expect(adyen.asked).toHaveLength(1);
  expect(adyen.asked[0]).toMatchObject({
    path: "/payments",
    key: request.key,
    body: {
      amount: { value: 1789, currency: "EUR" },
      merchantAccount: "TestMerchant",
      reference,
      paymentMethod: request.card,
      additionalData: { manualCapture: "true" },
      origin: "https://shop.example.com",
    },
  });
});

test("a repeat has the same key and the same bytes", async () => {
  adyen.answerText("", 500);
  adyen.answer({ resultCode: "Authorised", pspReference: PSP });

  await expect(adyen.provider.authorize(request, callOf())).rejects.toThrow(/500/);
  const later = callOf([], { nthTry: 2, afterMs: 9_000 });
  expect(await adyen.provider.authorize(structuredClone(request), later)).toEqual(secured);
  const [first, second] = adyen.asked;
  expect(second).toEqual(first);
});

test.each([
  [
    { resultCode: "Refused", refusalReason: "Not enough balance", refusalReasonCode: "12" },
    "not_enough_balance",
    undefined,
  ],
  [
    { resultCode: "Refused", refusalReason: "Issuer Unavailable", refusalReasonCode: "9" },
    "issuer_unavailable",
    true,
  ],
  [
    { resultCode: "Error", refusalReason: "Acquirer Error", refusalReasonCode: "4" },
    "acquirer_error",
    true,
  ],
  [{ resultCode: "Cancelled" }, "cancelled", undefined],
] as const)("%o is a decline", async (answer, reason, retryable) => {
  adyen.answer({ pspReference: PSP, ...answer });
  expect(await adyen.provider.authorize(request, callOf())).toEqual({
    refused: "payment_declined",
    detail: { reason, provider: "adyen", ...(retryable ? { retryable } : {}) },
  });
});

const nonsense = [
  { status: 502, body: "<html>Bad gateway</html>" },
  { status: 503, body: "{}" },
  { status: 200, body: "" },
  { status: 200, body: "[]" },
  { status: 200, body: "null" },
  { status: 200, body: "{}" },
  { status: 200, body: '{"resultCode":"Authorised"' },
  { status: 200, body: '{"resultCode":"Authorised"}' },
  { status: 200, body: '{"resultCode":"AuthenticationFinished","pspReference":"x"}' },
  { status: 200, body: '{"resultCode":"Received","pspReference":"x"}' },
  { status: 200, body: '{"resultCode":"Sunshine","pspReference":"x"}' },
  { status: 400, body: "<html>" },
  { status: 404, body: "{}" },
  { status: 307, body: "{}" },
  { status: 429, body: '{"status":429,"errorCode":"429"}' },
  { status: 401, body: '{"status":401,"errorCode":"000","errorType":"security"}' },
  { status: 403, body: '{"status":403,"errorCode":"901","errorType":"security"}' },
  { status: 409, body: '{"status":409,"errorCode":"704","errorType":"validation"}' },
  { status: 422, body: '{"status":422,"errorCode":"704","errorType":"validation"}' },
  { status: 500, body: '{"status":500,"errorCode":"905","errorType":"internal"}' },
];

test.each(nonsense)("authorize takes $status $body for no answer", async ({ status, body }) => {
  adyen.answerText(body, status);
  await expect(adyen.provider.authorize(request, callOf())).rejects.toThrow();
});

test.each(nonsense)("capture takes $status $body for no answer", async ({ status, body }) => {
  adyen.answerText(body, status);
  await expect(adyen.provider.capture(capture, callOf())).rejects.toThrow();
});

test.each(nonsense)("a refund takes $status $body for no answer", async ({ status, body }) => {
  adyen.answerText(body, status);
  await expect(adyen.provider.refund(capture, callOf())).rejects.toThrow();
});

test.each(nonsense)("a void takes $status $body for no answer", async ({ status, body }) => {
  adyen.answerText(body, status);
  await expect(adyen.provider.resolveAndVoid(request, secured, callOf())).rejects.toThrow();
});

test.each([
  [400, "702", "invalid_request_702"],
  [422, "14_030", "invalid_request_14_030"],
  [422, "101", "invalid_card_number"],
  [422, "138", "invalid_request_138"],
])("a call refused with %i/%s moved no money", async (status, errorCode, reason) => {
  const error = { status, errorCode, errorType: "validation", message: "what was sent" };
  adyen.answer(error, status);
  expect(await adyen.provider.authorize(request, callOf())).toMatchObject({ detail: { reason } });
  adyen.answer(error, status);
  expect(await adyen.provider.capture(capture, callOf())).toEqual({ capture: "refused", reason });
});

test("an authorization over another amount is a bug that holds no sale", async () => {
  adyen.answer({
    resultCode: "Authorised",
    pspReference: PSP,
    amount: { value: 1, currency: "EUR" },
  });
  await expect(adyen.provider.authorize(request, callOf())).rejects.toThrow(/what was asked for/);
});

test("while the reply stays lost, the webhook answers", async () => {
  adyen.answerText("", 500);
  const told = callOf([heard("AUTHORISATION")], { nthTry: 1 });
  expect(await adyen.provider.authorize(request, told)).toEqual(secured);
  const again = callOf([heard("AUTHORISATION")], { nthTry: 2 });
  expect(await adyen.provider.authorize(request, again)).toEqual(secured);
  expect(adyen.asked).toHaveLength(1);
});

test("a refusal and then an authorization are an authorization, in either order", async () => {
  const no = heard("AUTHORISATION", { success: false });
  const yes = heard("AUTHORISATION");
  for (const notices of [
    [no, yes],
    [yes, no],
    [yes, yes, no, no],
  ]) {
    const call = callOf(notices, { nthTry: 2 });
    expect(await adyen.provider.authorize(cardLost, call)).toEqual(secured);
  }
});

test("another attempt's webhook is none of ours", async () => {
  const other = heard("AUTHORISATION", {
    ourReference: `${reference}1`,
    reference: "X",
    about: "X",
  });
  await expect(adyen.provider.authorize(cardLost, callOf([other], { nthTry: 2 }))).rejects.toThrow(
    /card is gone/,
  );
});

test("a card that a crash took before it was sent is a decline that another provider may take", async () => {
  expect(await adyen.provider.authorize(cardLost, callOf())).toEqual({
    refused: "payment_declined",
    detail: { reason: "card_lost", provider: "adyen", retryable: true },
  });
  expect(adyen.asked).toEqual([]);
});

test("a card that a crash took after it was sent waits for its webhook, and is then undone", async () => {
  const soon = callOf([], { nthTry: 2, afterMs: 29_999 });
  const error: unknown = await adyen.provider.authorize(cardLost, soon).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(Unrepeatable);
  const late = callOf([], { nthTry: 3, afterMs: 30_000 });
  await expect(adyen.provider.authorize(cardLost, late)).rejects.toThrow(Unrepeatable);
  const no = callOf([heard("AUTHORISATION", { success: false })], { nthTry: 3, afterMs: 30_000 });
  expect(await adyen.provider.authorize(cardLost, no)).toMatchObject({
    refused: "payment_declined",
  });
});

test("after six days a key is not sent again: only the webhooks tell", async () => {
  const afterMs = 6 * 86_400_000 + 1;
  const silent = callOf([], { nthTry: 9, afterMs });
  await expect(adyen.provider.authorize(request, silent)).rejects.toThrow(Unrepeatable);
  await expect(adyen.provider.capture(capture, silent)).rejects.toThrow(Unrepeatable);
  const told = callOf([heard("AUTHORISATION")], { nthTry: 9, afterMs });
  expect(await adyen.provider.authorize(request, told)).toEqual(secured);
  expect(adyen.asked).toEqual([]);
});

test("a part of the sum is no sale: it goes back first, and then it is a no", async () => {
  const partial = { resultCode: "PartiallyAuthorised", pspReference: PSP };
  adyen.answer(partial);
  adyen.answer(received(), 201);
  await expect(adyen.provider.authorize(request, callOf())).rejects.toThrow(/has not told/);
  expect(adyen.asked.map(({ path }) => path)).toEqual(["/payments", `/payments/${PSP}/cancels`]);
  const part = { amountMinor: 500, currency: "EUR" };
  const told = [heard("AUTHORISATION", { amount: part }), heard("CANCELLATION")];
  adyen.answer(partial);
  expect(await adyen.provider.authorize(request, callOf(told, { nthTry: 2 }))).toMatchObject({
    refused: "payment_declined",
  });
});

function received(more: object = {}) {
  const status = { status: "received", pspReference: "MOD1", merchantAccount: "TestMerchant" };
  return { ...status, paymentPspReference: PSP, ...more };
}

const capture = { ...request, key: "1".repeat(64), secured, amount, n: 1, isLast: true };
const captureReference = `${reference}_c1`;

test("a capture is pending until its webhook tells", async () => {
  adyen.answer(received({ amount: { value: 1789, currency: "EUR" } }), 201);
  expect(await adyen.provider.capture(capture, callOf())).toEqual({
    capture: "pending",
    reference: "MOD1",
  });
  expect(adyen.asked[0]).toMatchObject({
    path: `/payments/${PSP}/captures`,
    key: capture.key,
    body: { reference: captureReference, amount: { value: 1789, currency: "EUR" } },
  });
});

const captured = { capture: "captured", amount };
test.each([
  ["nothing", [], { capture: "pending", reference: "MOD1" }],
  ["done, by Adyen's name", [heard("CAPTURE", { about: "MOD1" })], captured],
  ["done, by ours", [heard("CAPTURE", { ourReference: captureReference })], captured],
  ["another's", [heard("CAPTURE", { about: "MOD2" })], { capture: "pending", reference: "MOD1" }],
  [
    "refused",
    [heard("CAPTURE", { about: "MOD1", success: false })],
    { capture: "refused", reason: "capture_refused" },
  ],
  [
    "refused and then done",
    [heard("CAPTURE", { about: "MOD1", success: false }), heard("CAPTURE", { about: "MOD1" })],
    captured,
  ],
  [
    "bounced, before it was told as done",
    [heard("CAPTURE_FAILED", { about: "MOD1" }), heard("CAPTURE", { about: "MOD1" })],
    { capture: "refused", reason: "capture_failed" },
  ],
] as const)("of a pending capture is heard: %s", async (_name, notices, result) => {
  expect(await adyen.provider.captureOutcome(capture, "MOD1", callOf(notices))).toEqual(result);
});

test("a capture whose webhook came before its reply is not sent again", async () => {
  const call = callOf([heard("CAPTURE", { ourReference: captureReference })], { nthTry: 2 });
  expect(await adyen.provider.capture(capture, call)).toEqual(captured);
  expect(adyen.asked).toEqual([]);
});

test("a capture over another amount is a bug, not a capture", async () => {
  const other = { amountMinor: 1, currency: "EUR" };
  const call = callOf([heard("CAPTURE", { about: "MOD1", amount: other })]);
  await expect(adyen.provider.captureOutcome(capture, "MOD1", call)).rejects.toThrow(/asked for/);
});

test("a refund is pending, then done, and none when it bounces", async () => {
  const refund = { ...request, key: "2".repeat(64), secured, amount, n: 2 };
  adyen.answer(received(), 201);
  expect(await adyen.provider.refund(refund, callOf())).toEqual({
    refund: "pending",
    reference: "MOD1",
  });
  expect(adyen.asked[0]).toMatchObject({
    path: `/payments/${PSP}/refunds`,
    body: { reference: `${reference}_r2` },
  });
  const done = heard("REFUND", { about: "MOD1" });
  expect(await adyen.provider.refundOutcome(refund, "MOD1", callOf([done]))).toEqual({
    refund: "refunded",
    amount,
    reference: "MOD1",
  });
  const bounced = callOf([heard("REFUND_FAILED", { about: "MOD1" }), done]);
  expect(await adyen.provider.refundOutcome(refund, "MOD1", bounced)).toEqual({
    refund: "refused",
    reason: "refund_failed",
  });
});

test.each([
  ["ideal", { type: "ideal", checkoutAttemptId: "do-not-track", sdkData: "eyJhIjoxfQ==" }],
  ["pix", { type: "pix", sdkData: "eyJhIjoxfQ==" }],
  ["upi", { type: "upi_intent", appId: "gpay", sdkData: "eyJhIjoxfQ==" }],
  ["upi", { type: "upi_qr", sdkData: "eyJhIjoxfQ==" }],
] as const)("what Adyen's component says of %s is passed on as it is: %j", async (method, card) => {
  adyen.answer({ resultCode: "Refused", pspReference: PSP });
  await adyen.provider.authorize({ ...request, method, card, isOfComponent: true }, callOf());
  expect(adyen.asked[0]).toMatchObject({ body: { paymentMethod: card } });
});

test("a method begun with the component's data is not sent anew without it", async () => {
  const ideal = { ...cardLost, method: "ideal", isOfComponent: true } as const;
  const again = callOf([], { nthTry: 2 });
  await expect(adyen.provider.authorize(ideal, again)).rejects.toThrow(/is gone/);
  expect(adyen.asked).toEqual([]);
});
