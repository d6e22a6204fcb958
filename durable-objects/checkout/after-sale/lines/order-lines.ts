import { greater, type Money, minus, sum, zero } from "../../../../schema/money.ts";
import type { Order, OrderLine } from "../../../../schema/order.ts";
import type { Checkout } from "../../sale/checkout.ts";
import { withdrawalFacts } from "../withdrawal/withdrawal-accounts.ts";
import { type LineAccount, lineAccounts } from "./line-accounts.ts";
import { spread, worthOf } from "./line-worth.ts";

type Moved = readonly { readonly status: string; readonly shipping?: Money | undefined }[];

/**
 * The order with what its lines have come to: pieces by their parcels, cancels and returns; money by
 * the calls that name a line, and the rest of the order's spread over what is left of all lines and
 * of the shipping. Lines and shipping add up to the order's own sums.
 */
export function withLineFacts(checkout: Checkout, order: Order): Order {
  const accounts = lineAccounts(checkout, "done");
  const { captured, refunded } = moneyOf(checkout, order, accounts);
  const lines = order.lines.map((line, at): OrderLine => {
    const { sku, quantity, unitAmount, shipsFrom } = line;
    const kept = { sku, quantity, unitAmount, ...(shipsFrom ? { shipsFrom } : {}) };
    const account = accounts[at];
    if (!account) return kept;
    const nothing = zero(account.paid.currency);
    const money = { captured: captured[at] ?? nothing, refunded: refunded[at] ?? nothing };
    const facts = factsOf(account, money, order.fulfilment === "cancelled");
    return { ...kept, ...facts, ...withdrawalFacts(checkout, account) };
  });
  return { ...order, lines };
}

/** Of each line, and at the end of the shipping. */
function moneyOf(checkout: Checkout, order: Order, accounts: readonly LineAccount[]) {
  const { captures = [], refunds = [], cancellations = [], quote } = checkout;
  const nothing = zero(order.total.currency);
  const carried = minus(
    quote.total,
    sum(
      accounts.map(({ paid }) => paid),
      nothing.currency,
    ),
  );
  const uncarried = sum(
    cancellations.map(({ shipping }) => shipping ?? nothing),
    nothing.currency,
  );
  const back = namedShipping(refunds, "refunded", nothing);
  const taken = namedShipping(captures, "captured", nothing);
  // What went back for a piece had been taken for it.
  const takenFor = (each: LineAccount) => Math.max(each.captured, each.refunded);
  const captured = spread(
    order.captured,
    [
      ...accounts.map((each) => worthOf(each, { from: 0, to: takenFor(each) })),
      greater(back, taken),
    ],
    [
      ...accounts.map((each) => worthOf(each, { from: 0, to: each.ordered - each.letGo })),
      minus(carried, uncarried),
    ],
  );
  const named = accounts.map((each) => worthOf(each, { from: 0, to: each.refunded }));
  return { captured, refunded: spread(order.refunded, [...named, back], captured) };
}

function namedShipping(moved: Moved, done: string, nothing: Money): Money {
  const amounts = moved.map(({ status, shipping }) =>
    status === done && shipping ? shipping : nothing,
  );
  return sum(amounts, nothing.currency);
}

type LineMoney = { readonly captured: Money; readonly refunded: Money };

function factsOf(account: LineAccount, { captured, refunded }: LineMoney, isCancelled: boolean) {
  const { ordered, paid, sent, letGo, returned, restocked } = account;
  const cancelled = isCancelled ? ordered - sent : account.cancelled;
  // All of its money may have gone back by calls that named no line.
  const isSome = refunded.amountMinor > 0;
  const isAll = isSome && refunded.amountMinor === paid.amountMinor;
  const quantity = isAll ? ordered - letGo : account.refunded;
  return {
    ...some("paid", paid),
    ...some("captured", captured),
    ...(isSome || quantity > 0 ? { refunded: { quantity, amount: refunded } } : {}),
    ...(sent > 0 ? { sent } : {}),
    ...(cancelled > 0 ? { cancelled } : {}),
    ...(returned > 0 ? { returned } : {}),
    ...(restocked > 0 ? { restocked } : {}),
  };
}

function some<Name extends string>(name: Name, money: Money) {
  return money.amountMinor > 0 ? ({ [name]: money } as { [name in Name]?: Money }) : {};
}
