/** Which call a path is. All of them are POST. */

import type { Operation } from "../../control/faults.ts";
import type { ObjectName } from "./body-check.ts";

export type CallName =
  | "paymentMethods"
  | "payments"
  | "payments.details"
  | "payments.captures"
  | "payments.cancels"
  | "payments.refunds"
  | "payments.reversals"
  | "payments.amountUpdates"
  | "cancels";

export const calls: Readonly<
  Record<CallName, { readonly operation: Operation; readonly body: ObjectName }>
> = {
  paymentMethods: { operation: "lookup", body: "PaymentMethodsRequest" },
  payments: { operation: "authorize", body: "PaymentRequest" },
  "payments.details": { operation: "details", body: "PaymentDetailsRequest" },
  "payments.captures": { operation: "capture", body: "PaymentCaptureRequest" },
  "payments.cancels": { operation: "cancel", body: "PaymentCancelRequest" },
  "payments.refunds": { operation: "refund", body: "PaymentRefundRequest" },
  "payments.reversals": { operation: "cancel", body: "PaymentReversalRequest" },
  "payments.amountUpdates": { operation: "authorize", body: "PaymentAmountUpdateRequest" },
  cancels: { operation: "cancel", body: "StandalonePaymentCancelRequest" },
};

export interface Route {
  readonly name: CallName;
  /** The payment in the path; empty when the path names none. */
  readonly pspReference: string;
}

export function routeOf(path: string): Route | null {
  const [resource = "", id, act, ...more] = path.slice(1).split("/");
  if (more.length > 0) return null;
  if (id === undefined) return known(resource, "");
  if (act === undefined) return known(`${resource}.${id}`, "", id === "details");
  return known(`${resource}.${act}`, id, act !== "details");
}

function known(name: string, pspReference: string, fits = true): Route | null {
  return fits && Object.hasOwn(calls, name) ? { name: name as CallName, pspReference } : null;
}
