import type { PaymentRequest } from "@adyen/api-library/lib/src/typings/checkout/paymentRequest.js";
import type { AdyenMethod } from "../../schema/adyen-method.ts";
import { asciiEmail } from "../../schema/email.ts";
import { assert } from "../../schema/outcome.ts";
import type { PaymentMethod } from "../../schema/payment.ts";
import type { AuthorizeRequest, Shopper } from "../provider.ts";
import { toAdyenAmount } from "./amounts.ts";

/** The API wants one always; a shopper without a way back is never sent away, and never gets here. */
const NO_WAY_BACK = "https://no-way-back.invalid/";
const ORIGIN_MAX = 80;
const NAME_MAX = 80;

/** The request is a pure function of ours: a repeat has the same bytes. No field is metadata. */
export function toPaymentRequest(request: AuthorizeRequest, merchantAccount: string) {
  const { method, returnUrl = NO_WAY_BACK, shopper } = request;
  const shopperEmail = asciiEmail(shopper.email);
  return {
    amount: toAdyenAmount(request.amount),
    merchantAccount,
    reference: request.paymentReference,
    returnUrl,
    countryCode: shopper.country,
    ...(shopperEmail ? { shopperEmail } : {}),
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

/** As Adyen's component gave it, where it did. */
const localParts: { readonly [M in LocalMethod]: (request: AuthorizeRequest) => LocalParts } = {
  ideal: ({ card }) => ({
    paymentMethod: (ofType(card, "ideal") ?? { type: "ideal" }) as PaymentRequest["paymentMethod"],
  }),
  wero: ({ card }) => ({
    paymentMethod: (ofType(card, "wero") ?? { type: "wero" }) as PaymentRequest["paymentMethod"],
  }),
  pix: ({ card, details, shopper, offerEndsAtMs }) => ({
    paymentMethod: (ofType(card, "pix") ?? { type: "pix" }) as PaymentRequest["paymentMethod"],
    ...nameParts(shopper),
    ...(details?.cpf ? { socialSecurityNumber: details.cpf.replaceAll(/\D/g, "") } : {}),
    sessionValidity: new Date(offerEndsAtMs).toISOString(),
  }),
  upi: ({ card, details }) => ({
    paymentMethod: (ofType(card, "upi_intent", "upi_qr") ??
      (details?.app
        ? { type: "upi_intent", appId: details.app }
        : { type: "upi_qr" })) as PaymentRequest["paymentMethod"],
  }),
};

function ofType(given: AuthorizeRequest["card"], ...types: readonly AdyenMethod["type"][]) {
  return given && types.includes(given.type) ? given : undefined;
}

/** Adyen wants two names where people may have one. */
function nameParts({ name }: Shopper): Partial<PaymentRequest> {
  const [first, ...others] = (name ?? "").trim().split(/\s+/);
  if (!first) return {};
  const lastName = (others.join(" ") || first).slice(0, NAME_MAX);
  return { shopperName: { firstName: first.slice(0, NAME_MAX), lastName } };
}
