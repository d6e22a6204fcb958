/** The account's balance, worked out from the payments: every movement, and the payouts of past days. Pure. */

import type { Intent } from "./intent.ts";

const DAY_MS = 86_400_000;
const FEE_SHARE = 0.015;
const FEE_FIXED = 25; // minor units
const DISPUTE_FEE = 1500; // minor units; kept by the provider, whatever the end

type MovementType =
  | "adjustment"
  | "charge"
  | "payment"
  | "payment_failure_refund"
  | "payment_refund"
  | "payout"
  | "refund"
  | "refund_failure";

/** Units: minor units of `currency`; `net` is `amount` less `fee`. */
export interface Movement {
  readonly id: string;
  readonly type: MovementType;
  readonly category: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly source: string;
  readonly createdMs: number;
}

export interface Payout {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly createdMs: number;
  readonly movements: readonly Movement[];
}

export function captureTxn(chargeId: string, n: number): string {
  return `txn_${chargeId.slice("ch_".length)}${n === 0 ? "" : `c${n}`}`;
}

export const refundTxn = (refundId: string): string => `txn_${refundId.slice("re_".length)}r`;
export const refundFailureTxn = (refundId: string): string => `${refundTxn(refundId)}f`;

const feeOf = (amount: number): number =>
  Math.min(amount, Math.round(amount * FEE_SHARE) + FEE_FIXED);

function capturesOf({ charge, captures, currency }: Intent): Movement[] {
  if (charge === null) return [];
  return captures.map(({ amount, atMs }, n) => ({
    id: captureTxn(charge.id, n),
    type: charge.method === "card" ? "charge" : "payment",
    category: "charge",
    amount,
    fee: feeOf(amount),
    currency,
    source: charge.id,
    createdMs: atMs,
  }));
}

function refundsOf({ charge, refunds, currency }: Intent): Movement[] {
  const isCard = charge?.method === "card";
  return refunds.flatMap(({ id, amount, debitedMs, returnedMs }) => {
    const common = { fee: 0, currency, source: id };
    const out: Movement[] = [];
    if (debitedMs !== null) {
      out.push({
        ...common,
        id: refundTxn(id),
        type: isCard ? "refund" : "payment_refund",
        category: "refund",
        amount: -amount,
        createdMs: debitedMs,
      });
    }
    if (returnedMs !== null) {
      out.push({
        ...common,
        id: refundFailureTxn(id),
        type: isCard ? "refund_failure" : "payment_failure_refund",
        category: "refund_failure",
        amount,
        createdMs: returnedMs,
      });
    }
    return out;
  });
}

/** What a dispute has moved so far. */
export function disputeMovements({ dispute, currency }: Intent): Movement[] {
  if (dispute === null || dispute.withdrawnMs === null) return [];
  const id = `txn_${dispute.id.slice("du_".length)}d`;
  const common = { type: "adjustment", currency, source: dispute.id } as const;
  const taken: Movement = {
    ...common,
    id,
    category: "dispute",
    amount: -dispute.amount,
    fee: DISPUTE_FEE,
    createdMs: dispute.withdrawnMs,
  };
  if (dispute.reinstatedMs === null) return [taken];
  const back: Movement = {
    ...common,
    id: `${id}b`,
    category: "dispute_reversal",
    amount: dispute.amount,
    fee: 0,
    createdMs: dispute.reinstatedMs,
  };
  return [taken, back];
}

export function movementsOf(intent: Intent): Movement[] {
  return [...capturesOf(intent), ...refundsOf(intent), ...disputeMovements(intent)];
}

const netOf = (movements: readonly Movement[]): number =>
  movements.reduce((sum, { amount, fee }) => sum + amount - fee, 0);

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/**
 * One payout per currency for each UTC day that is over, made at its end; a day that would pay nothing out waits for
 * the next. Σ net of its movements is its amount.
 */
export function payoutsOf(movements: readonly Movement[], nowMs: number): Payout[] {
  const payouts: Payout[] = [];
  const over = movements.filter(({ createdMs }) => dayOf(createdMs) < dayOf(nowMs));
  for (const currency of new Set(over.map((movement) => movement.currency))) {
    const mine = over.filter((movement) => movement.currency === currency);
    const days = [...new Set(mine.map(({ createdMs }) => dayOf(createdMs)))].sort((a, b) => a - b);
    let open: Movement[] = [];
    for (const day of days) {
      open = [...open, ...mine.filter(({ createdMs }) => dayOf(createdMs) === day)];
      const amount = netOf(open);
      if (amount <= 0) continue;
      const createdMs = (day + 1) * DAY_MS;
      payouts.push({ id: `po_${currency}${day}`, amount, currency, createdMs, movements: open });
      open = [];
    }
  }
  return payouts;
}

/** A payout is a movement too. */
export function payoutMovement({ id, amount, currency, createdMs }: Payout): Movement {
  return {
    id: `txn_${id.slice("po_".length)}`,
    type: "payout",
    category: "payout",
    amount: -amount,
    fee: 0,
    currency,
    source: id,
    createdMs,
  };
}
