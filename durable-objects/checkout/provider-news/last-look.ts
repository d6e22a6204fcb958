import type { Notice } from "../../../payments/webhook-notice.ts";
import type { ProviderName } from "../../../schema/payment.ts";
import type { Run } from "../../saga/run.ts";
import { paymentName } from "../after-sale/provider-requests.ts";
import type { PayInput } from "../paying/pay.input.ts";

/** A request that we gave up may still have been on its way, and clocks differ. */
const SLACK_MS = 10 * 60_000;

type PossibleMoney = {
  /** As a webhook would have told it; whether there is such money is then asked. */
  readonly notice: Notice;
  /** When the payment was begun, if it was. */
  readonly window: { readonly startedAtMs: number; readonly untilMs: number };
};

/** Each provider that an attempt has asked and that is not known to hold its money. */
export function possibleLateMoney(runs: readonly Run[]): readonly PossibleMoney[] {
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
