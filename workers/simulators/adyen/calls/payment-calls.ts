/** `/paymentMethods`, `/payments` and `/payments/details`, and the shopper's answer between the two. */

import { type ApiError, invalid, isError } from "../api/adyen-errors.ts";
import { newPageId, newReference } from "../api/adyen-ids.ts";
import { paymentJson } from "../api/adyen-wire.ts";
import { type Body, inner, isBody, text, texts } from "../api/body-check.ts";
import {
  checkAmount,
  checkBasics,
  checkMethod,
  methods,
  sceneOfCard,
} from "../api/payment-checks.ts";
import { answerShopper, finishDetails, openPayment } from "../payments/authorise-payment.ts";
import type { Method, Payment } from "../payments/stored-payment.ts";
import type { Scene } from "../payments/test-cards.ts";
import type { World } from "./adyen-world.ts";
import { pixCode, upiCode } from "./qr-codes.ts";

export interface Success {
  readonly status: 200 | 201;
  readonly body: object;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OFFER_MS = 60 * MINUTE_MS; // how long a QR code or a bank's page waits when the request does not say

export function paymentsCall(world: World, body: Body): Success | ApiError {
  const problem = checkAmount(body) ?? checkBasics(body);
  if (problem) return problem;
  const method = checkMethod(body);
  if (typeof method !== "string") return method;
  const scene = method === "scheme" ? sceneOfCard(body) : null;
  if (scene !== null && isError(scene)) return scene;
  const payment = newPayment(world, body, { method, scene });
  const change = openPayment(payment, scene, world.moment);
  return { status: 200, body: paymentJson(world.save(change), world.origin) };
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
    authorised: false,
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
    disputes: [],
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
  ideal: "iDEAL | Wero",
  wero: "Wero",
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
