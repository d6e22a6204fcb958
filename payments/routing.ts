import type { ShopId } from "../schema/ids.ts";
import type { Money } from "../schema/money.ts";
import type { Refusal } from "../schema/outcome.ts";
import type { CaptureMode, PaymentMethod, ProviderName } from "../schema/payment.ts";
import { refuse } from "../schema/refusals.ts";
import type { Country, RegionCode } from "../schema/regions.ts";
import { capabilityOf, providersFor } from "./capabilities.ts";

/** Everything that the choice of a provider depends on. No personal data: it is told to operators. */
export type RouteRequest = {
  readonly shopId: ShopId;
  readonly region: RegionCode;
  readonly country: Country;
  readonly method: PaymentMethod;
  readonly amount: Money;
  /** For cards: the providers that the shopper's browser has a token of. */
  readonly tokens: readonly ProviderName[];
  /** Which optional parts the payment has; some providers need them. */
  readonly has: readonly ("cpf" | "returnUrl")[];
};

/** The providers to try in this order, and why; stored with the attempt. */
export type Route = {
  readonly providers: readonly ProviderName[];
  readonly why: readonly string[];
};

/** A shop's rules and the providers' health as known now: from here on nobody has to be asked. */
export interface RouteBook {
  /** When this shop takes the money of its orders. */
  readonly captureMode: CaptureMode;
  route(request: RouteRequest): Route | Refusal<"payment_method_unavailable">;
}

export interface Routing {
  /** Costs nothing while the isolate knows the shop; it never asks a provider. */
  book(shopId: ShopId): Promise<RouteBook>;
}

/** The providers that could take this payment at all, in the table's order. */
export function candidatesFor(request: RouteRequest): readonly ProviderName[] {
  const { method, country, amount, tokens, has } = request;
  return providersFor(method, { country, currency: amount.currency }).filter((provider) => {
    const needs = capabilityOf(provider, method)?.needs ?? [];
    const hasToken = method !== "card" || tokens.includes(provider);
    return hasToken && needs.every((need) => has.includes(need));
  });
}

/** Whoever can, in the table's order. */
const plainBook: RouteBook = {
  captureMode: "at_once",
  route: (request) => {
    const providers = candidatesFor(request);
    if (providers.length > 0) return { providers, why: ["the providers that can, in order"] };
    const { method, country, amount } = request;
    return refuse("payment_method_unavailable", { method, country, currency: amount.currency });
  },
};

export const plainRouting: Routing = { book: async () => plainBook };
