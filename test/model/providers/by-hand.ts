import type { Notice } from "../../../payments/webhook-notice.ts";
import type { Outside } from "./outside.ts";
import { type Entry, netMinor } from "./provider-ledger.ts";

/** What a merchant does to a payment in its provider's own dashboard: done at once, told by webhook. */

const PART_MINOR = 2_000;
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

type Act = "capture" | "refund" | "void";

/** What can be done by hand to a payment as it stands. */
export function actsByHand(entry: Entry): readonly Act[] {
  if (entry.method !== "card" || entry.state !== "held") return [];
  if (entry.capturedMinor === 0) return ["capture", "void"];
  return netMinor(entry) > 0 ? ["refund"] : [];
}

export function actByHand(outside: Outside, entry: Entry, act: Act): void {
  const reference = `${entry.reference}_${act}_by_hand_${entry.refunds.length}`;
  if (act === "void") entry.state = "voided";
  if (act === "capture") entry.capturedMinor = PART_MINOR;
  const amountMinor = act === "refund" ? Math.min(PART_MINOR, netMinor(entry)) : PART_MINOR;
  if (act === "refund") {
    entry.refundedMinor += amountMinor;
    entry.refunds.push({ reference, amountMinor });
  }
  outside.tell({
    name: `${entry.provider}: ${reference}`,
    // Its sums are read as it is told, as the real reader of webhooks reads them.
    ways: () => ({ told: () => noticeOf(entry, act, { reference, amountMinor }) }),
  });
}

const WORDS = {
  stripe: {
    capture: "charge.captured",
    refund: "charge.refunded",
    void: "payment_intent.canceled",
  },
  adyen: { capture: "CAPTURE", refund: "REFUND", void: "CANCELLATION" },
} as const;

/** It bears the payment's own reference: the act has none of ours. */
function noticeOf(
  { provider, reference: payment, ours, capturedMinor, refundedMinor }: Entry,
  act: Act,
  { reference, amountMinor }: { readonly reference: string; readonly amountMinor: number },
): Notice {
  const type = WORDS[provider][act];
  const isStripe = provider === "stripe";
  const sums = { captured: eur(capturedMinor), refunded: eur(refundedMinor) };
  return {
    ...{ provider, type, success: true, createdAtMs: 0, ourReference: ours, reference: payment },
    noticeId: `${type}/${reference}/true`,
    kind: act === "void" && isStripe ? "expiry" : act,
    about: isStripe ? payment : reference,
    ...(isStripe ? { told: sums } : { amount: eur(amountMinor) }),
  };
}
