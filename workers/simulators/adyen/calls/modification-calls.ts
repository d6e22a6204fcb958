/** Captures, cancels, refunds, reversals and amount updates: answered "received", done at once, told by webhook. */

import { type ApiError, invalid, unknownOriginal } from "../api/adyen-errors.ts";
import { newReference } from "../api/adyen-ids.ts";
import { type Body, inner, text } from "../api/body-check.ts";
import { checkAmount } from "../api/payment-checks.ts";
import { type Asked, modify } from "../payments/modify-payment.ts";
import type { Payment } from "../payments/stored-payment.ts";
import type { World } from "./adyen-world.ts";
import type { Success } from "./payment-calls.ts";

type Wish = Pick<Asked, "kind" | "code" | "additionalData">;

/** A call that names its payment in the path. */
function modification(wish: (payment: Payment) => Wish, takesAmount: boolean) {
  return (world: World, body: Body, pspReference: string): Success | ApiError => {
    const payment = world.payment(pspReference);
    if (payment?.merchantAccount !== text(body, "merchantAccount")) return unknownOriginal;
    const problem = takesAmount ? checkModification(payment, body) : null;
    if (problem) return problem;
    const asked: Asked = {
      ...wish(payment),
      pspReference: newReference(),
      reference: text(body, "reference") || null,
      amount: takesAmount ? Number(inner(body, "amount").value) : null,
    };
    world.save(modify(payment, asked, world.moment));
    const answer = {
      merchantAccount: payment.merchantAccount,
      paymentPspReference: payment.pspReference,
      pspReference: asked.pspReference,
      // An amount update answers a reference even when none was sent: its schema requires one.
      ...(asked.reference === null && asked.kind !== "adjust"
        ? {}
        : { reference: asked.reference ?? "" }),
      status: "received",
      ...(takesAmount ? { amount: body.amount } : {}),
    };
    return { status: 201, body: answer };
  };
}

function checkModification(payment: Payment, body: Body): ApiError | null {
  const problem = checkAmount(body);
  if (problem) return problem;
  return inner(body, "amount").currency === payment.currency
    ? null
    : invalid("138", "Currency of the modification is not that of the payment");
}

export const captureCall = modification(() => ({ kind: "capture", code: "CAPTURE" }), true);
export const refundCall = modification(() => ({ kind: "refund", code: "REFUND" }), true);
export const cancelCall = modification(() => ({ kind: "cancel", code: "CANCELLATION" }), false);
export const adjustCall = modification(
  () => ({ kind: "adjust", code: "AUTHORISATION_ADJUSTMENT" }),
  true,
);

/** A reversal: cancels what was not captured, refunds what was. */
export const reversalCall = modification((payment) => {
  const kind = payment.status === "captured" ? "refund" : "cancel";
  return { kind, code: "CANCEL_OR_REFUND", additionalData: { "modification.action": kind } };
}, false);

/** By the merchant's own reference; "received" also where there is no such payment, and the webhook says no. */
export function technicalCancelCall(world: World, body: Body): Success | ApiError {
  const paymentReference = text(body, "paymentReference");
  if (paymentReference === "") {
    return invalid("130", "Required field 'paymentReference' is not provided.");
  }
  const pspReference = newReference();
  const reference = text(body, "reference") || null;
  const payments = world.paymentsOf(paymentReference);
  const isLive = ({ status }: Payment): boolean => status === "authorised" || status === "pending";
  // Of several under one reference, the newest that can still be cancelled.
  const payment = payments.find(isLive) ?? payments[0];
  if (payment) {
    const asked = { kind: "cancel", code: "TECHNICAL_CANCEL", pspReference, reference } as const;
    world.save(modify(payment, { ...asked, amount: null }, world.moment));
  } else {
    world.tellNothingFound(pspReference, paymentReference, text(body, "merchantAccount"));
  }
  return {
    status: 201,
    body: {
      merchantAccount: text(body, "merchantAccount"),
      paymentReference,
      pspReference,
      ...(reference === null ? {} : { reference }),
      status: "received",
    },
  };
}
