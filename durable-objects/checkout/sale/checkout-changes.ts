import { assert } from "../../../schema/outcome.ts";
import { type CheckoutStatus, checkoutMoves, moved } from "../../../schema/states.ts";
import type { Capture, Refund, Shipment } from "./after-sale-acts.ts";
import type { Checkout, Payment } from "./checkout.ts";
/** A sale as it is after one change; the transaction that makes it saves it. */

export function withStatus(checkout: Checkout, status: CheckoutStatus): Checkout {
  return { ...checkout, status: moved(checkoutMoves, checkout.status, status) };
}

export function ended(checkout: Checkout, status: "cancelled" | "expired", nowMs: number) {
  return { ...withStatus(checkout, status), endedAtMs: nowMs };
}

export function withPayment(checkout: Checkout, payment: Payment): Checkout {
  return { ...withStatus(checkout, "paying"), payments: [...checkout.payments, payment] };
}

export function withPaymentChange(
  checkout: Checkout,
  attempt: number,
  change: Partial<Payment>,
): Checkout {
  const payments = checkout.payments.map((payment) =>
    payment.attempt === attempt ? { ...payment, ...change } : payment,
  );
  return { ...checkout, payments };
}

export function withRefund(checkout: Checkout, n: number, change: Partial<Refund>): Checkout {
  return { ...checkout, refunds: changed(checkout.refunds, n, change) };
}

export function withShipment(checkout: Checkout, n: number, change: Partial<Shipment>): Checkout {
  return { ...checkout, shipments: changed(checkout.shipments, n, change) };
}

export function withCapture(checkout: Checkout, n: number, change: Partial<Capture>): Checkout {
  return { ...checkout, captures: changed(checkout.captures, n, change) };
}

function changed<E extends { readonly n: number }>(
  list: readonly E[] | undefined,
  n: number,
  change: Partial<E>,
): readonly E[] {
  const found = list?.find((each) => each.n === n);
  assert(list && found, `there is a number ${n}`);
  return list.map((each) => (each === found ? { ...each, ...change } : each));
}
