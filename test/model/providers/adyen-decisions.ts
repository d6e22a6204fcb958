import type { Notice, NoticeKind } from "../../../payments/webhook-notice.ts";
import { origin } from "../sales/merchant-calls.ts";
import { attemptOf, type Entry, giveBack } from "./provider-ledger.ts";

/** What a call to Adyen says. */
export type Body = {
  readonly reference: string;
  readonly paymentReference?: string;
  readonly amount?: { readonly value: number; readonly currency: string };
  readonly paymentMethod?: { readonly type: string };
  readonly returnUrl?: string;
  readonly details?: { readonly redirectResult: string };
};

/** Whether a shopper comes back to us from where they are sent. */
export const isOurs = (returnUrl = "") => returnUrl.startsWith(origin);

/** What Adyen tells of by webhook: about which of our references, under which of its words. */
export type Decision = {
  readonly type: string;
  readonly kind: NoticeKind;
  readonly ours: string;
  /** Which of several modifications of one name: cancels by our reference have one name alone. */
  readonly nth?: number;
};

/** As the real reader of webhooks makes it. */
export function noticeOf(
  decision: Decision,
  entry: Entry | undefined,
  success: boolean,
  amountMinor?: number,
): Notice {
  const { type, kind, ours } = decision;
  const isOfPayment = kind === "authorization" || kind === "expiry";
  const isFound = entry && entry.state !== "awaiting" && entry.state !== "closed";
  const about = isOfPayment ? pspOf(ours) : modificationOf(decision);
  const value = amountMinor || (entry?.amountMinor ?? 0);
  // A cancel by our reference that found nothing names itself in the payment's place.
  const named = type === "TECHNICAL_CANCEL" ? about : pspOf(ours);
  return {
    ...{ provider: "adyen", type, kind, success, createdAtMs: 0, about, ourReference: ours },
    noticeId: `${type}/${about}/${success}`,
    reference: isFound ? entry.reference : named,
    ...(value > 0 ? { amount: { amountMinor: value, currency: "EUR" } } : {}),
  };
}

/** What a yes does to the payment. */
export const effects: { readonly [type: string]: (entry: Entry, amountMinor: number) => void } = {
  CAPTURE: (entry, amountMinor) => {
    entry.capturedMinor = amountMinor;
  },
  REFUND: (entry, amountMinor) => {
    entry.refundedMinor += amountMinor;
  },
  CANCELLATION: giveBack,
  TECHNICAL_CANCEL: giveBack,
  CANCEL_OR_REFUND: giveBack,
};

export function pspOf(ours: string): string {
  return `adyen_${attemptOf(ours)}`;
}

export function modificationOf({ type, ours, nth }: Decision): string {
  const name = `${type.toLowerCase()}_${nameOf(ours)}`;
  return nth === undefined ? name : `${name}_${nth}`;
}

/** `1`, or `1_c1` for the first capture of the first attempt. */
export function nameOf(ours: string): string {
  return ours.split("_").slice(4).join("_");
}
