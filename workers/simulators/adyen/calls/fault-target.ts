/** Which checkout and which method a call of Adyen's API is about, for faults that aim at one. */

import type { Method, Target } from "../../control/faults.ts";
import { type Body, inner, text } from "../api/body-check.ts";
import type { Payment } from "../payments/stored-payment.ts";
import type { Store } from "../storage/payment-store.ts";
import type { Call } from "./adyen-call.ts";

export function aimOf(call: Call, store: Store): Pick<Target, "checkoutId" | "method"> {
  return { checkoutId: () => checkoutIdOf(call, store), method: () => methodOf(call, store) };
}

/** `metadata.checkout_id` of the payment, else its reference. */
function checkoutIdOf({ route, body }: Call, store: Store): string | null {
  if (body === null) return null;
  if (route.name === "payments") {
    return text(inner(body, "metadata"), "checkout_id") || text(body, "reference") || null;
  }
  const payment = paymentOf(route.pspReference, body, store);
  return payment && (payment.metadata.checkout_id ?? payment.merchantReference);
}

/** In the words that both providers share: Adyen calls a card "scheme", and UPI has two names. */
function methodOf({ route, body }: Call, store: Store): Method | null {
  if (body === null) return null;
  const type =
    route.name === "payments"
      ? text(inner(body, "paymentMethod"), "type")
      : paymentOf(route.pspReference, body, store)?.method;
  if (type === "scheme") return "card";
  if (type?.startsWith("upi")) return "upi";
  return type === "ideal" || type === "wero" || type === "pix" ? type : null;
}

function paymentOf(pspReference: string, body: Body, store: Store): Payment | null {
  if (pspReference !== "") return store.payment(pspReference);
  const result = text(inner(body, "details"), "redirectResult");
  return (
    store.paymentsOf(text(body, "paymentReference"))[0] ??
    store.paymentOfPage(result.split(".")[0] ?? "")
  );
}
