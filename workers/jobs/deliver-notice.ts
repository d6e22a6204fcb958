import { checkoutStub } from "../../durable-objects/placement.ts";
import type { RoutedNotice } from "../../payments/webhook-notice.ts";

/** What became of a notice that was brought to its sale. */
export type Delivery =
  | { readonly is: "taken" }
  /** There is no such sale (any more). */
  | { readonly is: "unknown_sale" }
  | { readonly is: "failed"; readonly cause: string };

/** Brings a notice to its sale. The same one twice is one. Never throws: one sale holds up no other. */
export async function deliver(env: Env, routed: RoutedNotice): Promise<Delivery> {
  const { shopId, checkoutId, notice } = routed;
  try {
    const isKnown = await checkoutStub(env, shopId, checkoutId).receive(notice);
    return { is: isKnown ? "taken" : "unknown_sale" };
  } catch (problem) {
    return { is: "failed", cause: String(problem) };
  }
}

/** As many at a time as leave the objects of an isolate room for their shoppers. */
const AT_A_TIME = 10;

/** Does `work` for each, a few at a time, and answers in their order. */
export async function eachOf<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_A_TIME) {
    results.push(...(await Promise.all(items.slice(at, at + AT_A_TIME).map(work))));
  }
  return results;
}
