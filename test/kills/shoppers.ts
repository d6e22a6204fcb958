import type { Money } from "../../schema/money.ts";
import {
  type Answer,
  adyenCard,
  type Checkout,
  cartOf,
  checkoutIn,
  type Storefront,
} from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { pick } from "./seeded.ts";

/** How long a shopper keeps trying: several restarts and the provider's recovery fit into it. */
const PATIENCE = { withinMs: 120_000, gapMs: 150 };

export type Sale = {
  readonly checkoutId: string;
  readonly orderId: string | undefined;
  readonly outcome: "sold" | "declined";
};

/**
 * One shopper with a good storefront: every call is repeated with its own key until it has an
 * answer, whatever the server does meanwhile. Some cards are declined; some are charged at the one
 * provider, some at the other; some pay in the create; some keep a cart and buy it from two tabs.
 */
export async function shop(
  storefront: Storefront,
  name: string,
  random: () => number,
): Promise<Sale> {
  const cart = cartOf(pick(random, ["mug", "shirt", "poster"]), 1 + Math.floor(random() * 3));
  const card = cardOf(random);
  const way = random();
  if (way < 0.3) return shopInOneCall(storefront, { name, cart, card });
  if (way < 0.5) return shopFromTwoTabs(storefront, { name, cart, card });

  const checkout = checkoutIn(
    await answered(() => storefront.create(cart, { key: `${name}-create` })),
  );
  const payment = paymentOf(card, checkout.total);
  await answered(() => storefront.pay(checkout, payment, { key: `${name}-pay` }));
  return outcomeOf(storefront, checkout);
}

type Wish = {
  readonly name: string;
  readonly cart: ReturnType<typeof cartOf>;
  readonly card: Card;
};

type Card = { readonly stripe?: string; readonly adyen?: object };

/** A card at one provider or at both; one in ten is declined. */
function cardOf(random: () => number): Card {
  const isBad = random() < 0.1;
  const stripe = isBad ? "pm_card_visa_chargeDeclined" : "pm_card_visa";
  const adyen = adyenCard(isBad ? { holderName: "NOT_ENOUGH_BALANCE" } : {});
  const way = random();
  if (way < 0.5) return { stripe };
  return way < 0.8 ? { adyen } : { stripe, adyen };
}

function paymentOf(tokens: Card, expectedTotal: Money) {
  return { payment: { method: "card", tokens }, expectedTotal };
}

async function shopInOneCall(storefront: Storefront, { name, cart, card }: Wish) {
  const look = await answered(() => storefront.create(cart, { key: `${name}-look` }));
  const seen = checkoutIn(look);
  await answered(() => storefront.cancel(seen, { key: `${name}-look-cancel` }));
  const payment = paymentOf(card, seen.total);
  const sale = await answered(() =>
    storefront.create({ ...cart, ...payment }, { key: `${name}-sale` }),
  );
  return outcomeOf(storefront, checkoutIn(sale));
}

/**
 * Both tabs create a checkout of the one cart, each under its key: it is one, and both pay it. The
 * later click is only told that a payment is under way. When that one comes to nothing (a crash may
 * take an encrypted card), the later click has had no answer of its own yet, and is made again.
 */
async function shopFromTwoTabs(storefront: Storefront, { name, cart, card }: Wish): Promise<Sale> {
  const { lines, ...buyer } = cart;
  const { currency, country } = cart;
  const made = await answered(() =>
    storefront.send("POST", "/v1/carts", { key: `${name}-cart`, body: { currency, country } }),
  );
  const { cartId } = JSON.parse(made.text) as { cartId: string };
  for (const { sku, quantity } of lines) {
    const path = `/v1/carts/${cartId}/lines/${sku}`;
    await answered(() => storefront.send("PUT", path, { body: { quantity } }));
  }
  const keys = ["left", "right"].map((tab) => `${name}-${tab}`);
  const created = await Promise.all(
    keys.map((key) => answered(() => storefront.create({ cartId, ...buyer }, { key }))),
  );
  const [checkout, ...others] = created.map(checkoutIn);
  if (!checkout || others.some(({ checkoutId }) => checkoutId !== checkout.checkoutId)) {
    throw new Error(`${cartId} has two checkouts: ${JSON.stringify(created)}`);
  }
  const payment = paymentOf(card, checkout.total);
  const pay = (key: string) =>
    answered(() => storefront.pay(checkout, payment, { key: `${key}-pay` }));
  await Promise.all(keys.map(pay));
  let sale = await outcomeOf(storefront, checkout);
  for (const key of keys) {
    if (sale.outcome === "sold") break;
    await pay(key);
    sale = await outcomeOf(storefront, checkout);
  }
  return sale;
}

/** Repeats a call until the server answers for good; silence and faults are no answers. */
async function answered(call: () => Promise<Answer>): Promise<Answer> {
  const answer = await eventually(
    () => call().catch(() => undefined),
    (given) => given !== undefined && given.status < 500 && given.status !== 429,
    PATIENCE,
  );
  if (answer === undefined) throw new Error("No answer was accepted as one.");
  return answer;
}

/** Reads the checkout until its payment has an outcome; "processing" is none. */
async function outcomeOf(storefront: Storefront, checkout: Checkout): Promise<Sale> {
  const { body } = await eventually(
    () => answered(() => storefront.checkout(checkout)),
    ({ body: { status } }) => status === "placed" || status === "captured" || status === "open",
    PATIENCE,
  );
  return {
    checkoutId: checkout.checkoutId,
    orderId: body.orderId,
    outcome: body.status === "open" ? "declined" : "sold",
  };
}
