/** From a payment request to the bank's yes or no, with the shopper's part in between. Pure. */

import type { Change, Moment, Note, Payment } from "./stored-payment.ts";
import { notAuthenticated, type Refusal, type Scene, shopperDeclined } from "./test-cards.ts";

const DAY_MS = 86_400_000;
const HOLD_MS = 28 * DAY_MS; // Adyen expires what nobody captured after 28 days

/** A payment as it stands before anybody was asked. */
export function openPayment(payment: Payment, scene: Scene | null, moment: Moment): Change {
  if (scene === null || scene.wants3ds) return { payment, notes: [] };
  if (scene.quirk === "received") {
    return { payment, notes: [], later: [{ what: "authorise", afterMs: moment.settleMs }] };
  }
  return decide(payment, moment);
}

function authorisation(payment: Payment, success: boolean, reason?: string): Note {
  return {
    code: "AUTHORISATION",
    success,
    pspReference: payment.pspReference,
    originalReference: null,
    merchantReference: payment.merchantReference,
    amount: payment.amount,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The bank's answer, as the test card has it. */
export function decide(payment: Payment, moment: Moment): Change {
  if (payment.refusal) return refuse(payment, payment.refusal);
  const authorised: Payment = { ...payment, status: "authorised", authorised: true };
  const notes = [authorisation(payment, true)];
  if (payment.method !== "scheme" || !payment.manualCapture) {
    const captured = captureWithin(authorised, moment);
    const isDisputed = payment.quirk === "chargeback";
    const later = isDisputed ? [{ what: "chargeback", afterMs: moment.settleMs } as const] : [];
    return { payment: captured, notes, later };
  }
  const expiresMs = moment.nowMs + (payment.quirk === "expired" ? moment.settleMs : HOLD_MS);
  return { payment: { ...authorised, expiresMs }, notes };
}

/** Captured with the authorisation: no CAPTURE is sent for it. */
export function captureWithin(payment: Payment, { nowMs }: Moment): Payment {
  const capture = {
    pspReference: payment.pspReference,
    kind: "capture",
    reference: null,
    amount: payment.amount,
    status: "done",
    atMs: nowMs,
  } as const;
  return { ...payment, status: "captured", modifications: [...payment.modifications, capture] };
}

function refuse(payment: Payment, refusal: Refusal): Change {
  const status = refusal.result === "Error" ? "error" : "refused";
  return {
    payment: { ...payment, status, refusal },
    notes: [authorisation(payment, false, refusal.reason)],
  };
}

/** The shopper's answer at the bank, in the app or by QR. Only a payment that waits, or an offer that has closed, changes. */
export function answerShopper(payment: Payment, approved: boolean, moment: Moment): Change | null {
  const isLate = payment.status === "offer_closed" && approved;
  if (payment.status !== "pending" && !isLate) return null;
  if (payment.redirectResult !== null && !isLate) return null;
  const answered: Payment = { ...payment, redirectResult: redirectResultOf(payment, moment) };
  // A card is charged by /payments/details, once the shop has come back with the result.
  if (payment.method === "scheme") {
    return { payment: { ...answered, authenticated: approved }, notes: [] };
  }
  return approved ? decide(answered, moment) : refuse(answered, shopperDeclined);
}

function redirectResultOf({ pageId }: Payment, { newSecret }: Moment): string {
  return `${pageId}.${newSecret()}`;
}

/** The shop comes back with what the shopper brought. The same result again changes nothing. */
export function finishDetails(payment: Payment, moment: Moment): Change | null {
  if (payment.method !== "scheme" || payment.status !== "pending") return null;
  if (payment.authenticated === null) return null;
  return payment.authenticated ? decide(payment, moment) : refuse(payment, notAuthenticated);
}

/** Nobody paid in time. */
export function closeOffer(payment: Payment): Change | null {
  if (payment.status !== "pending" || payment.method === "scheme") return null;
  return {
    payment: { ...payment, status: "offer_closed" },
    notes: [{ ...authorisation(payment, true), code: "OFFER_CLOSED" }],
  };
}
