import type { Quote } from "../../../schema/checkout.ts";
import { Sku } from "../../../schema/ids.ts";
import type { Money } from "../../../schema/money.ts";
import { PromotionId } from "../../../schema/promotion.ts";

export const MUG = Sku.parse("mug");
export const SHIRT = Sku.parse("shirt");

/** A code that takes everything off. */
export const FREE = "FREE";

/** Every code here is a promotion that may be used once. */
export function quotedFor(codes: readonly string[] | undefined): Quote {
  if (!codes) return quoted;
  const counted = codes.map((code) => {
    return { promotionId: PromotionId.parse(code.toLowerCase()), name: code, code, usesMax: 1 };
  });
  const isFree = codes.includes(FREE);
  const { subtotal } = quoted;
  return { ...quoted, counted, ...(isFree ? { discount: subtotal, total: eur(0) } : {}) };
}

const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });

/** What everything costs here. */
export const quoted: Quote = {
  lines: [
    { sku: MUG, name: "Mug", quantity: 2, unitAmount: eur(1000), amount: eur(2000) },
    { sku: SHIRT, name: "Shirt", quantity: 1, unitAmount: eur(3000), amount: eur(3000) },
  ],
  shipping: { option: "standard", name: "Standard", amount: eur(0) },
  discounts: [],
  taxes: [],
  subtotal: eur(5000),
  discount: eur(0),
  tax: eur(0),
  total: eur(5000),
  expiresAt: new Date(0).toISOString(),
  hash: "0",
};
