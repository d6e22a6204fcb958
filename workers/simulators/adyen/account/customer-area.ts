/** What a merchant does by hand in Adyen's Customer Area. */

import { isBody, text } from "../api/body-check.ts";
import type { World } from "../calls/adyen-world.ts";
import { type Asked, modify } from "../payments/modify-payment.ts";
import type { Payment } from "../payments/stored-payment.ts";

const acts = {
  capture: { kind: "capture", code: "CAPTURE" },
  refund: { kind: "refund", code: "REFUND" },
  cancel: { kind: "cancel", code: "CANCELLATION" },
} as const satisfies Record<string, Pick<Asked, "kind" | "code">>;
type Act = keyof typeof acts | "cancel_or_refund";

const isAct = (act: string): act is Act => Object.hasOwn(acts, act) || act === "cancel_or_refund";

/**
 * `{ pspReference, act, amount?, reference? }`. The outcome is told by webhook, as of any modification; without a
 * reference of its own it bears the payment's. Answers a sentence when there is no such payment or act.
 */
export function actInCustomerArea(world: World, body: unknown): { status: string } | string {
  if (!isBody(body)) return "The body must be a JSON object.";
  const payment = world.payment(text(body, "pspReference"));
  if (!payment) return "There is no such payment.";
  const act = text(body, "act");
  if (!isAct(act)) return `act is one of ${[...Object.keys(acts), "cancel_or_refund"].join(", ")}`;
  const asked: Asked = {
    ...wishOf(payment, act),
    pspReference: world.moment.newReference(),
    reference: text(body, "reference") || null,
    amount: typeof body.amount === "number" ? body.amount : null,
  };
  const { status } = world.save(modify(payment, asked, world.moment));
  return { status };
}

function wishOf({ status }: Payment, act: Act): Pick<Asked, "kind" | "code" | "additionalData"> {
  if (act !== "cancel_or_refund") return acts[act];
  const kind = status === "captured" ? "refund" : "cancel";
  return { kind, code: "CANCEL_OR_REFUND", additionalData: { "modification.action": kind } };
}
