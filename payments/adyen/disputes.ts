import type { Dispute, Secured } from "../provider.ts";
import type { Notice } from "../webhook-notice.ts";

/**
 * The stages of a dispute, each beating those before it, whatever order they are heard in. A bank's
 * request for information and a report of fraud are none: no money moves, and refunds stay allowed.
 * Source: https://docs.adyen.com/risk-management/disputes-api/dispute-notifications
 */
const STAGES: readonly { readonly types: readonly string[]; readonly is: Dispute["dispute"] }[] = [
  { types: ["NOTIFICATION_OF_CHARGEBACK"], is: "open" },
  { types: ["CHARGEBACK"], is: "open" },
  { types: ["DISPUTE_DEFENSE_PERIOD_ENDED"], is: "lost" }, // nobody defended it
  { types: ["CHARGEBACK_REVERSED"], is: "won" },
  { types: ["PREARBITRATION_OPEN", "SCHEME_ARBITRATION"], is: "open" },
  { types: ["SECOND_CHARGEBACK", "PREARBITRATION_ACCEPTED"], is: "lost" },
  { types: ["PREARBITRATION_WON", "PREARBITRATION_ISSUER_WITHDRAWN"], is: "won" },
  { types: ["PREARBITRATION_LOST", "SCHEME_ARBITRATION_LOST"], is: "lost" },
  { types: ["SCHEME_ARBITRATION_WON"], is: "won" },
];

/**
 * The dispute of a payment, as its furthest stage has it. Adyen's webhooks name the payment, and
 * not always the dispute: a payment has one.
 */
export function disputesOf(
  { reference: payment }: Secured,
  heard: readonly Notice[],
): readonly Dispute[] {
  const told = heard.filter(
    ({ provider, kind, reference }) =>
      provider === "adyen" && kind === "dispute" && reference === payment,
  );
  const furthest = STAGES.findLast(({ types }) => told.some(({ type }) => types.includes(type)));
  const notice = told.find(({ type }) => furthest?.types.includes(type));
  if (!furthest || !notice?.amount) return [];
  return [
    {
      reference: payment,
      dispute: furthest.is,
      amount: notice.amount,
      reason: notice.type.toLowerCase(),
    },
  ];
}
