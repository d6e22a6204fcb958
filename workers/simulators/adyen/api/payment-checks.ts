/** What is refused before anybody is asked: accounts, amounts, references, methods, cards. */

import type { Method } from "../payments/stored-payment.ts";
import { type Scene, sceneOf, storedScene } from "../payments/test-cards.ts";
import { type ApiError, invalid, malformed, noSuchAccount, rawCardData } from "./adyen-errors.ts";
import { type Body, checkObject, inner, isBody, text } from "./body-check.ts";

const CAPTURE_DELAY_HOURS_MAX = 672;
const REFERENCE_LENGTH_MAX = 80;

/** The closed object and the one currency of a method. */
export const methods = {
  scheme: { details: "CardDetails", currency: null },
  ideal: { details: "IdealDetails", currency: "EUR" },
  wero: { details: "PaymentDetails", currency: "EUR" },
  pix: { details: "PixDetails", currency: "BRL" },
  upi_intent: { details: "UpiIntentDetails", currency: "INR" },
  upi_qr: { details: "UpiQrDetails", currency: "INR" },
} as const;

/** Every call but `/payments/details` names its account in the body. */
export function accountOfBody(body: Body): string | ApiError {
  const account = text(body, "merchantAccount");
  return /^\w{1,80}$/.test(account) ? account : noSuchAccount;
}

/** The sum of a payment or a modification. */
export function checkAmount(body: Body): ApiError | null {
  if (!isBody(body.amount)) return invalid("100", "Required field 'amount' is not provided.");
  const { value, currency } = body.amount;
  if (typeof value !== "number" || value < 1 || value > VALUE_MAX) {
    return invalid("137", "Invalid amount specified");
  }
  const isKnown = typeof currency === "string" && currencies.has(currency);
  return isKnown ? null : invalid("138", "Unsupported currency specified");
}

// Adyen publishes no greatest amount; a card network's message holds twelve digits (ISO 8583, field 4).
const VALUE_MAX = 999_999_999_999;

const currencies = new Set(Intl.supportedValuesOf("currency"));

export function checkBasics(body: Body): ApiError | null {
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

export function checkMethod(body: Body): Method | ApiError {
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

export function sceneOfCard(body: Body): Scene | ApiError {
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
