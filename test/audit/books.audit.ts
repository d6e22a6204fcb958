import { type Finding, unfinished, violation, type World } from "./audited-world.ts";
import type { LedgerRow, OrderRow } from "./dumps.ts";

/**
 * I13: every order says of its payment what the provider's books say: what was taken and what went
 * back, whoever asked for it. What only the provider knows may still be found out; what only we
 * believe never happened.
 */
export function* booksAgree(world: World): Iterable<Finding> {
  for (const order of world.orders) {
    const payments = world.paymentsOf.get(order.checkoutId) ?? [];
    const own = payments.find(({ id }) => id === order.providerReference);
    if (own) yield* sameSums(order, own);
  }
}

function* sameSums(order: OrderRow, own: LedgerRow): Iterable<Finding> {
  const { orderId, captured, refunded } = order;
  if (captured) yield* same(orderId, "captured", captured.amountMinor, own.amountReceived);
  yield* same(orderId, "refunded", refunded.amountMinor, own.amountRefunded);
}

function* same(
  orderId: string,
  act: "captured" | "refunded",
  said: number,
  stands: number,
): Iterable<Finding> {
  const sentence = `says ${said} ${act}; its provider's books have ${stands}.`;
  if (stands > said) yield unfinished(orderId, sentence);
  if (stands < said) yield violation(orderId, sentence);
}
