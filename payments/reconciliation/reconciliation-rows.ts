import * as z from "zod";
import { CheckoutId, ShopId } from "../../schema/ids.ts";
import { ProviderName } from "../../schema/payment.ts";
import type { Finding } from "./ledger-comparison.ts";
import type { Figures } from "./reconciliation-figures.ts";

/** What became of something that did not match. */
export const Done = z.enum([
  ...["found", "reported", "woken", "asked", "voided", "refunded", "never_existed", "matched"],
] as const);
export type Done = z.infer<typeof Done>;

export type Item = Finding & {
  readonly day: string;
  readonly done: Done;
  readonly cause: string;
  readonly attempts: number;
  readonly firstAtMs: number;
};

export type KeptFigures = Figures & {
  readonly providerName: ProviderName;
  readonly day: string;
  readonly ranAtMs: number;
};

const ItemRow = z.object({
  provider: ProviderName,
  reference: z.string(),
  kind: z.enum(["orphan", "amounts_differ", "dispute_differs", "unknown_to_provider"]),
  shop_id: ShopId,
  checkout_id: CheckoutId,
  our_reference: z.string(),
  day: z.string(),
  currency: z.string(),
  ordered_minor: z.int(),
  provider_minor: z.int(),
  done: Done,
  cause: z.string(),
  attempts: z.int(),
  first_at_ms: z.int(),
});

const FigureRow = z.object({
  shop_id: ShopId,
  provider: ProviderName,
  day: z.string(),
  currency: z.string(),
  payments: z.int(),
  orders: z.int(),
  ordered_captured_minor: z.int(),
  ordered_refunded_minor: z.int(),
  ordered_charged_back_minor: z.int(),
  provider_captured_minor: z.int(),
  provider_refunded_minor: z.int(),
  provider_charged_back_minor: z.int(),
  ran_at_ms: z.int(),
});

export function toItem(row: unknown): Item {
  const { shop_id, checkout_id, our_reference, ordered_minor, provider_minor, ...item } =
    ItemRow.parse(row);
  const { first_at_ms, ...same } = item;
  return {
    ...same,
    shopId: shop_id,
    checkoutId: checkout_id,
    ourReference: our_reference,
    orderedMinor: ordered_minor,
    providerMinor: provider_minor,
    firstAtMs: first_at_ms,
  };
}

export function toFigures(row: unknown): KeptFigures {
  const read = FigureRow.parse(row);
  return {
    shopId: read.shop_id,
    providerName: read.provider,
    day: read.day,
    currency: read.currency,
    payments: read.payments,
    orders: read.orders,
    ordered: {
      capturedMinor: read.ordered_captured_minor,
      refundedMinor: read.ordered_refunded_minor,
      chargedBackMinor: read.ordered_charged_back_minor,
    },
    provider: {
      capturedMinor: read.provider_captured_minor,
      refundedMinor: read.provider_refunded_minor,
      chargedBackMinor: read.provider_charged_back_minor,
    },
    ranAtMs: read.ran_at_ms,
  };
}
