import { expect, test } from "vitest";
import type { Authorization, AuthorizeRequest } from "../provider.ts";
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

const { card: _card, details: _details, ...base } = request;
const page = "https://checkoutshopper-test.adyen.com/checkoutshopper/checkoutPaymentRedirect?x=1";
const redirect = (type: string, url = page) => ({
  resultCode: "RedirectShopper",
  action: { type: "redirect", paymentMethodType: type, method: "GET", url },
});

test("3-D Secure sends the shopper away, by redirect", async () => {
  adyen.answer(redirect("scheme"));
  expect(await adyen.provider.authorize(request, callOf())).toEqual({
    ...{ provider: "adyen", method: "card", amount },
    shopper: { type: "redirect", url: page },
  });
  expect(adyen.asked[0]?.body).toMatchObject({
    authenticationData: { threeDSRequestData: { nativeThreeDS: "disabled" } },
    browserInfo: { userAgent: "Mozilla/5.0" },
    returnUrl: request.returnUrl,
    channel: "Web",
  });
});

test("a card that wants its shopper is declined where there is no way back", async () => {
  const { returnUrl: _none, ...nowhere } = request;
  adyen.answer(redirect("scheme"));
  expect(await adyen.provider.authorize(nowhere, callOf())).toMatchObject({
    detail: { reason: "authentication_required" },
  });
});

test("iDEAL sends the shopper to the bank, and names itself once it is paid", async () => {
  const ideal: AuthorizeRequest = { ...base, method: "ideal" };
  adyen.answer(redirect("ideal"));
  const authorization = await adyen.provider.authorize(ideal, callOf());
  expect(authorization).toEqual({
    ...{ provider: "adyen", method: "ideal", amount },
    shopper: { type: "redirect", url: page },
  });
  expect(adyen.asked[0]?.body).toMatchObject({ paymentMethod: { type: "ideal" } });
  expect(adyen.asked[0]?.body).not.toHaveProperty("additionalData");
});

test("Pix shows a QR code that ends with our offer", async () => {
  const pix: AuthorizeRequest = {
    ...base,
    method: "pix",
    amount: { amountMinor: 1789, currency: "BRL" },
    details: { cpf: "568.617.525-09" },
    shopper: { email: "jose@example.com", name: "José da Silva", country: "BR" },
  };
  const action = { type: "qrCode", qrCodeData: "00020126", expiresAt: "2023-11-14T22:25:20Z" };
  adyen.answer({ resultCode: "Pending", pspReference: PSP, action });
  expect(await adyen.provider.authorize(pix, callOf())).toEqual({
    ...{ provider: "adyen", method: "pix", reference: PSP, amount: pix.amount },
    shopper: { type: "qr", data: "00020126", expiresAt: "2023-11-14T22:25:20.000Z" },
  });
  expect(adyen.asked[0]?.body).toMatchObject({
    amount: { value: 1789, currency: "BRL" },
    paymentMethod: { type: "pix" },
    countryCode: "BR",
    shopperName: { firstName: "José", lastName: "da Silva" },
    socialSecurityNumber: "56861752509",
    sessionValidity: "2023-11-14T22:25:20.000Z",
  });
});

const upi = { ...base, method: "upi", shopper: { email: "a@example.com", country: "IN" } } as const;

test("UPI opens the app that the shopper named, and else shows a QR code", async () => {
  const link = "upi://pay?pa=adyen@icici&am=17.89&cu=INR";
  adyen.answer({ ...redirect("upi_intent", link), resultCode: "Pending", pspReference: PSP });
  expect(
    await adyen.provider.authorize({ ...upi, details: { app: "gpay" } }, callOf()),
  ).toMatchObject({ shopper: { type: "app", url: link } });
  const action = { type: "qrCode", qrCodeData: link, expiresAt: "soon" };
  adyen.answer({ resultCode: "Pending", pspReference: PSP, action });
  expect(await adyen.provider.authorize(upi, callOf())).toMatchObject({
    shopper: { type: "qr", data: link },
  });
  expect(adyen.asked.map(({ body }) => body.paymentMethod)).toEqual([
    { type: "upi_intent", appId: "gpay" },
    { type: "upi_qr" },
  ]);
});

test("a name of one word is both of Adyen's names, and none is not made up", async () => {
  const pix: AuthorizeRequest = {
    ...base,
    method: "pix",
    shopper: { ...base.shopper, name: "Pelé" },
  };
  const { name: _none, ...nameless } = base.shopper;
  for (const shopper of [pix.shopper, nameless]) {
    adyen.answerText("", 500);
    await expect(adyen.provider.authorize({ ...pix, shopper }, callOf())).rejects.toThrow();
  }
  const names = adyen.asked.map(({ body }) => body.shopperName);
  expect(names).toEqual([{ firstName: "Pelé", lastName: "Pelé" }, undefined]);
});

test.each([
  ["a form to post", { type: "redirect", method: "POST", url: page, data: { MD: "x" } }],
  ["a wait", { type: "await", paymentData: "x" }],
  ["a QR code without data", { type: "qrCode", url: page }],
  ["no address", { type: "redirect", method: "GET", url: "nowhere" }],
])("what a storefront cannot show is no shopper's step: %s", async (_name, action) => {
  adyen.answer({ resultCode: "Pending", pspReference: PSP, action });
  await expect(adyen.provider.authorize(request, callOf())).rejects.toThrow(/not decided/);
});

const waiting: Authorization = {
  ...{ provider: "adyen", method: "ideal", amount },
  shopper: { type: "redirect", url: page },
};
const waitingCard: Authorization = { ...waiting, method: "card" };
const no = { success: false };
const paid = { shopper: "confirmed", secured: { ...secured, method: "ideal", isCaptured: true } };
const declined = (reason: string) => ({
  refused: "payment_declined",
  detail: { reason, provider: "adyen" },
});

test.each([
  ["nothing", [], { shopper: "awaited" }],
  ["an authorization", [heard("AUTHORISATION")], paid],
  ["a refusal", [heard("AUTHORISATION", no)], declined("refused")],
  ["a closed offer", [heard("OFFER_CLOSED")], declined("expired")],
  ["a late payment of a closed offer", [heard("OFFER_CLOSED"), heard("AUTHORISATION")], paid],
  ["a refusal and then a yes", [heard("AUTHORISATION", no), heard("AUTHORISATION")], paid],
  ["what went back", [heard("AUTHORISATION"), heard("CANCEL_OR_REFUND")], declined("cancelled")],
] as const)("the shopper's outcome is what the webhooks tell: %s", async (_name, told, outcome) => {
  expect(await adyen.provider.shopperOutcome(request, waiting, callOf(told))).toEqual(outcome);
  expect(adyen.asked).toEqual([]);
});

test("a payment of another amount is a bug that confirms nothing", async () => {
  const told = callOf([heard("AUTHORISATION", { amount: { amountMinor: 1, currency: "EUR" } })]);
  await expect(adyen.provider.shopperOutcome(request, waiting, told)).rejects.toThrow(/asked for/);
});

const proof = { redirectResult: "X6XtfGC3!Y", other: "x", details: "y" };
const returned = (more: object = {}, told = callOf()) =>
  adyen.provider.shopperReturned(request, waitingCard, {
    ...told,
    key: "3".repeat(64),
    proof,
    ...more,
  });

test("what the shopper brought back is sent in, and only that", async () => {
  adyen.answer({ resultCode: "Authorised", pspReference: PSP, merchantReference: reference });
  expect(await returned()).toEqual({ shopper: "confirmed", secured });
  expect(adyen.asked[0]).toMatchObject({
    path: "/payments/details",
    body: { details: { redirectResult: "X6XtfGC3!Y" } },
  });
  expect(adyen.asked[0]?.text).not.toContain("other");
});

test("the same proof has the same key, and another has another", async () => {
  for (const redirectResult of ["a", "a", "b"]) {
    adyen.answer({ resultCode: "Pending", merchantReference: reference });
    expect(await returned({ proof: { redirectResult } })).toEqual({ shopper: "awaited" });
  }
  const [first, second, third] = adyen.asked.map(({ key }) => key);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("a proof of another payment confirms nothing and declines nothing", async () => {
  for (const resultCode of ["Authorised", "Refused"]) {
    adyen.answer({ resultCode, pspReference: "OTHER", merchantReference: `${reference}2` });
    expect(await returned()).toEqual({ shopper: "awaited" });
    adyen.answer({ resultCode, pspReference: "OTHER" });
    expect(await returned()).toEqual({ shopper: "awaited" });
  }
});

test.each([
  [
    "failed 3-D Secure",
    { resultCode: "Refused", refusalReason: "3D Not Authenticated" },
    declined("3d_not_authenticated"),
  ],
  ["the shopper's no", { resultCode: "Cancelled" }, declined("cancelled")],
  ["a bank that takes its time", { resultCode: "Received" }, { shopper: "awaited" }],
])("a returned shopper meets %s", async (_name, answer, outcome) => {
  adyen.answer({ pspReference: PSP, merchantReference: reference, ...answer });
  expect(await returned()).toEqual(outcome);
});

test("a proof that Adyen does not know says nothing of the payment", async () => {
  adyen.answer({ status: 422, errorCode: "14_008", errorType: "validation" }, 422);
  expect(await returned()).toEqual({ shopper: "awaited" });
});

test("a lost reply to a returned shopper is unknown", async () => {
  adyen.answerText("", 502);
  await expect(returned()).rejects.toThrow();
});

test.each([
  ["no proof", { proof: {} }],
  ["an empty one", { proof: { redirectResult: "" } }],
  ["one that is too long", { proof: { redirectResult: "x".repeat(20_001) } }],
  ["a name that every object has", { proof: Object.create({ redirectResult: "x" }) }],
])("a shopper who brings %s is asked nothing of", async (_name, more) => {
  expect(await returned(more)).toEqual({ shopper: "awaited" });
  expect(adyen.asked).toEqual([]);
});

test("a shopper who comes back after the webhook is not sent in again", async () => {
  expect(await returned({}, callOf([heard("AUTHORISATION")]))).toEqual({
    shopper: "confirmed",
    secured,
  });
  expect(adyen.asked).toEqual([]);
});

test("late money is found by our reference, until it went back", async () => {
  const look = (...told: readonly ReturnType<typeof heard>[]) =>
    adyen.provider.lookUp(request, callOf(told));
  expect(await look()).toBeUndefined();
  expect(await look(heard("AUTHORISATION", no))).toBeUndefined();
  expect(await look(heard("OFFER_CLOSED"), heard("AUTHORISATION"))).toEqual(secured);
  expect(await look(heard("CANCELLATION"), heard("AUTHORISATION"))).toBeUndefined();
  expect(await look(heard("AUTHORISATION"), heard("CAPTURE"))).toEqual(secured);
  const { method: _method, ...named } = { ...request };
  expect(
    await adyen.provider.lookUp({ ...named, method: "pix" }, callOf([heard("AUTHORISATION")])),
  ).toEqual({
    ...secured,
    method: "pix",
    isCaptured: true,
  });
});

test.each([
  ["nothing", [], []],
  ["a question of the bank's, which moves nothing", ["REQUEST_FOR_INFORMATION"], []],
  ["a report of fraud, which moves nothing", ["NOTIFICATION_OF_FRAUD"], []],
  ["announced", ["NOTIFICATION_OF_CHARGEBACK"], ["open"]],
  ["taken", ["CHARGEBACK", "NOTIFICATION_OF_CHARGEBACK"], ["open"]],
  ["not defended", ["DISPUTE_DEFENSE_PERIOD_ENDED", "CHARGEBACK"], ["lost"]],
  ["won", ["CHARGEBACK_REVERSED", "CHARGEBACK"], ["won"]],
  ["lost in the second round", ["SECOND_CHARGEBACK", "CHARGEBACK_REVERSED"], ["lost"]],
  ["lost in arbitration", ["PREARBITRATION_LOST", "PREARBITRATION_OPEN"], ["lost"]],
  ["won in arbitration", ["PREARBITRATION_WON", "PREARBITRATION_OPEN", "CHARGEBACK"], ["won"]],
])("a dispute stands where its furthest stage is: %s", async (_name, types, stands) => {
  const told = types.map((type) => heard(type));
  for (const notices of [told, told.toReversed()]) {
    const disputes = await adyen.provider.disputes(secured, callOf(notices));
    expect(disputes.map(({ dispute }) => dispute)).toEqual(stands);
  }
});
