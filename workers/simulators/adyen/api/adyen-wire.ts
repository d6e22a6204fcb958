/** Adyen's JSON. Source: the schemas in test/specs. */

import type { EventCode, Note, Payment } from "../payments/stored-payment.ts";

export interface Item {
  readonly eventCode: EventCode;
  readonly eventDate: string;
  readonly success: "true" | "false";
  readonly pspReference: string;
  readonly originalReference?: string;
  readonly merchantReference: string;
  readonly merchantAccountCode: string;
  readonly amount: { readonly value: number; readonly currency: string };
  readonly paymentMethod?: string;
  readonly operations?: readonly string[];
  readonly reason?: string;
  readonly additionalData?: Readonly<Record<string, string>>;
}

const noVariant: ReadonlySet<EventCode> = new Set(["REPORT_AVAILABLE", "EXPIRE", "OFFER_CLOSED"]);

/** One item of a webhook, not signed yet. */
export function itemOf(note: Note, payment: Payment, nowMs: number): Item {
  const { code } = note;
  const isAuthorisation = code === "AUTHORISATION";
  return {
    eventCode: code,
    eventDate: new Date(nowMs).toISOString(),
    success: note.success ? "true" : "false",
    pspReference: note.pspReference,
    ...(note.originalReference === null ? {} : { originalReference: note.originalReference }),
    merchantReference: note.merchantReference,
    merchantAccountCode: payment.merchantAccount,
    amount: { value: note.amount, currency: payment.currency },
    paymentMethod: payment.brand,
    ...(isAuthorisation && note.success ? { operations: operationsOf(payment) } : {}),
    reason: note.reason ?? "",
    additionalData: {
      ...(noVariant.has(code) ? {} : { paymentMethodVariant: payment.brand }),
      ...note.additionalData,
    },
  };
}

function operationsOf(payment: Payment): readonly string[] {
  return payment.status === "authorised" ? ["CANCEL", "CAPTURE", "REFUND"] : ["REFUND"];
}

const resultCodes = {
  pending: "Pending",
  authorised: "Authorised",
  captured: "Authorised",
  expired: "Authorised",
  refused: "Refused",
  error: "Error",
  cancelled: "Cancelled",
  offer_closed: "Cancelled",
} as const;

/** The answer of `/payments` and `/payments/details`. */
export function paymentJson(payment: Payment, origin: string): object {
  const common = {
    merchantReference: payment.merchantReference,
    amount: { value: payment.amount, currency: payment.currency },
    paymentMethod: {
      type: payment.method,
      ...(payment.method === "scheme" ? { brand: payment.brand } : {}),
    },
  };
  if (payment.status === "pending") return { ...common, ...waitingJson(payment, origin) };
  return {
    ...common,
    pspReference: payment.pspReference,
    resultCode: resultCodes[payment.status],
    ...(payment.refusal && (payment.status === "refused" || payment.status === "error")
      ? { refusalReason: payment.refusal.reason, refusalReasonCode: payment.refusal.code }
      : {}),
  };
}

function waitingJson(payment: Payment, origin: string): object {
  if (payment.qrData !== null) {
    return {
      pspReference: payment.pspReference,
      resultCode: "Pending",
      action: {
        type: "qrCode",
        paymentMethodType: payment.method,
        qrCodeData: payment.qrData,
        expiresAt: new Date(payment.expiresMs).toISOString(),
        paymentData: payment.pageId,
        url: `${origin}/_simulator/adyen/qr/${payment.pageId}`,
      },
    };
  }
  if (payment.quirk === "received") {
    return { pspReference: payment.pspReference, resultCode: "Received" };
  }
  // A redirect bears no pspReference yet: the payment is known by its reference alone.
  return {
    resultCode: "RedirectShopper",
    action: {
      type: "redirect",
      method: "GET",
      paymentMethodType: payment.method,
      url: `${origin}/_simulator/adyen/redirect/${payment.pageId}`,
    },
  };
}
