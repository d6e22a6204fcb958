import type { Line } from "../../../../schema/checkout.ts";
import type { Sku } from "../../../../schema/ids.ts";
import type { ReturnLine } from "../../../../schema/withdrawal.ts";
import type { Checkout } from "../../sale/checkout.ts";
import type { LineAccount } from "../lines/line-accounts.ts";

/** What withdrawals have come to on a line, in pieces. */
export type WithdrawalAccount = {
  readonly withdrawn: number;
  /** Of these, handed over and still to come back. */
  readonly awaited: number;
  readonly received: number;
  /** Not taken back. */
  readonly refused: number;
  /** Not sent back by the shopper. */
  readonly neverSent: number;
  /** Still the contract's: neither withdrawn from, nor cancelled or returned otherwise. */
  readonly left: number;
};

export function withdrawalAccount(
  { withdrawals = [], returns = [] }: Checkout,
  { sku, ordered, sent, cancelled, returned }: LineAccount,
): WithdrawalAccount {
  const confirmed = withdrawals.filter(({ confirmedAtMs }) => confirmedAtMs !== undefined);
  const withdrawn = piecesOf(
    confirmed.flatMap(({ lines }) => lines),
    sku,
  );
  const stopped = piecesOf(
    confirmed.flatMap(({ stopped: some = [] }) => some),
    sku,
  );
  const told = returns.flatMap(({ lines }) => lines).filter((line) => line.sku === sku);
  const by = (is: (line: ReturnLine) => boolean) => piecesOf(told.filter(is), sku);
  const received = by(({ outcome }) => outcome === "received");
  const refused = by(({ outcome }) => outcome === "refused");
  const neverSent = by(({ outcome }) => outcome === "never_sent");
  const open = withdrawn - stopped - received - refused - neverSent;
  const moved = by(({ then }) => then !== undefined);
  const elsewhere = Math.max(0, cancelled - stopped) + Math.max(0, returned - moved);
  return {
    ...{ withdrawn, received, refused, neverSent },
    awaited: Math.max(0, Math.min(open, sent - returned)),
    left: Math.max(0, ordered - withdrawn - elsewhere),
  };
}

/** As the order's line tells it; what is nothing is left out. */
export function withdrawalFacts(checkout: Checkout, account: LineAccount) {
  if (!checkout.withdrawals) return {};
  const { withdrawn, awaited, received, refused, neverSent } = withdrawalAccount(checkout, account);
  return {
    ...(withdrawn > 0 ? { withdrawn } : {}),
    ...(awaited > 0 ? { awaited } : {}),
    ...(received > 0 ? { received } : {}),
    ...(refused > 0 ? { returnRefused: refused } : {}),
    ...(neverSent > 0 ? { neverSentBack: neverSent } : {}),
  };
}

function piecesOf(lines: readonly Line[], sku: Sku): number {
  return lines.reduce((all, line) => (line.sku === sku ? all + line.quantity : all), 0);
}
