/** As examples.ts, of how payments find their providers. */

export const routingTable = {
  rules: [
    {
      name: "eu-cards",
      match: { regions: ["eu"], methods: ["card"] },
      order: [[{ provider: "adyen", weight: 1 }], [{ provider: "stripe", weight: 1 }]],
    },
    {
      name: "everybody-else",
      order: [
        [
          { provider: "stripe", weight: 70 },
          { provider: "adyen", weight: 30 },
        ],
      ],
    },
  ],
};
export const routing = { ...routingTable, from: "shop" };
export const shopSettings = {
  captureMode: "on_fulfillment",
  usesOfCancelledOrders: "returned",
  extraMethods: ["wero"],
  withdrawalDays: { default: 14, countries: { NL: 30 } },
};
export const providerHealth = {
  providers: [
    {
      region: "eu",
      provider: "stripe",
      method: "card",
      breaker: "open",
      since: "2026-11-23T10:02:41.310Z",
      calls: 34,
      successRate: 0.41,
      p50Ms: 390,
      p95Ms: 1210,
    },
  ],
};
