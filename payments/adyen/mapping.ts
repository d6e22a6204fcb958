import type { CheckoutQrCodeAction } from "@adyen/api-library/lib/src/typings/checkout/checkoutQrCodeAction.js";
import type { CheckoutRedirectAction } from "@adyen/api-library/lib/src/typings/checkout/checkoutRedirectAction.js";
import type { PaymentDetailsResponse } from "@adyen/api-library/lib/src/typings/checkout/paymentDetailsResponse.js";
import type { PaymentResponse } from "@adyen/api-library/lib/src/typings/checkout/paymentResponse.js";
import { type Money, sameMoney } from "../../schema/money.ts";
import type { Refusal } from "../../schema/outcome.ts";
import type { NextAction, PaymentMethod } from "../../schema/payment.ts";
import { capabilityOf } from "../method-capabilities.ts";
import type { Authorization, AuthorizeRequest, Secured } from "../provider.ts";
import { fromAdyenAmount } from "./amounts.ts";
import { refusalOf } from "./declines.ts";

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

/** What came of a capture or a refund. `reference` is Adyen's name for it. */
export type Outcome =
  | { readonly is: "done"; readonly amount: Money | undefined; readonly reference: string }
  | { readonly is: "refused"; readonly reason: string };

/** What takes an earlier yes back, and what says yes, by what was asked for. */
export const BOUNCED: { readonly [type: string]: readonly string[] } = {
  CAPTURE: ["CAPTURE_FAILED"],
  REFUND: ["REFUND_FAILED", "REFUNDED_REVERSED"],
};
export const DONE: { readonly [type: string]: readonly string[] } = {
  CAPTURE: ["CAPTURE"],
  REFUND: ["REFUND", "REFUND_WITH_DATA"],
};
