import { isRefusal, isUnsentBug } from "../../schema/outcome.ts";
import type { ProviderName } from "../../schema/payment.ts";
import type { RegionCode } from "../../schema/regions.ts";
import type { Sample } from "../health/health-watch.ts";
import { CARD_LOST, type PaymentProvider } from "../provider.ts";
import { withAuthorize } from "./authorize-decorator.ts";

type Meter = {
  readonly name: ProviderName;
  readonly nowMs: () => number;
  note(region: RegionCode, sample: Sample): void;
};

/**
 * The provider, with the outcome and time of each authorize told to its health. Of a repeated call
 * only good answers are told: one request that can never be answered must not open a breaker alone.
 */
export function measured(provider: PaymentProvider, { name, nowMs, note }: Meter): PaymentProvider {
  return withAuthorize(provider, async (request, call) => {
    const startedAtMs = nowMs();
    const told = (outcome: Sample["outcome"]) => {
      if (outcome === "fault" && call.nthTry > 1) return;
      const atMs = nowMs();
      const { method } = request;
      note(call.region, { provider: name, method, outcome, durationMs: atMs - startedAtMs, atMs });
    };
    try {
      const answer = await provider.authorize(request, call);
      if (!isRefusal(answer)) told("answered");
      else if (answer.detail?.reason !== CARD_LOST)
        told(answer.detail?.retryable === true ? "fault" : "refused");
      return answer;
    } catch (problem) {
      // A mistake of ours says nothing about the provider, which was never asked.
      if (!isUnsentBug(problem)) told("fault");
      throw problem;
    }
  });
}
