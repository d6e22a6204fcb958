/** Disputes: what a cardholder's bank takes back and gives again. Pure. */

import { type Change, capturedOf, type DisputeCode, type Moment, type Payment } from "./payment.ts";

/** These take the money, these give it back; the others only tell. */
const takes: readonly DisputeCode[] = ["CHARGEBACK", "SECOND_CHARGEBACK"];
const gives: readonly DisputeCode[] = ["CHARGEBACK_REVERSED", "PREARBITRATION_WON"];

/** `amount` null: all that was captured. */
export function dispute(
  payment: Payment,
  code: DisputeCode,
  { amount, moment }: { readonly amount: number | null; readonly moment: Moment },
): Change {
  const sum = amount ?? capturedOf(payment);
  const chargedBack = takes.includes(code) ? sum : gives.includes(code) ? 0 : payment.chargedBack;
  return {
    payment: { ...payment, chargedBack },
    notes: [
      {
        code,
        success: true,
        pspReference: moment.newReference(),
        originalReference: payment.pspReference,
        merchantReference: payment.merchantReference,
        amount: sum,
        reason: "Other Fraud-Card Absent Environment",
        additionalData: {
          chargebackReasonCode: "10.4",
          chargebackSchemeCode: payment.brand,
          defendable: "true",
          disputeStatus: disputeStatus[code],
        },
      },
    ],
  };
}

const disputeStatus: Readonly<Record<DisputeCode, string>> = {
  REQUEST_FOR_INFORMATION: "Undefended",
  NOTIFICATION_OF_FRAUD: "Undefended",
  NOTIFICATION_OF_CHARGEBACK: "Undefended",
  CHARGEBACK: "Undefended",
  CHARGEBACK_REVERSED: "Pending",
  SECOND_CHARGEBACK: "Lost",
  PREARBITRATION_OPEN: "Undefended",
  PREARBITRATION_WON: "Won",
  PREARBITRATION_LOST: "Lost",
};
