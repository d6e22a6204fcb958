import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { CartView, MovedCart } from "../../schema/cart.ts";
import {
  american,
  type Call,
  cardPayment,
  checkoutIn,
  MERCHANT_KEY,
} from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const SETTLED = { withinMs: 30_000 };
const shop = await openShop();
const german = { country: "DE", currency: "EUR" };
const dollars = { country: american.country, currency: american.currency };

/** One browser. It knows the API by its publishable key, and its customer by a token of the merchant's server. */
function browser(customerToken?: string) {
  const send = async <T>(method: string, path: string, call: Call = {}): Promise<T> => {
    const token = customerToken === undefined ? {} : { customerToken };
    const answer = await shop.storefront.send(method, path, { ...call, ...token });
    return JSON.parse(answer.text) as T;
  };
  return {
    send,
    filled: async (sku: string, quantity: number, note?: string): Promise<string> => {
      const made = { key: randomUUID(), body: german };
      const { cartId } = await send<CartView>("POST", "/v1/carts", made);
      const body = note === undefined ? { quantity } : { quantity, note };
      await send("PUT", `/v1/carts/${cartId}/lines/${sku}`, { body });
      return cartId;
    },
    logIn: (cartId: string) => send<MovedCart>("PUT", `/v1/carts/${cartId}/customer`, { body: {} }),
    find: async () => (await send<{ carts: CartView[] }>("GET", "/v1/carts")).carts,
  };
}

async function loggedIn(customerId: string): Promise<string> {
  const call = { apiKey: MERCHANT_KEY, body: { customerId } };
  const { text } = await shop.storefront.send("POST", "/v1/customer-tokens", call);
  return (JSON.parse(text) as { customerToken: string }).customerToken;
}

test("a guest logs in, both carts are one, it moves to the United States, and is paid there", async () => {
  const token = await loggedIn("grace");
  const [phone, laptop] = [browser(token), browser(token)];
  await phone.logIn(await phone.filled("mug", 1, "Engrave: Grace"));

  const merged = await laptop.logIn(await laptop.filled("mug", 2));
  expect(merged).toMatchObject({
    cuts: [],
    lines: [{ sku: "mug", quantity: 3, note: "Engrave: Grace" }],
  });
  expect(await phone.find()).toMatchObject([{ cartId: merged.cartId }]);

  const moved = await laptop.send<MovedCart>("PATCH", `/v1/carts/${merged.cartId}`, {
    body: dollars,
  });
  expect(moved).toMatchObject({ ...dollars, cuts: [{ sku: "mug", because: "note_stays_home" }] });
  expect(moved.cartId).toMatch(/^crt_us_/);
  expect(await phone.find()).toMatchObject([{ cartId: moved.cartId, lines: [{ quantity: 3 }] }]);

  const line = { body: { quantity: 3, note: "Engrave: Hopper" } };
  await phone.send("PUT", `/v1/carts/${moved.cartId}/lines/mug`, line);
  const customer = { email: "grace@example.com", customerId: "grace" };
  const body = { cartId: moved.cartId, ...american, customer };
  const checkout = checkoutIn(await shop.storefront.create(body));
  expect(checkout.total.currency).toBe("USD");
  const paid = await shop.pay(checkout, "pm_card_visa");
  expect(paid.status).toBe(200);
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
  await eventually(phone.find, (carts) => carts.length === 0, SETTLED);
  const order = await shop.storefront.order(paid.body.orderId ?? "");
  expect(JSON.parse(order.text)).toMatchObject({
    lines: [{ sku: "mug", note: "Engrave: Hopper" }],
  });
});

test("an open checkout moves with its cart, and only one of the two is ever paid", async () => {
  const before = await shop.stock("lamp");
  const guest = browser();
  const cartId = await guest.filled("lamp", 1);
  const customer = { email: "ada@example.com" };
  const old = checkoutIn(await shop.storefront.create({ cartId, ...german, customer }));
  expect((await shop.stock("lamp")).held).toBe(before.held + 1);

  const replaces = { checkoutId: old.checkoutId, clientSecret: old.clientSecret };
  const key = randomUUID();
  const body = { replaces, ...american, customer };
  const made = await shop.storefront.create(body, { key });
  const moved = checkoutIn(made);

  expect(made.body.region).toBe("us");
  expect(moved.total.currency).toBe("USD");
  await eventually(
    () => shop.stock("lamp"),
    ({ held }) => held === before.held,
    SETTLED,
  );
  expect(checkoutIn(await shop.storefront.create(body, { key })).checkoutId).toBe(moved.checkoutId);
  const late = await shop.storefront.pay(old, cardPayment("pm_card_visa", old.total));
  expect(late).toMatchObject({ status: 409, body: { code: "checkout_not_open" } });
  expect((await shop.pay(moved, "pm_card_visa")).status).toBe(200);
  expect(await shop.stripe.captured(old)).toEqual([]);
});

test("a checkout that was paid meanwhile is not replaced", async () => {
  const checkout = await shop.open("poster");
  await shop.pay(checkout, "pm_card_visa");
  const { checkoutId, clientSecret } = checkout;
  const replaces = { checkoutId, clientSecret };
  const refused = await shop.storefront.create({
    ...{ replaces, ...american },
    customer: { email: "ada@example.com" },
  });
  expect(refused).toMatchObject({ status: 409, body: { code: "checkout_not_open" } });
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
