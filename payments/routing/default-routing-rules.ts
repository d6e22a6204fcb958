import type { RoutingRule } from "../../schema/routing.ts";

/** What holds where a shop has no rules, or none of them fits: everybody who can, Stripe first. */
export const defaultRules: readonly RoutingRule[] = [
  {
    name: "default",
    order: [[{ provider: "stripe", weight: 1 }], [{ provider: "adyen", weight: 1 }]],
  },
];
