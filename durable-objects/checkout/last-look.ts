import type { Notice } from "../../payments/notice.ts";
import { readReference } from "../../payments/payment-reference.ts";
import type { ProviderName } from "../../schema/payment.ts";
import { findAct, type Run } from "../saga/run.ts";
import { giveBackId } from "./aftermath.ts";
import type { Checkout } from "./checkout.ts";
import type { GiveBackInput } from "./give-back.saga.ts";
import type { PayInput } from "./pay.saga.ts";
import { paymentName } from "./payment-calls.ts";

/** A request that we gave up may still have been on its way, and clocks differ. */
const SLACK_MS = 10 * 60_000;

type Forgotten = {
  /** As a webhook would have told it; whether there is such money is then asked. */
  readonly notice: Notice;
  /** When the payment was begun, if it was. */
  readonly window: { readonly startedAtMs: number; readonly untilMs: number };
};

/** Each provider that an attempt has asked and that is not known to hold its money. */
export function forgotten(runs: readonly Run[]): readonly Forgotten[] {
  return runs
    .filter(({ saga, ended }) => saga === "pay" && ended)
    .flatMap(({ input, acts, startedAtMs }) => {
      const { sale, attempt, route, late } = input as PayInput;
      if (late) return [];
      const lastMs = Math.max(...acts.map((act) => act.endedAtMs ?? act.attemptAtMs));
      const window = { startedAtMs, untilMs: lastMs + SLACK_MS };
      const asked = route.providers.filter((provider) =>
        acts.some(({ step, option }) => step === "authorize" && option === provider),
      );
      const { paymentReference: ourReference } = paymentName(sale, attempt);
      return asked.map((provider) => ({ notice: asTold(provider, ourReference), window }));
    });
}

function asTold(provider: ProviderName, ourReference: string): Notice {
  return {
    ...{ provider, ourReference, reference: "", about: "" },
    ...{ noticeId: `last-look/${ourReference}`, type: "last_look" },
    ...{ kind: "authorization", success: true, createdAtMs: 0 },
  };
}

type Seen = { readonly checkout: Checkout; readonly runs: readonly Run[] };

/**
 * Whether a payment that stands in a provider's books is this sale's to settle: its order's own, one
 * that is under way, or late money of an attempt that was given up. Else nobody here will ever ask
 * for it, and it may be given back by whoever found it.
 */
export function isItsMoney({ provider, reference, ourReference }: Notice, seen: Seen): boolean {
  const { checkout, runs } = seen;
  const attempt = readReference(ourReference)?.attempt;
  const run = runs.find(({ runId }) => runId === `${checkout.checkoutId}/pay/${attempt}`);
  if (attempt === undefined || !run) return false;
  const isUnderWay = runs.some(
    ({ saga, ended }) => !ended && (saga === "pay" || saga === "giveBack"),
  );
  if (isUnderWay) return true;
  const known = [
    checkout.paidBy?.secured,
    ...runs.map(({ saga, input }) =>
      saga === "pay" ? (input as PayInput).late?.secured : undefined,
    ),
    ...runs
      .filter(({ runId }) => runId === giveBackId(checkout, attempt, provider))
      .map(({ input }) => (input as GiveBackInput).paidBy.secured),
  ].filter((secured) => secured?.provider === provider);
  if (known.some((secured) => secured?.reference === reference)) return true;
  const isSettled =
    checkout.payments.some(({ lateOf }) => lateOf === attempt) ||
    runs.some(({ runId }) => runId === giveBackId(checkout, attempt, provider));
  if (isSettled) return false;
  const act = findAct(run, "authorize", provider);
  return run.ended === "undone" || act?.state === "undone" || act?.state === "refused";
}
