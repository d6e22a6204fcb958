import { hmacValidator } from "@adyen/api-library";
import { hasError, parsePix } from "pix-utils";
import { expect, test } from "vitest";
import { localKeys } from "../../scripts/machine/local-keys.ts";
import { eventually } from "../eventually.ts";
import { cardPayment, merchantAccount, openAdyen } from "../specs/adyen-alone.ts";
import { whyNot } from "../specs/simulators-alone.ts";

const SOON = { withinMs: 10_000 };
const adyen = await openAdyen();
const { door, key, ledgerOf, receiver, set, toldOf } = adyen;
const { PaymentsApi: payments, ModificationsApi: modifications } = adyen.checkout;

const modification = (value: number, reference = "mod_1") => ({
  merchantAccount,
  reference,
  amount: { value, currency: "EUR" },
});

const heard = (pspReference: string, ...expected: string[]): Promise<string[]> =>
  eventually(
    async () => toldOf(pspReference),
    (told) => expected.every((each) => told.includes(each)),
    SOON,
  );

async function held(reference: string, card: { holderName?: string; number?: string } = {}) {
  const { pspReference = "" } = await payments.payments(cardPayment(reference, card), key());
  return pspReference;
}

async function refunded(reference: string, holderName: string): Promise<string> {
  const psp = await held(reference, { holderName });
  await modifications.captureAuthorisedPayment(psp, modification(1299), key());
  await modifications.refundCapturedPayment(psp, modification(300, "refund_1"), key());
  return psp;
}

test("a card is authorised, captured in parts and refunded, never beyond what was captured", async () => {
  const answer = await payments.payments(cardPayment("chk_sale"), key());
  expect(answer).toMatchObject({ resultCode: "Authorised", merchantReference: "chk_sale" });
  const psp = answer.pspReference ?? "";

  expect(
    await modifications.captureAuthorisedPayment(psp, modification(1000), key()),
  ).toMatchObject({ status: "received", paymentPspReference: psp, reference: "mod_1" });
  await modifications.captureAuthorisedPayment(psp, modification(300, "mod_2"), key());
  await modifications.refundCapturedPayment(psp, modification(400, "mod_3"), key());
  await modifications.refundCapturedPayment(psp, modification(601, "mod_4"), key());

  const told = await heard(psp, "CAPTURE true", "CAPTURE false", "REFUND true", "REFUND false");
  expect(told.toSorted()).toEqual([
    "AUTHORISATION true",
    "CAPTURE false",
    "CAPTURE true",
    "REFUND false",
    "REFUND true",
  ]);
  expect(await ledgerOf("chk_sale")).toMatchObject([
    {
      reference: "chk_sale",
      pspReference: psp,
      status: "captured",
      amountAuthorised: 1299,
      amountCaptured: 1000,
      amountRefunded: 400,
      amountCancelled: 0,
      modifications: [
        { kind: "capture", amount: 1000, status: "done", reference: "mod_1" },
        { kind: "capture", amount: 300, status: "refused" },
        { kind: "refund", amount: 400, status: "done" },
        { kind: "refund", amount: 601, status: "refused" },
      ],
    },
  ]);
});

test("every item is signed as the official library verifies, and a batch carries several", async () => {
  await set({ webhookBatch: 5, webhooks: { mode: "reordered" } });
  const psp = await held("chk_signed");
  await modifications.captureAuthorisedPayment(psp, modification(1299), key());
  await heard(psp, "AUTHORISATION true", "CAPTURE true");

  const batch = receiver.deliveries.find(({ raw }) => raw.includes("chk_signed"));
  expect(batch?.items.map(({ eventCode }) => eventCode)).toEqual(["CAPTURE", "AUTHORISATION"]);
  const validator = new hmacValidator();
  for (const { raw } of receiver.deliveries) {
    for (const { NotificationRequestItem: item } of JSON.parse(raw).notificationItems) {
      expect(validator.validateHMAC(item, localKeys.ADYEN_HMAC_KEY)).toBe(true);
    }
  }
});

test("a refusal has its reason and code, and some are worth another try", async () => {
  for (const [holderName, resultCode, refusalReasonCode, refusalReason] of [
    ["DECLINED", "Refused", "2", "Refused"],
    ["ERROR", "Error", "4", "Acquirer Error"],
    ["CARD_EXPIRED", "Refused", "6", "Expired Card"],
    ["ISSUER_UNAVAILABLE", "Refused", "9", "Issuer Unavailable"],
    ["NOT_ENOUGH_BALANCE : 51 : Insufficient funds", "Refused", "12", "Not enough balance"],
    ["FRAUD", "Refused", "20", "FRAUD"],
  ] as const) {
    const answer = await payments.payments(cardPayment("chk_no", { holderName }), key());
    expect(answer).toMatchObject({ resultCode, refusalReasonCode, refusalReason });
    await heard(answer.pspReference ?? "", "AUTHORISATION false");
  }
  const additionalData = { manualCapture: "true", RequestedTestAcquirerResponseCode: "6" };
  const request = { ...cardPayment("chk_no"), additionalData };
  expect(await payments.payments(request, key())).toMatchObject({ refusalReasonCode: "6" });
});

test("what has been captured cannot be cancelled, and what has been cancelled cannot be captured", async () => {
  const psp = await held("chk_cancel");
  const mine = { merchantAccount, reference: "void_1" };
  await modifications.cancelAuthorisedPaymentByPspReference(psp, mine, key());
  await modifications.captureAuthorisedPayment(psp, modification(1299), key());
  await heard(psp, "CANCELLATION true", "CAPTURE false");
  expect(await ledgerOf("chk_cancel")).toMatchObject([
    { status: "cancelled", amountAuthorised: 1299, amountCaptured: 0, amountCancelled: 1299 },
  ]);

  const captured = await held("chk_captured");
  await modifications.captureAuthorisedPayment(captured, modification(1299), key());
  await modifications.cancelAuthorisedPaymentByPspReference(captured, mine, key());
  await heard(captured, "CAPTURE true", "CANCELLATION false");
  await modifications.refundOrCancelPayment(captured, mine, key());
  await heard(captured, "CANCEL_OR_REFUND true");
  const item = receiver.deliveries
    .flatMap(({ items }) => items)
    .find(({ eventCode }) => eventCode === "CANCEL_OR_REFUND");
  expect(item?.additionalData).toMatchObject({ "modification.action": "refund" });
  expect(await ledgerOf("chk_captured")).toMatchObject([{ amountRefunded: 1299 }]);
});

test("a payment is cancelled by the merchant's own reference, and one that is not there is told so", async () => {
  const psp = await held("chk_technical");
  const cancel = (paymentReference: string) =>
    modifications.cancelAuthorisedPayment({ merchantAccount, paymentReference }, key());
  expect(await cancel("chk_technical")).toMatchObject({ status: "received" });
  await heard(psp, "TECHNICAL_CANCEL true");
  const { pspReference = "" } = await cancel("chk_never");
  await heard(pspReference, "TECHNICAL_CANCEL false");
  expect(await ledgerOf("chk_technical")).toMatchObject([
    { status: "cancelled", amountAuthorised: 1299, amountCancelled: 1299 },
  ]);

  const waiting = cardPayment("chk_waiting", { number: "5201281505129736" });
  await payments.payments(waiting, key());
  await cancel("chk_waiting");
  expect(await ledgerOf("chk_waiting")).toMatchObject([
    { status: "cancelled", amountAuthorised: 0, amountCancelled: 0 },
  ]);
});

test("a hold's amount is changed, and then captured to the new amount", async () => {
  const psp = await held("chk_adjust");
  expect(await modifications.updateAuthorisedAmount(psp, modification(2000), key())).toMatchObject({
    status: "received",
  });
  await modifications.captureAuthorisedPayment(psp, modification(2000), key());
  await heard(psp, "AUTHORISATION_ADJUSTMENT true", "CAPTURE true");
});

test("captures and refunds that were accepted bounce later, and the ledger takes them back", async () => {
  await set({ refundSettleMs: 100 });
  const bounced = await held("chk_bounced", { holderName: "capture failed" });
  await modifications.captureAuthorisedPayment(bounced, modification(1299), key());
  await heard(bounced, "CAPTURE true", "CAPTURE_FAILED true");
  expect(await ledgerOf("chk_bounced")).toMatchObject([
    { status: "authorised", amountCaptured: 0 },
  ]);

  const back = await refunded("chk_back", "refund failed");
  await heard(back, "REFUND true", "REFUND_FAILED true");
  expect(await ledgerOf("chk_back")).toMatchObject([{ amountCaptured: 1299, amountRefunded: 0 }]);

  const refused = await held("chk_capture_refused", { holderName: "sim capture refused" });
  await modifications.captureAuthorisedPayment(refused, modification(1299), key());
  await heard(refused, "CAPTURE false");
  await heard(await refunded("chk_refund_refused", "sim refund refused"), "REFUND false");

  const old = await held("chk_expired", { holderName: "sim expired" });
  await heard(old, "EXPIRE true");
  expect(await ledgerOf("chk_expired")).toMatchObject([{ status: "expired" }]);
});

test("a captured payment is disputed, and every step of the dispute can be told on demand", async () => {
  await set({ refundSettleMs: 100 });
  const own = await held("chk_dispute", { holderName: "sim chargeback" });
  await modifications.captureAuthorisedPayment(own, modification(1299), key());
  await heard(own, "NOTIFICATION_OF_CHARGEBACK true", "CHARGEBACK true");
  expect(await ledgerOf("chk_dispute")).toMatchObject([{ amountChargedBack: 1299 }]);

  for (const eventCode of [
    "CHARGEBACK_REVERSED",
    "SECOND_CHARGEBACK",
    "PREARBITRATION_OPEN",
    "PREARBITRATION_LOST",
    "PREARBITRATION_WON",
    "REQUEST_FOR_INFORMATION",
    "NOTIFICATION_OF_FRAUD",
  ]) {
    expect((await adyen.emit({ eventCode, merchantReference: "chk_dispute" })).status).toBe(201);
    await heard(own, `${eventCode} true`);
  }
  expect((await adyen.emit({ eventCode: "CHARGEBACK", pspReference: "NONE" })).status).toBe(400);
});

test("a report is announced and downloaded with credentials: a line per booking", async () => {
  const psp = await refunded("chk_report", "A. Shopper");
  expect((await adyen.emit({ eventCode: "REPORT_AVAILABLE" })).status).toBe(201);
  const item = await eventually(
    async () =>
      receiver.deliveries
        .flatMap(({ items }) => items)
        .find(({ eventCode }) => eventCode === "REPORT_AVAILABLE"),
    (found) => found !== undefined,
    SOON,
  );
  const url = item?.reason ?? "";
  expect((await fetch(url)).status).toBe(401);
  const csv = await (await fetch(url, { headers: { "X-API-Key": "any" } })).text();
  const lines = csv.split("\r\n").filter((line) => line.includes(psp));
  expect(lines.map((line) => line.split(",")[7])).toEqual(["Settled", "Refunded"]);
  expect(lines[0]).toContain(",EUR,,12.99,1,EUR,,12.76,0.23,");
  const disputed = csv.split("\r\n").filter((line) => line.includes(",chk_dispute,"));
  expect(disputed.map((line) => line.split(",")[7])).toEqual([
    "Settled",
    "Chargeback",
    "ChargebackReversed",
    "SecondChargeback",
    "ChargebackReversed",
  ]);
});

test("a shopper approves or declines 3-D Secure, and the shop finishes the payment", async () => {
  for (const [outcome, resultCode, status] of [
    ["approve", "Authorised", "authorised"],
    ["decline", "Refused", "refused"],
  ] as const) {
    const reference = `chk_3ds_${outcome}`;
    const answer = await payments.payments(
      cardPayment(reference, { number: "5201281505129736" }),
      key(),
    );
    expect(answer).toMatchObject({ resultCode: "RedirectShopper", action: { type: "redirect" } });
    expect(answer.pspReference).toBeUndefined();
    const url = (answer.action as { url?: string }).url ?? "";
    expect(await (await fetch(url)).text()).toContain("12.99 EUR");
    await fetch(url, { method: "POST", body: new URLSearchParams({ outcome: "abandon" }) });

    const body = new URLSearchParams({ outcome });
    const back = await fetch(url, { method: "POST", redirect: "manual", body });
    const location = new URL(back.headers.get("location") ?? "");
    expect(location.searchParams.get("from")).toBe("bank");
    const redirectResult = location.searchParams.get("redirectResult") ?? "";

    const finish = () => payments.paymentsDetails({ details: { redirectResult } }, key());
    expect(await finish()).toMatchObject({ resultCode, merchantReference: reference });
    expect(await finish()).toMatchObject({ resultCode });
    expect(await ledgerOf(reference)).toMatchObject([{ status }]);
  }
  const forged = { details: { redirectResult: `${merchantAccount}~GUESSED.SECRET` } };
  expect(await whyNot(payments.paymentsDetails(forged, key()))).toMatchObject({ statusCode: 422 });
});

test("local methods are paid at the bank, by code or too late, and are captured at once", async () => {
  const pay = async (reference: string, over: object) => {
    const request = { ...cardPayment(reference), ...over };
    const answer = await payments.payments(request as never, key());
    return { answer, url: (answer.action as { url?: string }).url ?? "" };
  };
  const act = (url: string, outcome: string) =>
    fetch(url, { method: "POST", redirect: "manual", body: new URLSearchParams({ outcome }) });
  const pixOf = {
    amount: { value: 5000, currency: "BRL" },
    countryCode: "BR",
    shopperName: { firstName: "Ana", lastName: "Souza" },
    socialSecurityNumber: "111.444.777-35",
    paymentMethod: { type: "pix" },
  };
  const rupees = { amount: { value: 49900, currency: "INR" } };

  const ideal = await pay("chk_ideal", { paymentMethod: { type: "ideal" } });
  expect(ideal.answer.resultCode).toBe("RedirectShopper");
  await act(ideal.url, "approve");
  expect(await ledgerOf("chk_ideal")).toMatchObject([{ status: "captured", amountCaptured: 1299 }]);

  const wero = await pay("chk_wero", { paymentMethod: { type: "wero" }, countryCode: "DE" });
  expect(wero.answer.action).toMatchObject({ type: "redirect", paymentMethodType: "wero" });
  expect(await (await fetch(wero.url)).text()).toContain("Wero payment");
  await act(wero.url, "approve");
  expect(await ledgerOf("chk_wero")).toMatchObject([{ status: "captured", amountCaptured: 1299 }]);

  const intent = await pay("chk_upi", { ...rupees, paymentMethod: { type: "upi_intent" } });
  await act(intent.url, "decline");
  expect(await ledgerOf("chk_upi")).toMatchObject([{ status: "refused", amountCaptured: 0 }]);

  const qr = await pay("chk_upi_qr", { ...rupees, paymentMethod: { type: "upi_qr" } });
  expect(qr.answer.action).toMatchObject({ type: "qrCode", paymentMethodType: "upi_qr" });
  expect((qr.answer.action as { qrCodeData?: string }).qrCodeData).toContain("am=499.00");

  const pix = await pay("chk_pix", pixOf);
  expect(pix.answer).toMatchObject({ resultCode: "Pending" });
  const code = parsePix((pix.answer.action as { qrCodeData?: string }).qrCodeData ?? "");
  expect(hasError(code)).toBe(false);
  await act(pix.url, "expire");
  await heard(pix.answer.pspReference ?? "", "OFFER_CLOSED true");
  expect(await ledgerOf("chk_pix")).toMatchObject([{ status: "offer_closed", amountCaptured: 0 }]);
  expect(await (await act(pix.url, "pay")).text()).toContain("captured");
  await heard(pix.answer.pspReference ?? "", "AUTHORISATION true");
  expect(await ledgerOf("chk_pix")).toMatchObject([{ status: "captured", amountCaptured: 5000 }]);
});

test("an offer closes when its time is over on the account's clock", async () => {
  const request = { ...cardPayment("chk_late"), paymentMethod: { type: "ideal" } };
  await payments.payments(request as never, key());
  await set({ clockShiftMs: 2 * 3_600_000 });
  expect(await ledgerOf("chk_late")).toMatchObject([{ status: "offer_closed" }]);
});

test("requests that Adyen would not take are refused by code", async () => {
  const create = (over: object, method: object = {}) => {
    const request = cardPayment("chk_wrong");
    const paymentMethod = { ...request.paymentMethod, ...method };
    return whyNot(payments.payments({ ...request, paymentMethod, ...over } as never, key()));
  };
  for (const [error, statusCode, errorCode] of [
    [await create({ amount: undefined }), 422, "100"],
    [await create({ amount: { value: 0, currency: "EUR" } }), 422, "137"],
    [await create({ amount: { value: 1, currency: "XXQ" } }), 422, "138"],
    [await create({ reference: undefined }), 422, "130"],
    [await create({ returnUrl: undefined }), 422, "14_030"],
    [await create({ merchantAccount: undefined }), 403, "901"],
    [await create({}, { number: "4111111111111111" }), 403, "010"],
    [await create({}, { encryptedCardNumber: "adyenjs_0_1_18$abc" }), 422, "174"],
    [await create({}, { encryptedCardNumber: "test_1" }), 422, "101"],
    [await whyNot(modifications.captureAuthorisedPayment("NONE", modification(1))), 422, "167"],
  ] as const) {
    expect(error).toMatchObject({ statusCode, errorCode });
  }
  const unknown = await fetch(`${adyen.url}/adyen/v72/payments`, {
    method: "POST",
    headers: { "X-API-Key": "any" },
    body: JSON.stringify({ ...cardPayment("chk_wrong"), ammount: {} }),
  });
  expect(unknown.status).toBe(400);
  expect(await unknown.json()).toMatchObject({ errorCode: "702" });
  const noKey = await fetch(`${adyen.url}/adyen/v71/payments`, { method: "POST", body: "{}" });
  expect([noKey.status, await noKey.json()]).toMatchObject([401, { errorCode: "000" }]);
  expect(await ledgerOf("chk_wrong")).toEqual([]);
});

test("methods are offered by currency", async () => {
  const offered = async (currency: string) => {
    const answer = await payments.paymentMethods({
      merchantAccount,
      amount: { value: 1, currency },
    });
    return answer.paymentMethods?.map(({ type }) => type);
  };
  expect(await offered("BRL")).toEqual(["scheme", "pix"]);
  expect(await offered("EUR")).toEqual(["scheme", "ideal", "wero"]);
});

test("every request, answer and webhook of these stories fits Adyen's schemas", async () => {
  expect(adyen.exchanges.length).toBeGreaterThan(30);
  expect(adyen.wireProblems()).toEqual([]);
  expect((await door("")).status).toBe(404);
  expect(await (await fetch(`${adyen.url}/_simulator/adyen`)).text()).toContain("chk_late");
});
