import type { CheckoutDeps } from "../../durable-objects/checkout/checkout.deps.ts";
import { withStatus } from "../../durable-objects/checkout/checkout.ts";
import type { CheckoutTx } from "../../durable-objects/checkout/checkout.tx.ts";
import { nextMoneyCall } from "../../durable-objects/checkout/money-calls.ts";
import { openedCheckout, openingOf } from "../../durable-objects/checkout/opening.ts";
import { nextPayment } from "../../durable-objects/checkout/pay.saga.ts";
import { requoting } from "../../durable-objects/checkout/requote.saga.ts";
import type { Runner } from "../../durable-objects/saga/runner.ts";
import { CreateCheckout } from "../../schema/checkout.ts";
import { CartId, CheckoutId } from "../../schema/ids.ts";
import { assert } from "../../schema/outcome.ts";
import type { ProviderName } from "../../schema/payment.ts";
import { ASKING_CARD } from "./bank.ts";
import { demo, MUG, SHIRT, type Shop } from "./shop.ts";

/** The calls of a sale, as its object makes them. */
type SaleRunner = Runner<CheckoutDeps, CheckoutTx>;

export const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
export const cart = { cartId: CartId.parse("crt_eu_0123456789abcdefghjkmnpqrs"), version: 3 };
const origin = "https://shop.invalid";
const fingerprint = "same";
export const card = { method: "card" as const, tokens: { stripe: "pm_card_visa" } };
export const askingCard = {
  ...{ method: "card" as const, tokens: { stripe: ASKING_CARD } },
  returnUrl: `${origin}/thanks`,
};
export type Sale = {
  readonly cart?: typeof cart;
  readonly payment?: typeof card | typeof askingCard | undefined;
  readonly holdMs?: number;
  readonly codes?: readonly string[];
  readonly providers?: readonly ProviderName[];
};

export function open(runner: SaleRunner, { cart: goodsCart, payment, holdMs, codes }: Sale) {
  const lines = [
    { sku: MUG, quantity: 2 },
    { sku: SHIRT, quantity: 1 },
  ];
  const customer = { email: "ada@example.com" };
  const body = CreateCheckout.parse({ lines, currency: "EUR", country: "DE", customer });
  const caller = { shopId: demo, isMerchant: true };
  const goods = { lines, promotionCodes: codes, ...(goodsCart ? { cart: goodsCart } : {}) };
  const call = { ...{ caller, key: "create", fingerprint, checkoutId, origin }, goods };
  const input = { ...openingOf({ ...call, body }, "id-key", Date.now()), payment };
  const hold = holdMs ? { ...input.hold, expiresAtMs: Date.now() + holdMs } : input.hold;
  const opened = { ...input, hold };
  return runner.start("open", `${checkoutId}/open`, opened, (tx, run) => {
    tx.save(openedCheckout(opened, run, Date.now()));
    tx.expectAnswer({ route: "create", key: "create", fingerprint });
  });
}

export function pay(shop: Shop, runner: SaleRunner, { payment = card, providers }: Sale) {
  const { runId, input, paying } = nextPayment(shop.checkout, payment, origin);
  const tried = providers ? { ...input, providers, tokens: tokensOf(providers) } : input;
  return runner.start("pay", runId, tried, (tx) => {
    tx.save(paying);
    tx.expectAnswer({ route: "pay", key: "pay", fingerprint });
  });
}

function tokensOf(providers: readonly ProviderName[]) {
  return Object.fromEntries(providers.map((provider) => [provider, "pm_card_visa"]));
}

export function change(shop: Shop, runner: SaleRunner, codes?: string[]) {
  const { checkout } = shop;
  const lines = [{ sku: MUG, quantity: 5 }];
  const patch = { lines, ...(codes ? { promotionCodes: codes } : {}) };
  const { runId, input } = requoting(checkout, patch, Date.now());
  return runner.start("requote", runId, input, (tx) => {
    tx.save(withStatus(checkout, "processing"));
    tx.expectAnswer({ route: "patch", key: "patch", fingerprint });
  });
}

export function close(shop: Shop, runner: SaleRunner, end: "cancelled" | "expired") {
  const { shopId, hold } = shop.checkout;
  const input = { sale: { shopId, checkoutId }, hold, end };
  return runner.start("close", `${checkoutId}/close`, input);
}

export function moneyCall(
  runner: SaleRunner,
  queued: Shop["checkout"],
  route: "refund" | "cancel_order",
) {
  const next = nextMoneyCall(queued);
  assert(next, "no other money call is out");
  return runner.start(next.saga, next.runId, next.input, (tx) => {
    tx.save(queued);
    tx.expectAnswer({ route, key: route, fingerprint });
  });
}

export async function openedShop(shop: Shop, runner: SaleRunner, sale: Sale): Promise<void> {
  shop.stock();
  await open(runner, { ...sale, payment: undefined });
}

export async function sold(shop: Shop, runner: SaleRunner): Promise<void> {
  await openedShop(shop, runner, {});
  await pay(shop, runner, {});
  assert(shop.status === "captured", "the order is paid");
}
