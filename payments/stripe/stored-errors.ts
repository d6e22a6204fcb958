import Stripe from "stripe";
import { providerKey } from "../idempotency-key.ts";
import { keysLastMs } from "../method-capabilities.ts";

const STORED_ERRORS_MAX = 5; // server errors stored under as many keys in a row: something else is wrong

/** Whether Stripe replays a stored server error: repeating this key can never succeed. */
export function isStoredServerError(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  const isServerError = (error.statusCode ?? 0) >= 500;
  return isServerError && error.headers?.["idempotent-replayed"] === "true";
}

type Times = { readonly startedAtMs: number; readonly nowMs: number };

/** Whether the key of a call may be forgotten: what it did has to be looked up then. */
export function isKeyForgotten({ startedAtMs, nowMs }: Times): boolean {
  return nowMs - startedAtMs > keysLastMs.stripe;
}

type KeyedCall<T> = {
  readonly key: string;
  readonly times: Times;
  readonly make: (idempotencyKey: string) => Promise<T>;
  /** What the call made already, when it did. Lists and objects show it at once; searches lag. */
  readonly find: () => Promise<T | undefined>;
};

/**
 * Makes a call once. Stripe replays a stored 500 for a day: then what the call was to make is
 * looked for, and if it is not there the call is made again under the next derived key. A key that
 * may be forgotten is not trusted either.
 *
 * Throws: what Stripe refuses, and while the outcome is unknown.
 */
export async function despiteStoredErrors<T>({ key, times, make, find }: KeyedCall<T>): Promise<T> {
  if (isKeyForgotten(times)) {
    const found = await find();
    if (found !== undefined) return found;
  }
  for (let n = 1; n <= STORED_ERRORS_MAX; n++) {
    try {
      return await make(n === 1 ? key : providerKey(key, String(n)));
    } catch (error) {
      if (!isStoredServerError(error)) throw error;
      const found = await find();
      if (found !== undefined) return found;
    }
  }
  throw new Error(`Stripe stored ${STORED_ERRORS_MAX} errors in a row under ${key}`);
}
