import type { Authorization, Secured } from "../../../payments/provider.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { Entry } from "./provider-ledger.ts";

export type Declined = Refusal<"payment_declined">;

export function isEntry(kept: object): kept is Entry {
  return "state" in kept;
}

export function authorizationOf(entry: Entry): Authorization {
  if (entry.state !== "awaiting") return securedOf(entry);
  return { ...basicsOf(entry), shopper: { type: "redirect", url: "https://bank.invalid/" } };
}

export function securedOf(entry: Entry): Secured {
  const isPaid = entry.method !== "card";
  return { ...basicsOf(entry), ...(isPaid ? { isCaptured: true as const } : {}) };
}

function basicsOf({ provider, method, reference, amountMinor }: Entry): Secured {
  return { provider, method, reference, amount: { amountMinor, currency: "EUR" } };
}

export function declined(retryable: boolean): Declined {
  const detail = { reason: retryable ? "processing_error" : "card_declined", provider: "stripe" };
  return refuse("payment_declined", retryable ? { ...detail, retryable } : detail);
}
