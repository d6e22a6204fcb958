import * as z from "zod";
import { CheckoutId } from "./ids.ts";
import { Currency, Money } from "./money.ts";
import { ProviderName } from "./payment.ts";

/** No provider has books of another century, and some break on what came before their own clock. */
const Day = z.iso.date().regex(/^20/, "a day of this century").describe("a day in UTC");

/** Which day's books are compared, and whose. */
export const ReconcileDay = z.strictObject({
  day: Day,
  provider: ProviderName,
  orphansMax: z
    .int()
    .min(0)
    .optional()
    .describe("gives back up to so many payments without an order, where that is right"),
});
export type ReconcileDay = z.infer<typeof ReconcileDay>;

export const ReconciledDay = z.strictObject({ day: Day });

const Sums = z.strictObject({ captured: Money, refunded: Money, chargedBack: Money });

/** The money of one provider and currency, twice. */
const Figures = z.strictObject({
  provider: ProviderName,
  currency: Currency,
  payments: z.int().min(0),
  orders: z.int().min(0),
  orderSums: Sums.describe("what our orders say"),
  providerSums: Sums.describe("what the provider's books say"),
  driftMinor: z
    .int()
    .describe("the provider's net less the orders', minor units; 0 when they agree"),
  ranAt: z.iso.datetime(),
});

const Item = z.strictObject({
  provider: ProviderName,
  reference: z.string().describe("the provider's name of the payment"),
  checkoutId: CheckoutId,
  kind: z.enum(["orphan", "amounts_differ", "dispute_differs", "unknown_to_provider"]),
  currency: Currency,
  orderNetMinor: z.int(),
  providerNetMinor: z.int(),
  done: z
    .enum([
      ...["found", "reported", "woken", "asked", "voided", "refunded"],
      ...["never_existed", "matched"],
    ] as const)
    .describe("what was done about it; `reported` is a person's"),
  cause: z.string().exactOptional(),
  firstSeenAt: z.iso.datetime(),
});

/** What a day's reconciliation came to, as of its latest look. */
export const Reconciliation = z.strictObject({
  day: Day,
  figures: z.array(Figures),
  items: z.array(Item),
});
export type Reconciliation = z.infer<typeof Reconciliation>;
