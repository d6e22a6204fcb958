import type { CheckoutQrCodeAction } from "@adyen/api-library/lib/src/typings/checkout/checkoutQrCodeAction.js";
import type { CheckoutRedirectAction } from "@adyen/api-library/lib/src/typings/checkout/checkoutRedirectAction.js";
import type { PaymentDetailsResponse } from "@adyen/api-library/lib/src/typings/checkout/paymentDetailsResponse.js";
import type { PaymentRequest } from "@adyen/api-library/lib/src/typings/checkout/paymentRequest.js";
import type { PaymentResponse } from "@adyen/api-library/lib/src/typings/checkout/paymentResponse.js";
import { type Money, sameMoney } from "../../schema/money.ts";
import { assert, type Refusal } from "../../schema/outcome.ts";
import type { NextAction, PaymentMethod } from "../../schema/payment.ts";
import { refuse } from "../../schema/refusals.ts";
import { capabilityOf } from "../capabilities.ts";
import type { Authorization, AuthorizeRequest, Secured, Shopper } from "../provider.ts";
import { fromAdyenAmount, toAdyenAmount } from "./amounts.ts";
import { AdyenError } from "./client.ts";

/** The API wants one always; a shopper without a way back is never sent away, and never gets here. */
const NO_WAY_BACK = "https://no-way-back.invalid/";
const ORIGIN_MAX = 80;
const NAME_MAX = 80;

/** The request is a pure function of ours: a repeat has the same bytes. No field is metadata. */
export function toPaymentRequest(request: AuthorizeRequest, merchantAccount: string) {
  const { method, returnUrl = NO_WAY_BACK, shopper } = request;
  return {
    amount: toAdyenAmount(request.amount),
    merchantAccount,
    reference: request.paymentReference,
    returnUrl,
    countryCode: shopper.country,
    shopperEmail: shopper.email,
    ...(method === "card" ? cardParts(request) : localParts[method](request)),
  } satisfies PaymentRequest as PaymentRequest;
}

/** Captured by hand; 3-D Secure by redirect, for no page of ours speaks its native protocol. */
function cardParts({ card, details, returnUrl }: AuthorizeRequest) {
  assert(card, "a card is charged by its encrypted data");
  const origin = returnUrl === undefined ? undefined : new URL(returnUrl).origin;
  return {
    paymentMethod: card as PaymentRequest["paymentMethod"],
    additionalData: { manualCapture: "true" },
    authenticationData: { threeDSRequestData: { nativeThreeDS: "disabled" } },
    channel: "Web",
    ...(origin !== undefined && origin.length <= ORIGIN_MAX ? { origin } : {}),
    ...(details?.browser ? { browserInfo: details.browser } : {}),
  } as Partial<PaymentRequest> & Pick<PaymentRequest, "paymentMethod">;
}

type LocalMethod = Exclude<PaymentMethod, "card">;
type LocalParts = Partial<PaymentRequest> & Pick<PaymentRequest, "paymentMethod">;

const localParts: { readonly [M in LocalMethod]: (request: AuthorizeRequest) => LocalParts } = {
  ideal: () => ({ paymentMethod: { type: "ideal" } as PaymentRequest["paymentMethod"] }),
  pix: ({ details, shopper, offerEndsAtMs }) => ({
    paymentMethod: { type: "pix" } as PaymentRequest["paymentMethod"],
    ...nameParts(shopper),
    ...(details?.cpf ? { socialSecurityNumber: details.cpf.replaceAll(/\D/g, "") } : {}),
    sessionValidity: new Date(offerEndsAtMs).toISOString(),
  }),
  upi: ({ details }) => ({
    paymentMethod: (details?.app
      ? { type: "upi_intent", appId: details.app }
      : { type: "upi_qr" }) as PaymentRequest["paymentMethod"],
  }),
};

/** Adyen wants two names where people may have one. */
function nameParts({ name }: Shopper): Partial<PaymentRequest> {
  const [first, ...others] = (name ?? "").trim().split(/\s+/);
  if (!first) return {};
  const lastName = (others.join(" ") || first).slice(0, NAME_MAX);
  return { shopperName: { firstName: first.slice(0, NAME_MAX), lastName } };
}

/** What an answer of /payments or /payments/details says of the money. */
export type Result =
  | { readonly is: "authorised"; readonly reference: string }
  | { readonly is: "declined"; readonly refusal: Refusal<"payment_declined"> }
  | { readonly is: "partial"; readonly reference: string }
  | { readonly is: "awaiting"; readonly reference?: string; readonly action?: NextAction };

type Answer = PaymentResponse | PaymentDetailsResponse;

/**
 * Reads an answer's result.
 *
 * Throws: when it decides nothing.
 * Source: https://docs.adyen.com/online-payments/build-your-integration/payment-result-codes
 */
export function resultOf(answer: Answer, method: PaymentMethod): Result {
  const { pspReference, resultCode } = answer;
  const code = String(resultCode);
  if (code === "Authorised" && pspReference) return { is: "authorised", reference: pspReference };
  if (code === "PartiallyAuthorised" && pspReference) {
    return { is: "partial", reference: pspReference };
  }
  if (code === "Refused" || code === "Cancelled" || code === "Error") {
    return { is: "declined", refusal: refusalOf(answer) };
  }
  if (!WAITING.has(code)) throw new Error(`Adyen has not decided: ${code} is no end`);
  const action = actionOf(answer, method);
  return {
    is: "awaiting",
    ...(pspReference ? { reference: pspReference } : {}),
    ...(action ? { action } : {}),
  };
}

const WAITING = new Set([
  ...["Pending", "Received", "RedirectShopper", "PresentToShopper"],
  ...["IdentifyShopper", "ChallengeShopper"],
]);

/** What the shopper has to do, as a storefront can show it; undefined when it cannot. */
function actionOf({ action }: Answer, method: PaymentMethod): NextAction | undefined {
  if (action?.type === "qrCode") {
    const { qrCodeData, expiresAt } = action as CheckoutQrCodeAction;
    if (!qrCodeData) return undefined;
    return { type: "qr", data: qrCodeData, ...endOf(expiresAt) };
  }
  if (action?.type === "redirect") {
    const { url, method: verb = "GET" } = action as CheckoutRedirectAction;
    if (!url || !URL.canParse(url) || verb !== "GET") return undefined;
    return { type: method === "upi" ? "app" : "redirect", url };
  }
  return undefined;
}

function endOf(expiresAt: string | undefined): Pick<NextAction, "expiresAt"> {
  const atMs = Date.parse(expiresAt ?? "");
  return Number.isNaN(atMs) ? {} : { expiresAt: new Date(atMs).toISOString() };
}

/**
 * Refusals that say nothing of the card: Acquirer Error, Issuer Unavailable, Not supported, Not
 * Submitted. Source: https://docs.adyen.com/development-resources/refusal-reasons
 */
const RETRYABLE = new Set(["4", "9", "10", "21"]);

function refusalOf({ resultCode, refusalReason, refusalReasonCode = "" }: Answer) {
  const reason = slug(refusalReason ?? "") || slug(String(resultCode));
  return decline(reason, String(resultCode) === "Error" || RETRYABLE.has(refusalReasonCode));
}

/** "Not enough balance" → "not_enough_balance". */
function slug(words: string): string {
  const plain = words.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  return plain.replaceAll(/^_+|_+$/g, "").slice(0, 60);
}

/** `reason` is Adyen's refusal reason in our spelling: an open list. */
export function decline(reason: string, retryable = false): Refusal<"payment_declined"> {
  const detail = { reason, provider: "adyen" };
  return refuse("payment_declined", retryable ? { ...detail, retryable } : detail);
}

/** Errors in what the shopper typed. Source: https://docs.adyen.com/development-resources/error-codes */
const REASONS: { readonly [errorCode: string]: string } = {
  101: "invalid_card_number",
  103: "invalid_cvc",
  129: "invalid_expiry_date",
  172: "card_data_expired",
  174: "card_data_unreadable",
};

/**
 * Why Adyen refused a call before it did anything, or undefined when the outcome is unknown. The
 * error of a key that is in use (704) says nothing of the first call's money.
 * Source: https://docs.adyen.com/development-resources/error-codes
 */
export function definiteNo(error: unknown): string | undefined {
  if (!(error instanceof AdyenError) || error.errorCode === undefined) return undefined;
  const { status, errorCode } = error;
  if ((status !== 400 && status !== 422) || errorCode === "704") return undefined;
  return REASONS[errorCode] ?? `invalid_request_${errorCode}`;
}

export function isOnePhase(method: PaymentMethod): boolean {
  return capabilityOf("adyen", method)?.phases === 1;
}

/** The parts of an authorization that its request alone decides. */
export function authorizationOf({ method, amount }: AuthorizeRequest, severalCaptures: boolean) {
  const isSeveral = severalCaptures && !isOnePhase(method);
  return {
    provider: "adyen",
    method,
    amount,
    ...(isSeveral ? { severalCaptures: true as const } : {}),
  } as const satisfies Authorization;
}

/** Whether an answer, where it names an amount, names the one that was asked for. */
export function isSameAmount(told: Answer["amount"], asked: Money): boolean {
  if (!told) return true;
  const held = fromAdyenAmount(told);
  return held !== undefined && sameMoney(held, asked);
}

/** The authorization once the shopper has done their part; one-phase money is ours with it. */
export function secure(authorization: Authorization, reference: string): Secured {
  const { shopper: _done, ...rest } = authorization;
  return { ...rest, reference, ...(isOnePhase(rest.method) ? { isCaptured: true } : {}) };
}
