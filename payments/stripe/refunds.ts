import type Stripe from "stripe";
import { providerKey } from "../provider-key.ts";
import { isStoredServerError } from "./mapping.ts";

const STORED_ERRORS_MAX = 5; // server errors stored under as many keys in a row: something else is wrong

type Wanted = { readonly payment_intent: string; readonly amount?: number };

/**
 * The refund that this key made, or makes now, as it stands. Stripe replays a stored 500 for a day;
 * the list then says whether the refund exists, and if not, it is made under the next derived key.
 *
 * Throws: what Stripe refuses, and while the outcome is unknown.
 */
export async function refundOf(
  stripe: Stripe,
  wanted: Wanted,
  key: string,
): Promise<Stripe.Refund> {
  for (let n = 1; n <= STORED_ERRORS_MAX; n++) {
    const idempotencyKey = n === 1 ? key : providerKey(key, String(n));
    const params = { ...wanted, metadata: { refund_key: idempotencyKey } };
    try {
      const made = await stripe.refunds.create(params, { idempotencyKey });
      // A repeat of the key hears the first answer again; only the refund itself moves on.
      return made.status === "pending" ? await stripe.refunds.retrieve(made.id) : made;
    } catch (error) {
      if (!isStoredServerError(error)) throw error;
      const found = await madeUnder(stripe, wanted.payment_intent, idempotencyKey);
      if (found) return found;
    }
  }
  throw new Error(
    `Stripe stored ${STORED_ERRORS_MAX} errors in a row for ${wanted.payment_intent}`,
  );
}

async function madeUnder(stripe: Stripe, payment_intent: string, key: string) {
  for await (const refund of stripe.refunds.list({ payment_intent, limit: 100 })) {
    if (refund.metadata?.refund_key === key) return refund;
  }
  return undefined;
}
