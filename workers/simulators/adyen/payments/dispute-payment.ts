/** Disputes: what a cardholder's bank takes back and gives again. Pure. */

import {
  type Change,
  capturedOf,
  type Dispute,
  type DisputeCode,
  type Moment,
  type Payment,
} from "./stored-payment.ts";

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
  const pspReference = moment.newReference();
  const moves = takes.includes(code) ? "taken" : gives.includes(code) ? "given_back" : "nothing";
  const entry: Dispute = { pspReference, code, amount: sum, moves, atMs: moment.nowMs };
  return {
    payment: { ...payment, disputes: [...payment.disputes, entry] },
    notes: [
      {
        code,
        success: true,
        pspReference,
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
