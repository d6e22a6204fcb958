import type { Line } from "../../../../schema/checkout.ts";
import type { RefundLine } from "../../../../schema/order.ts";
import { assert, type Refusal } from "../../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../../schema/refusals.ts";
import type { ReturnLine } from "../../../../schema/withdrawal.ts";
import { type Checkout, isCancelled } from "../../sale/checkout.ts";
import { merged } from "../../sale/lines.ts";
import type { WithdrawalTerms } from "../../sale/withdrawal.ts";
import { lineAccounts } from "../lines/line-accounts.ts";
import { worthOf } from "../lines/line-worth.ts";
import { refundable } from "../refunds.ts";
import { whyNotRefund } from "../why-not.ts";
import { wantedBack } from "./standard-delivery.ts";
import { type WithdrawalAccount, withdrawalAccount } from "./withdrawal-accounts.ts";
import { isOver, lastDayOf } from "./withdrawal-period.ts";

type No = Refusal<RefusalCode> | undefined;
type Moment = { readonly terms: WithdrawalTerms; readonly nowMs: number };

/** Pieces that the shopper may still withdraw from. */
export function withdrawable(checkout: Checkout): readonly Line[] {
  return lineAccounts(checkout, "promised").flatMap((account) => {
    const { left } = withdrawalAccount(checkout, account);
    return left > 0 ? [{ sku: account.sku, quantity: left }] : [];
  });
}

/** Why the contract cannot be withdrawn from: it is off, the period is over, or no piece is left. */
export function whyNotWithdraw(
  checkout: Checkout,
  lines: readonly Line[],
  { terms, nowMs }: Moment,
): No {
  const { order } = checkout;
  assert(order, "only an order is withdrawn from");
  const lastDay = lastDayOf(checkout, terms);
  if (isCancelled(checkout) || withdrawable(checkout).length === 0) {
    return refuse("withdrawal_not_open", { orderStatus: order.status });
  }
  if (lastDay !== undefined && isOver(lastDay, nowMs, terms.timeZone)) {
    return refuse("withdrawal_period_over", { lastDay });
  }
  return whyNotLeft(checkout, lines, ({ left }) => left);
}

/** Why the merchant cannot tell this of a return: it is not awaited, or its money cannot go back. */
export function whyNotReturn(checkout: Checkout, lines: readonly ReturnLine[], nowMs: number): No {
  const notAwaited = whyNotLeft(checkout, lines, ({ awaited }) => awaited);
  if (notAwaited) return notAwaited;
  const back = refundLines(checkout, lines);
  return back.length > 0 ? whyNotRefund(checkout, wantedBack(checkout, back), nowMs) : undefined;
}

/** What a return gives money back for. Once all has gone back, it is only told what became of the rest. */
export function refundLines(
  checkout: Checkout,
  lines: readonly ReturnLine[],
): readonly RefundLine[] {
  const isMoneyLeft = refundable(checkout).amountMinor > 0;
  return lines
    .filter(({ outcome, then }) => outcome === "received" && (isMoneyLeft || then))
    .map(({ sku, quantity, then }) => ({ sku, quantity, ...(then ? { then } : {}) }));
}

function whyNotLeft(
  checkout: Checkout,
  lines: readonly Line[],
  countOf: (account: WithdrawalAccount) => number,
): No {
  const accounts = lineAccounts(checkout, "promised").map((account) => ({
    account,
    count: countOf(withdrawalAccount(checkout, account)),
  }));
  const fits = merged(lines).every(({ sku, quantity }) =>
    accounts.some(({ account, count }) => account.sku === sku && quantity <= count),
  );
  if (fits) return undefined;
  const left = accounts
    .filter(({ count }) => count > 0)
    .map(({ account, count }) => {
      const to = account.ordered - account.letGo;
      const amount = worthOf(account, { from: to - count, to });
      return [account.sku, { quantity: count, amount }] as const;
    });
  return refuse("lines_not_left", { left: Object.fromEntries(left) });
}
