import { expect } from "vitest";
import type { ProviderName } from "../../schema/payment.ts";
import { adyenCard, type Checkout } from "../clients/storefront.ts";
import type { Shop } from "./open-shop.ts";

const AT_A_TIME = 20;

/** A rule aims at a checkout by what the provider was told of it. */
export const providers = {
  stripe: { tokens: { stripe: "pm_card_visa" }, aim: (id: string) => id },
  adyen: { tokens: { adyen: adyenCard() }, aim: (id: string) => `demo_${id}_1` },
} as const;

export type Sale = Awaited<ReturnType<Shop["open"]>>;

/** Some at a time, in their order: a shop's clients do not all come in one instant, nor wait for each other. */
export async function inTurns<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const turns = Array.from({ length: AT_A_TIME }, async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  });
  await Promise.all(turns);
  return results;
}

export function openMany(shop: Shop, count: number): Promise<Sale[]> {
  return inTurns(Array.from({ length: count }), () => shop.open("mug"));
}

/** One card, good at this provider alone. */
export function payAt(shop: Shop, provider: ProviderName, checkout: Sale) {
  const { tokens } = providers[provider];
  const payment = { method: "card", tokens };
  return shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total }, { key: "pay" });
}

/** The ledgers of these providers have each sale's total once, and nothing else of it. */
export async function chargedOnce(
  shop: Shop,
  at: readonly ProviderName[],
  sales: readonly (Checkout & Pick<Sale, "total">)[],
): Promise<void> {
  const ledgers = await Promise.all(at.map((provider) => shop[provider].ledger()));
  const ledger = Map.groupBy(ledgers.flat(), ({ metadata }) => metadata.checkout_id);
  for (const { checkoutId, total } of sales) {
    const taken = (ledger.get(checkoutId) ?? []).filter(({ amountReceived }) => amountReceived > 0);
    expect(
      taken.map(({ amountReceived }) => amountReceived),
      checkoutId,
    ).toEqual([total.amountMinor]);
  }
}
