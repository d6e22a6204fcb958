import type { Line } from "../../../../schema/checkout.ts";
import type { Order } from "../../../../schema/order.ts";
import type { ReturnLine } from "../../../../schema/withdrawal.ts";
import type { Checkout } from "../../sale/checkout.ts";
import { merged } from "../../sale/lines.ts";
import type { Withdrawal } from "../../sale/withdrawal.ts";
import { withLineFacts } from "../lines/order-lines.ts";
import { nextOrder } from "../order.ts";
import { withQueuedRefund } from "../refunds.ts";
import { wantedBack } from "./standard-delivery.ts";
import { withUnsentStopped } from "./unsent-pieces.ts";
import { refundLines } from "./why-not-withdraw.ts";
import { acknowledgementOf } from "./withdrawal-texts.ts";

/** Asked for, and nothing has happened yet. What was asked for before and not confirmed is forgotten. */
export function withAsked(checkout: Checkout, lines: readonly Line[], nowMs: number) {
  const { withdrawals = [] } = checkout;
  const n = Math.max(0, ...withdrawals.map((each) => each.n)) + 1;
  const withdrawal: Withdrawal = { n, lines: merged(lines), askedAtMs: nowMs };
  const kept = withdrawals.filter(({ confirmedAtMs }) => confirmedAtMs !== undefined);
  return { withdrawal, checkout: { ...checkout, withdrawals: [...kept, withdrawal] } };
}

export function withdrawalOf({ withdrawals = [] }: Checkout, n: number): Withdrawal | undefined {
  return withdrawals.find((each) => each.n === n);
}

type Moment = { readonly nowMs: number; readonly timeZone: string };

/** Declared: the order tells it, and what was not sent yet is not sent any more. */
export function withConfirmed(checkout: Checkout, asked: Withdrawal, { nowMs, timeZone }: Moment) {
  const { checkout: less, stopped, run } = withUnsentStopped(checkout, asked.lines, nowMs);
  const acknowledgement = acknowledgementOf(checkout, asked.lines, { nowMs, timeZone });
  const withdrawal: Withdrawal = {
    ...{ ...asked, confirmedAtMs: nowMs, acknowledgement },
    ...(stopped.length > 0 ? { stopped } : {}),
  };
  const withdrawals = (less.withdrawals ?? []).map((each) =>
    each.n === asked.n ? withdrawal : each,
  );
  return { withdrawal, run, checkout: withNextOrder({ ...less, withdrawals }, nowMs) };
}

/** What the merchant tells of a return, with the refund that is due for what was received. */
export function withReturn(
  checkout: Checkout,
  lines: readonly ReturnLine[],
  nowMs: number,
): Checkout & { readonly order: Order } {
  const back = refundLines(checkout, lines);
  const due = back.length > 0 ? withQueuedRefund(checkout, wantedBack(checkout, back)) : checkout;
  const { returns = [] } = checkout;
  const told = { n: returns.length + 1, atMs: nowMs, lines };
  return withNextOrder({ ...due, returns: [...returns, told] }, nowMs);
}

function withNextOrder(checkout: Checkout, nowMs: number) {
  const confirmed = (checkout.withdrawals ?? []).flatMap(({ n, lines, confirmedAtMs: atMs }) => {
    if (atMs === undefined) return [];
    return [{ withdrawal: n, confirmedAt: new Date(atMs).toISOString(), lines: [...lines] }];
  });
  const order = withLineFacts(checkout, nextOrder(checkout.order, {}, nowMs));
  return { ...checkout, order: { ...order, withdrawals: confirmed } };
}
