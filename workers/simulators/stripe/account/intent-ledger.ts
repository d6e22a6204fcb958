/** What an auditor compares with orders. */

import type { Intent } from "../intents/intent.ts";
import { refundedOf } from "../intents/intent.ts";

const iso = (ms: number): string => new Date(ms).toISOString();

/** One line: one payment. Units: minor units of `currency`. */
export function ledgerLine(intent: Intent) {
  const { dispute } = intent;
  return {
    id: intent.id,
    created: iso(intent.createdMs),
    status: intent.status,
    method: intent.method,
    currency: intent.currency,
    amount: intent.amount,
    amountReceived: intent.amountReceived,
    amountRefunded: refundedOf(intent),
    amountCapturable: intent.amountCapturable,
    metadata: intent.metadata,
    captures: intent.captures.map(({ amount, atMs, final }) => ({
      amount,
      at: iso(atMs),
      final: final ?? true, // a capture of an older build
    })),
    refunds: intent.refunds.map(({ id, amount, status, createdMs, failureReason }) => ({
      id,
      amount,
      status,
      at: iso(createdMs),
      ...(failureReason ? { failureReason } : {}),
    })),
    disputes: dispute
      ? [
          {
            id: dispute.id,
            amount: dispute.amount,
            status: dispute.status,
            reason: dispute.reason,
            at: iso(dispute.createdMs),
          },
        ]
      : [],
    idempotencyKeys: intent.idempotencyKeys,
  };
}
