import type { Money } from "../../schema/money.ts";
import type { Refusal } from "../../schema/outcome.ts";
import type { PaymentMethod, ProviderName } from "../../schema/payment.ts";
import { refuse } from "../../schema/refusals.ts";
import type { Country } from "../../schema/regions.ts";
import { type CannotCharge, whyNotCharge } from "../amounts.ts";
import { providersFor } from "../method-capabilities.ts";

/** Nobody can take this payment, or not so little. */
export type NoRoute = Refusal<"payment_method_unavailable" | "amount_too_small">;

type Wanted = {
  readonly method: PaymentMethod;
  readonly country: Country;
  readonly amount: Money;
};

/** A provider that was given, and cannot take the amount. */
type Unable = { readonly provider: ProviderName; readonly no: CannotCharge };

/**
 * Why nobody is asked: nobody has declined. Names who else could take the amount that way.
 *
 * Refuses: amount_too_small where each given provider takes more; else payment_method_unavailable.
 */
export function nobodyFor(
  { method, country, amount }: Wanted,
  refusals: readonly Unable[],
): NoRoute {
  const { currency } = amount;
  const leasts = refusals.flatMap(({ no }) => (no.why === "below_least" ? [no.leastMinor] : []));
  if (leasts.length > 0 && leasts.length === refusals.length) {
    return refuse("amount_too_small", { total: amount, leastMinor: Math.min(...leasts) });
  }
  const detail = { method, country, currency };
  if (refusals.length === 0) return refuse("payment_method_unavailable", detail);
  const others = providersFor(method, { country, currency }).filter(
    (provider) => !whyNotCharge(provider, method, amount),
  );
  const leftOut = Object.fromEntries(refusals.map(({ provider, no }) => [provider, no.why]));
  return refuse("payment_method_unavailable", { ...detail, leftOut, providers: others });
}

export function leftOutBecause({ provider, no }: Unable, { amountMinor, currency }: Money): string {
  return `${provider} is left out: ${amountMinor} minor units of ${currency} are ${missText(no)}`;
}

function missText(no: CannotCharge): string {
  switch (no.why) {
    case "currency_not_taken":
      return "of a currency that it does not take";
    case "below_least":
      return `below its least charge, ${no.leastMinor}`;
    case "above_greatest":
      return `above its greatest charge, ${no.greatestMinor}`;
    case "off_step":
      return `no multiple of ${no.stepMinor}, in which it counts`;
  }
}
