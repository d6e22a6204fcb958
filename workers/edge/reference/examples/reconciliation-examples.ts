/** What the reference shows of reconciliation. A test parses each against the schema of its call. */

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

export const reconcileDay = { day: "2026-11-24", provider: "stripe" };

export const reconciled = {
  day: "2026-11-24",
  figures: [
    {
      provider: "stripe",
      currency: "EUR",
      payments: 3,
      orders: 2,
      orderSums: { captured: eur(3578), refunded: eur(500), chargedBack: eur(0) },
      providerSums: { captured: eur(5367), refunded: eur(500), chargedBack: eur(0) },
      driftMinor: 1789,
      ranAt: "2026-11-25T03:20:04.118Z",
    },
  ],
  items: [
    {
      provider: "stripe",
      reference: "pi_3QX1",
      checkoutId: "chk_eu_4j7q0w1nqk6cz7h9v2t8xb5dme",
      kind: "orphan",
      currency: "EUR",
      orderNetMinor: 0,
      providerNetMinor: 1789,
      done: "refunded",
      firstSeenAt: "2026-11-25T03:20:04.118Z",
    },
  ],
};
