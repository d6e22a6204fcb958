/** Which checkout and which method a call of Stripe's API is about, for faults that aim at one. */

import type { Target } from "../../control/faults.ts";
import { inner, text } from "../api/params.ts";
import { type Intent, intentIdOf, type Method } from "../intents/intent.ts";
import { isLocal } from "../intents/local-payment.ts";
import type { Store } from "../storage/intent-store.ts";
import type { Call } from "./stripe-call.ts";

export function aimOf(call: Call, store: Store): Pick<Target, "checkoutId" | "method"> {
  return { checkoutId: () => checkoutIdOf(call, store), method: () => methodOf(call, store) };
}

/** Its own `metadata[checkout_id]`, else the one it searches for, else its payment's. */
function checkoutIdOf(call: Call, store: Store): string | null {
  const { form } = call;
  const own = text(inner(form, "metadata"), "checkout_id");
  if (own !== null) return own;
  const query = /metadata\[["']checkout_id["']\]:["']([^"']+)["']/.exec(text(form, "query") ?? "");
  if (query) return query[1] ?? null;
  return intentOf(call, store)?.metadata.checkout_id ?? null;
}

/** The one that it brings, else its payment's. */
function methodOf(call: Call, store: Store): Method | null {
  const type = text(inner(call.form, "payment_method_data"), "type");
  if (type !== null && isLocal(type)) return type;
  const isCard = ["payment_method", "confirmation_token"].some((name) => text(call.form, name));
  if (isCard) return "card";
  const intent = intentOf(call, store);
  return intent?.method ?? intent?.local?.type ?? null;
}

function intentOf({ route, form }: Call, store: Store): Intent | null {
  const id = route.id || text(form, "payment_intent") || text(form, "charge") || "";
  return store.intent(id.startsWith("pi_") ? id : intentIdOf(id));
}
