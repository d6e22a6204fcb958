/** `/payments` and `/payments/details`: what is refused before anybody is asked, and what is not. */

import { answerShopper, finishDetails, openPayment } from "./authorise.ts";
import { type Body, checkObject, inner, isBody, text, texts } from "./check.ts";
import {
  type ApiError,
  invalid,
  isError,
  malformed,
  noSuchAccount,
  rawCardData,
} from "./errors.ts";
import { newPageId, newReference } from "./ids.ts";
import type { Method, Payment } from "./payment.ts";
import { pixCode, upiCode } from "./qr.ts";
import { type Scene, sceneOf, storedScene } from "./tokens.ts";
import { paymentJson } from "./wire.ts";
import type { World } from "./world.ts";

export interface Success {
  readonly status: 200 | 201;
  readonly body: object;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OFFER_MS = 60 * MINUTE_MS; // how long a QR code or a bank's page waits when the request does not say
const CAPTURE_DELAY_HOURS_MAX = 672;
const REFERENCE_LENGTH_MAX = 80;

/** The closed object and the one currency of a method. */
const methods = {
  scheme: { details: "CardDetails", currency: null },
  ideal: { details: "IdealDetails", currency: "EUR" },
  pix: { details: "PixDetails", currency: "BRL" },
  upi_intent: { details: "UpiIntentDetails", currency: "INR" },
  upi_qr: { details: "UpiQrDetails", currency: "INR" },
} as const;

export function paymentsCall(world: World, body: Body): Success | ApiError {
  const amount = checkAmount(body) ?? checkBasics(body);
  if (amount) return amount;
  const method = checkMethod(body);
  if (typeof method !== "string") return method;
  const scene = method === "scheme" ? sceneOfCard(body) : null;
  if (scene !== null && isError(scene)) return scene;
  const payment = newPayment(world, body, { method, scene });
  const change = openPayment(payment, scene, world.moment);
  return { status: 200, body: paymentJson(world.save(change), world.origin) };
}

/** The sum of a payment or a modification. */
export function checkAmount(body: Body): ApiError | null {
  if (!isBody(body.amount)) return invalid("100", "Required field 'amount' is not provided.");
  const { value, currency } = body.amount;
  if (typeof value !== "number" || value < 1) return invalid("137", "Invalid amount specified");
  const isKnown = typeof currency === "string" && currencies.has(currency);
  return isKnown ? null : invalid("138", "Unsupported currency specified");
}

const currencies = new Set(Intl.supportedValuesOf("currency"));

function checkBasics(body: Body): ApiError | null {
  const reference = text(body, "reference");
  if (reference === "") return invalid("130", "Required field 'reference' is not provided.");
  if (reference.length > REFERENCE_LENGTH_MAX) {
    return invalid("130", `Reference has more than ${REFERENCE_LENGTH_MAX} characters`);
  }
  if (!/^https?:\/\//.test(text(body, "returnUrl"))) {
    return invalid("14_030", "Return URL is missing.");
  }
  const { captureDelayHours: hours, sessionValidity } = body;
  if (typeof hours === "number" && (hours < 0 || hours > CAPTURE_DELAY_HOURS_MAX)) {
    return invalid("159", "Invalid capture delay, out of range");
  }
  const endsMs = sessionValidity === undefined ? 0 : Date.parse(String(sessionValidity));
  return Number.isNaN(endsMs) ? malformed("Unexpected input: sessionValidity") : null;
}

function checkMethod(body: Body): Method | ApiError {
  const given = inner(body, "paymentMethod");
  const type = text(given, "type") || (given.storedPaymentMethodId ? "scheme" : "");
  if (type === "") return invalid("14_004", "Missing payment method details");
  if (!Object.hasOwn(methods, type)) {
    return invalid("905", "Payment details are not supported");
  }
  const method = type as Method;
  const { details, currency } = methods[method];
  const problem = checkObject(given, details);
  if (problem) return problem;
  if (currency !== null && inner(body, "amount").currency !== currency) {
    return invalid("905", `Payment details are not supported: ${method} takes ${currency} only`);
  }
  return method === "pix" ? (checkPix(body) ?? method) : method;
}

/** Source: https://docs.adyen.com/payment-methods/pix/api-only */
function checkPix(body: Body): ApiError | null {
  if (body.countryCode !== "BR") return invalid("158", "Country code must be BR for pix");
  const name = inner(body, "shopperName");
  if (text(name, "firstName") === "" || text(name, "lastName") === "") {
    return invalid("131", "Required field 'shopperName' is not provided.");
  }
  const number = text(body, "socialSecurityNumber").replace(/\D/g, "");
  return number.length === CPF_DIGITS || number.length === CNPJ_DIGITS
    ? null
    : invalid("161", "Invalid social security number");
}
const CPF_DIGITS = 11;
const CNPJ_DIGITS = 14;

function sceneOfCard(body: Body): Scene | ApiError {
  const card = inner(body, "paymentMethod");
  const raw = ["number", "cvc", "expiryMonth", "expiryYear"].some((field) => field in card);
  if (raw) return rawCardData;
  const stored = text(card, "storedPaymentMethodId");
  if (stored !== "") {
    return storedScene(stored) ?? invalid("800", "Contract not found");
  }
  for (const field of ["encryptedCardNumber", "encryptedExpiryMonth", "encryptedExpiryYear"]) {
    const value = text(card, field);
    if (value === "") return invalid("14_006", `Missing payment details: ${field}`);
    if (!value.startsWith("test_")) return invalid("174", "Unable to decrypt data");
  }
  const number = text(card, "encryptedCardNumber").slice("test_".length);
  const asked = inner(body, "additionalData").RequestedTestAcquirerResponseCode;
  const scene = sceneOf(number, text(card, "holderName"), String(asked ?? ""));
  return scene ?? invalid("101", "Invalid card number");
}

function newPayment(
  { moment, origin }: World,
  body: Body,
  { method, scene }: { readonly method: Method; readonly scene: Scene | null },
): Payment {
  const { nowMs } = moment;
  const account = text(body, "merchantAccount");
  const { value, currency } = inner(body, "amount");
  const pageId = newPageId(account);
  const amount = Number(value);
  const reference = text(body, "reference");
  const delay = body.captureDelayHours;
  const isManual = inner(body, "additionalData").manualCapture === "true";
  const endsMs = Date.parse(text(body, "sessionValidity"));
  const host = new URL(origin).host;
  const qrByMethod = { pix: () => pixCode(host, pageId), upi_qr: () => upiCode(amount, reference) };
  return {
    pspReference: newReference(),
    pageId,
    merchantAccount: account,
    merchantReference: reference,
    createdMs: nowMs,
    status: "pending",
    amount,
    currency: String(currency),
    method,
    brand: scene?.brand ?? method,
    quirk: scene?.quirk ?? null,
    refusal: scene?.refusal ?? null,
    manualCapture: isManual || (typeof delay === "number" && delay > 0),
    captureAtMs: typeof delay === "number" && !isManual ? nowMs + delay * HOUR_MS : null,
    returnUrl: text(body, "returnUrl"),
    metadata: texts(inner(body, "metadata")),
    qrData: method === "pix" || method === "upi_qr" ? qrByMethod[method]() : null,
    expiresMs: Number.isNaN(endsMs) ? nowMs + OFFER_MS : endsMs,
    redirectResult: null,
    authenticated: null,
    modifications: [],
    chargedBack: 0,
    idempotencyKeys: [],
  };
}

/** The result names the payment; a result that no page has given is refused. */
export function detailsCall(world: World, body: Body): Success | ApiError {
  const details = inner(body, "details");
  const result = text(details, "redirectResult") || text(details, "threeDSResult");
  if (result === "") {
    return text(details, "payload") === ""
      ? invalid("14_006", "Missing payment details: redirectResult")
      : invalid("14_002", "Invalid payload provided");
  }
  const payment = world.paymentOfPage(result.split(".")[0] ?? "");
  if (payment?.redirectResult !== result)
    return invalid("14_002", "Invalid redirectResult provided");
  const change = finishDetails(payment, world.moment);
  const { action: _, ...answer }: { action?: unknown } = paymentJson(
    change ? world.save(change) : payment,
    world.origin,
  );
  return { status: 200, body: answer };
}

/** The shopper's answer on a page. Answers the payment as it then stands, or null if there is none. */
export function shopperAnswers(world: World, pageId: string, approved: boolean): Payment | null {
  const payment = world.paymentOfPage(pageId);
  const change = payment && answerShopper(payment, approved, world.moment);
  return change ? world.save(change) : payment;
}

const names = {
  scheme: "Cards",
  ideal: "iDEAL",
  pix: "Pix",
  upi_intent: "UPI app",
  upi_qr: "UPI QR",
} as const;

/** Answers what the currency allows. */
export function paymentMethodsCall(_: World, body: Body): Success | ApiError {
  const currency = isBody(body.amount) ? body.amount.currency : null;
  const offered = (Object.keys(methods) as Method[]).filter((method) => {
    const own = methods[method].currency;
    return own === null || currency === null || own === currency;
  });
  const paymentMethods = offered.map((type) => ({
    type,
    name: names[type],
    ...(type === "scheme" ? { brands: ["visa", "mc", "amex"] } : {}),
  }));
  return { status: 200, body: { paymentMethods } };
}

/** Every call but `/payments/details` names its account in the body. */
export function accountOfBody(body: Body): string | ApiError {
  const account = text(body, "merchantAccount");
  return /^\w{1,80}$/.test(account) ? account : noSuchAccount;
}
