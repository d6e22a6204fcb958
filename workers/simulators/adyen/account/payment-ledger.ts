/** One line of the ledger: what an auditor compares with orders. */

import {
  authorisedOf,
  cancelledOf,
  capturedOf,
  chargedBackOf,
  type Payment,
  refundedOf,
} from "../payments/stored-payment.ts";

const iso = (ms: number): string => new Date(ms).toISOString();

export function ledgerLine(payment: Payment) {
  return {
    reference: payment.metadata.checkout_id ?? payment.merchantReference,
    merchantReference: payment.merchantReference,
    pspReference: payment.pspReference,
    merchantAccount: payment.merchantAccount,
    created: iso(payment.createdMs),
    status: payment.status,
    method: payment.method,
    brand: payment.brand,
    currency: payment.currency,
    amount: payment.amount,
    amountAuthorised: authorisedOf(payment),
    amountCaptured: capturedOf(payment),
    amountRefunded: refundedOf(payment),
    amountCancelled: cancelledOf(payment),
    amountChargedBack: chargedBackOf(payment),
    refusalReasonCode:
      payment.status === "refused" || payment.status === "error"
        ? (payment.refusal?.code ?? null)
        : null,
    metadata: payment.metadata,
    modifications: payment.modifications.map(({ atMs, ...each }) => ({ ...each, at: iso(atMs) })),
    idempotencyKeys: payment.idempotencyKeys,
  };
}
