import { ProviderName } from "../../schema/payment.ts";
import type { RoutingRule } from "../../schema/routing.ts";

/**
 * What holds where a shop has no rules, or none of them fits: everybody who can, one after the
 * other, in the order in which `ProviderName` lists them.
 */
export const defaultRules: readonly RoutingRule[] = [
  { name: "default", order: ProviderName.options.map((provider) => [{ provider, weight: 1 }]) },
];
