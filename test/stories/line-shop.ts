import { expect } from "vitest";
import type { CaptureMode, ProviderName } from "../../schema/payment.ts";
import { OrderRow } from "../audit/dumps.ts";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";
import { adyenCard, cartOf, checkoutIn, MERCHANT_KEY } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { openShop, type Shop } from "./open-shop.ts";

export const SETTLED = { withinMs: 45_000, gapMs: 100 };
export const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
export const providers: readonly ProviderName[] = ["stripe", "adyen"];
const cards = {
  stripe: { stripe: "pm_card_visa" },
  adyen: { adyen: adyenCard() },
} as const;

export const one = (sku: string, more: object = {}) => ({ sku, quantity: 1, ...more });
export const left = (quantity: number, amountMinor: number) => ({
  quantity,
  amount: eur(amountMinor),
});
export const notLeft = (lines: object) => ({
  status: 409,
  body: { code: "lines_not_left", left: lines },
});
/** Done, or received where the provider decides later. */
export const accepted = ({ status }: { status: number }) => expect([200, 202]).toContain(status);

/** A shop with pieces at round prices that are carried for nothing, but for those to France. */
export async function openLineShop(captureMode: CaptureMode = "at_once") {
  const shop = await openShop({ ADYEN_SEVERAL_CAPTURES: "true" });
  await shop.takesMoney(captureMode); // before the shop's first sale
  await stocked(shop);
  return {
    ...shop,
    ordered: (provider: ProviderName, pieces: Record<string, number>, more: object = {}) =>
      orderedIn(shop, provider, { pieces, more }),
  };
}

async function stocked({ storefront, receive }: Shop) {
  const call = async (path: string, body: object) => {
    const at = `/v1/ops/catalogue${path}`;
    const answer = await storefront.send("PUT", at, { apiKey: LOCAL_OPERATOR_KEY, body });
    expect([path, answer.status]).toEqual([path, 200]);
  };
  const prices = { a: 1000, b: 3000, half: 2000, full: 2000, off: 800, ten: 400 };
  for (const [sku, amountMinor] of Object.entries(prices)) {
    await call(`/products/${sku}`, { name: sku, prices: [{ currency: "EUR", amountMinor }] });
    await receive(sku, 100, `first-${sku}`);
  }
  const promotions = {
    carried: { kind: "free_shipping", options: ["standard"] },
    halved: { kind: "percentage", ppm: 500_000, skus: ["half"] },
    "four-off": { kind: "fixed", amounts: { EUR: 400 }, skus: ["off"] },
    "two-off": { kind: "fixed", amounts: { EUR: 200 }, skus: ["ten"] },
  };
  for (const [id, rule] of Object.entries(promotions)) {
    await call(`/promotions/${id}`, { name: id, rule, exclusive: false, rank: 1 });
  }
}

type Bought = { readonly pieces: Record<string, number>; readonly more: object };

/** An order of these pieces, paid by card at this provider. */
async function orderedIn(shop: Shop, provider: ProviderName, { pieces, more }: Bought) {
  const { storefront } = shop;
  const lines = Object.entries(pieces).map(([sku, quantity]) => ({ sku, quantity }));
  const checkout = checkoutIn(await storefront.create(cartOf("a", 1, { lines, ...more })));
  const payment = { method: "card", tokens: cards[provider] };
  const paid = await storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  expect(paid.status).toBe(200);
  const orderId = paid.body.orderId ?? "";
  const order = async () => OrderRow.parse((await storefront.order(orderId)).body);
  const call = (act: string, body?: object) =>
    storefront.post(`/v1/orders/${orderId}/${act}`, { apiKey: MERCHANT_KEY, body });
  const orderIs = (check: (order: OrderRow) => boolean) => eventually(order, check, SETTLED);
  const payments = () => shop[provider].paymentsOf(checkout);
  return {
    ...{ checkout, orderId, order, call, orderIs, payments },
    refundedIs: (amountMinor: number) =>
      orderIs(({ refunded }) => refunded.amountMinor === amountMinor),
    capturedIs: (amountMinor: number) =>
      orderIs(({ captured }) => captured?.amountMinor === amountMinor),
    /** The auditor reads the store, which may still be behind the order's own object. */
    storedAs: (wanted: string) =>
      eventually(
        async () => (await shop.dumps()).orders.find((row) => row.orderId === orderId),
        (row) => row?.status === wanted,
        SETTLED,
      ),
    fulfilmentIs: (wanted: string) => orderIs(({ fulfilment }) => fulfilment === wanted),
    lineOf: async (sku: string) => (await order()).lines.find((line) => line.sku === sku),
  };
}
