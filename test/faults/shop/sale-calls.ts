import { cancelLinesRun } from "../../../durable-objects/checkout/after-sale/cancel-lines.saga.ts";
import { wantedCancel } from "../../../durable-objects/checkout/after-sale/lines/wanted-lines.ts";
import { nextMoneyCall } from "../../../durable-objects/checkout/after-sale/money-queue.ts";
import { paymentName } from "../../../durable-objects/checkout/after-sale/provider-requests.ts";
import { closing } from "../../../durable-objects/checkout/ending/close.saga.ts";
import { openedCheckout, openingOf } from "../../../durable-objects/checkout/opening/open.input.ts";
import { reopening, requoting } from "../../../durable-objects/checkout/opening/requote.input.ts";
import {
  nextPayment,
  type PaymentInput,
} from "../../../durable-objects/checkout/paying/pay.input.ts";
import { givingBack } from "../../../durable-objects/checkout/provider-news/give-back.saga.ts";
import { latePayment } from "../../../durable-objects/checkout/provider-news/late-money.ts";
import type { CheckoutTx } from "../../../durable-objects/checkout/sale/checkout.tx.ts";
import { withStatus } from "../../../durable-objects/checkout/sale/checkout-changes.ts";
import type { CheckoutDeps } from "../../../durable-objects/checkout/sale/ports.ts";
import type { Runner } from "../../../durable-objects/saga/runner.ts";
import type { Secured } from "../../../payments/provider.ts";
import { CreateCheckout, type Line } from "../../../schema/checkout.ts";
import { CartId, CheckoutId } from "../../../schema/ids.ts";
import { assert } from "../../../schema/outcome.ts";
import type { CaptureMode, ProviderName } from "../../../schema/payment.ts";
import { ASKING_CARD } from "./bank.ts";
import { FREE, MUG, quotedFor, SHIRT } from "./goods.ts";
import { demo, type Shop } from "./shop.ts";

/** The calls of a sale, as its object makes them. */
type SaleRunner = Runner<CheckoutDeps, CheckoutTx>;

export const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
export const cart = { cartId: CartId.parse("crt_eu_0123456789abcdefghjkmnpqrs"), version: 3 };
const origin = "https://shop.invalid";
const fingerprint = "same";
const basics = { hasAdyenCard: false };
export const card: PaymentInput = { ...basics, method: "card", stripeToken: "pm_card_visa" };
export const askingCard: PaymentInput = {
  ...{ ...card, stripeToken: ASKING_CARD },
  returnUrl: `${origin}/thanks`,
};
export const eitherCard: PaymentInput = { ...card, hasAdyenCard: true };
export const ideal: PaymentInput = { ...basics, method: "ideal", returnUrl: `${origin}/thanks` };
/** What everything was taken off: nobody is asked to pay. */
export const free = {
  payment: { ...basics, method: "none" },
  codes: [FREE],
} as const satisfies Sale;
export type Sale = {
  readonly cart?: typeof cart;
  readonly payment?: PaymentInput | undefined;
  readonly holdMs?: number;
  readonly captureMode?: CaptureMode;
  readonly codes?: readonly string[];
  /** Shirts are sold out at home, and another region sells them as a last resort. */
  readonly borrows?: true;
};

export function open(runner: SaleRunner, { cart: goodsCart, payment, holdMs, codes }: Sale) {
  const lines = [
    { sku: MUG, quantity: 2 },
    { sku: SHIRT, quantity: 1 },
  ];
  const customer = { email: "ada@example.com" };
  const body = CreateCheckout.parse({ lines, currency: "EUR", country: "NL", customer });
  const caller = { shopId: demo, isMerchant: true };
  const goods = { lines, promotionCodes: codes, ...(goodsCart ? { cart: goodsCart } : {}) };
  const call = { ...{ caller, key: "create", fingerprint, checkoutId, origin }, goods };
  const expectedTotal = payment && quotedFor(codes).total;
  const opening = openingOf({ ...call, body }, "id-key", Date.now());
  const input = { ...opening, payment, expectedTotal };
  const hold = holdMs ? { ...input.hold, expiresAtMs: Date.now() + holdMs } : input.hold;
  const opened = { ...input, hold };
  return runner.start("open", `${checkoutId}/open`, opened, (tx, run) => {
    tx.save(openedCheckout(opened, run, Date.now()));
    tx.expectAnswer({ route: "create", key: "create", fingerprint });
  });
}

export function pay(shop: Shop, runner: SaleRunner, sale: Sale) {
  const { saga, runId, input, paying } = paymentOf(shop, sale);
  return runner.start(saga, runId, input, (tx) => {
    tx.save(paying);
    tx.expectAnswer({ route: "pay", key: "pay", fingerprint });
  });
}

function paymentOf({ checkout }: Shop, { payment = card, captureMode = "at_once" }: Sale) {
  const route = { providers: providersOf(payment), why: ["the test says so"] };
  return nextPayment(checkout, payment, {
    ...{ origin, nowMs: Date.now() },
    routed: { ...route, captureMode },
  });
}

function providersOf({ method, hasAdyenCard }: PaymentInput): readonly ProviderName[] {
  if (method === "none") return [];
  return hasAdyenCard ? ["stripe", "adyen"] : ["stripe"];
}

/** Late money at Stripe, of an attempt that nobody waits for any more. */
export async function lateMoney(shop: Shop): Promise<Secured> {
  const { shopId, quote } = shop.checkout;
  const authorization = await shop.stripe.authorize({
    ...paymentName({ shopId, checkoutId }, 1),
    ...{ key: "late", amount: quote.total, method: "ideal" },
    ...{ shopper: { email: "", country: "NL" }, offerEndsAtMs: 0, severalCaptures: false },
  });
  return { ...authorization, reference: authorization.reference ?? "" };
}

export function payLate(shop: Shop, runner: SaleRunner, secured: Secured) {
  const { runId, input, paying } = latePayment(shop.checkout, 1, secured);
  return runner.start("pay", runId, input, (tx) => tx.save(paying));
}

export function giveBack(shop: Shop, runner: SaleRunner, secured: Secured) {
  const { saga, runId, input } = givingBack(shop.checkout, 1, secured);
  return runner.start(saga, runId, input);
}

export function change(shop: Shop, runner: SaleRunner, codes?: string[]) {
  const { checkout } = shop;
  const lines = [{ sku: MUG, quantity: 5 }];
  const patch = { lines, ...(codes ? { promotionCodes: codes } : {}) };
  const { runId, input } = requoting(checkout, { body: patch, idKey: "id-key", nowMs: Date.now() });
  return runner.start("requote", runId, input, (tx) => {
    tx.save(withStatus(checkout, "processing"));
    tx.expectAnswer({ route: "patch", key: "patch", fingerprint });
  });
}

export function close(shop: Shop, runner: SaleRunner, end: "cancelled" | "expired") {
  const { saga, runId, input } = closing(shop.checkout, end);
  return runner.start(saga, runId, input);
}

export function reopen(shop: Shop, runner: SaleRunner) {
  const { runId, input } = reopening(shop.checkout, Date.now());
  return runner.start("requote", runId, input);
}

export function moneyCall(
  runner: SaleRunner,
  queued: Shop["checkout"],
  route: "capture" | "refund" | "cancel_order",
) {
  const next = nextMoneyCall(queued);
  assert(next, "no other money call is out");
  return runner.start(next.saga, next.runId, next.input, (tx) => {
    tx.save(queued);
    tx.expectAnswer({ route, key: route, fingerprint });
  });
}

/** Pieces that are cancelled before they are sent or paid. */
export function cancelLines({ checkout }: Shop, runner: SaleRunner, lines: readonly Line[]) {
  const run = cancelLinesRun(checkout, wantedCancel(checkout, { lines }), "cancel_order");
  return runner.start(run.saga, run.runId, run.input, (tx) =>
    tx.expectAnswer({ route: "cancel_order", key: "cancel_order", fingerprint }),
  );
}

type Parcel = { readonly n?: number; readonly lines?: readonly Line[] };

/** Everything that was bought leaves the house in one parcel, or other lines in another one. */
export function ship(shop: Shop, runner: SaleRunner, { n = 1, lines }: Parcel = {}) {
  const { shopId, hold } = shop.checkout;
  const sale = { shopId, checkoutId };
  const key = n === 1 ? "fulfill" : `fulfill-${n}`;
  const input = { sale, hold, n, lines: lines ?? hold.lines, answerKey: key };
  return runner.start("fulfil", `${checkoutId}/fulfil/${n}`, input, (tx) =>
    tx.expectAnswer({ route: "fulfill", key, fingerprint }),
  );
}

export async function openedShop(shop: Shop, runner: SaleRunner, sale: Sale): Promise<void> {
  shop.stock(sale);
  await open(runner, { ...sale, payment: undefined });
}

export async function sold(shop: Shop, runner: SaleRunner, sale: Sale = {}): Promise<void> {
  await openedShop(shop, runner, sale);
  await pay(shop, runner, sale);
  assert(shop.status === "captured", "the order is paid");
}

/** An order whose money the merchant takes by hand. */
export async function authorized(shop: Shop, runner: SaleRunner): Promise<void> {
  await openedShop(shop, runner, {});
  await pay(shop, runner, { captureMode: "manual" });
  assert(shop.status === "placed", "the order is placed and not paid");
}
