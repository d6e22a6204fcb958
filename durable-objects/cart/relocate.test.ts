import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { CartId, CheckoutId } from "../../schema/ids.ts";
import { CartObject } from "../../workers/index.ts";
import { cartStub } from "../placement.ts";
import {
  buy,
  call,
  cancel,
  cartWith,
  demo,
  findCarts,
  logIn,
  objectOf,
  readCart,
  receive,
  relocate,
  setLine,
  stock,
  tokenOf,
} from "./testing/cart-shop.ts";

afterEach(() => vi.restoreAllMocks());

const american = { country: "US", currency: "USD" };
const address = {
  ...{ name: "Grace Hopper", line1: "1 Market Street", city: "San Francisco" },
  ...{ state: "CA", postalCode: "94105", country: "US" },
};
const grace = { customer: { email: "grace@example.com" }, shippingAddress: address };

const noted = (cartId: CartId, note: string) =>
  call("PUT", `/carts/${cartId}/lines/mug`, { body: { quantity: 1, note } });

async function receiveIn(region: string, sku: string): Promise<void> {
  const body = { region, sku, quantity: 50, movementId: `${region}-${sku}` };
  await call("POST", "/ops/stock", { apiKey: "op_test_operator", body });
}

test("a note per line is kept, counted as people count, and goes when it is empty", async () => {
  const cartId = await cartWith("notes", { mug: 1 });
  const flags = "🏳️‍🌈".repeat(500);

  expect((await noted(cartId, flags)).body.lines).toMatchObject([{ note: flags }]);
  expect((await setLine(cartId, "mug", 2)).body.lines).toMatchObject([
    { quantity: 2, note: flags },
  ]);
  expect((await noted(cartId, `${flags}!`)).body.code).toBe("invalid_request");
  expect((await noted(cartId, "4111 1111 1111 1111")).body.code).toBe("card_data_refused");
  expect((await noted(cartId, "")).body.lines?.[0]).not.toHaveProperty("note");
});

test("a country of the same region changes the cart where it is, and prices it anew", async () => {
  const cartId = await cartWith("same-region", { mug: 2 });

  const moved = await relocate(cartId, { country: "GB", currency: "GBP" });

  expect(moved).toMatchObject({
    status: 200,
    etag: '"3"',
    body: { cartId, country: "GB", cuts: [] },
  });
  expect(moved.body.subtotal?.currency).toBe("GBP");
  expect(await buy(cartId, "same-region-old")).toMatchObject({ body: { code: "cart_mismatch" } });
});

test("a country of another region takes the cart there, and the old id names the new one", async () => {
  const cartId = await cartWith("to-us", { mug: 2, lamp: 1 });
  await noted(cartId, "Engrave: Ada");

  const moved = await relocate(cartId, american);
  const there = CartId.parse(moved.body.cartId);

  expect(there).toMatch(/^crt_us_/);
  expect(moved.body).toMatchObject({
    ...american,
    cuts: [{ sku: "mug", because: "note_stays_home" }],
  });
  expect(moved.body.lines).toMatchObject([
    { sku: "mug", quantity: 1 },
    { sku: "lamp", quantity: 1 },
  ]);
  expect(moved.body.subtotal?.currency).toBe("USD");
  const sign = { status: 409, body: { code: "cart_moved", then: "use_that_cart", cartId: there } };
  expect(await readCart(cartId)).toMatchObject(sign);
  expect(await setLine(cartId, "mug", 3)).toMatchObject(sign);
  expect((await relocate(cartId, american)).body.cartId).toBe(there);
  expect(await relocate(cartId, { country: "CA" })).toMatchObject(sign);
  const left = await runInDurableObject(objectOf.cart(cartId), (_cart, { storage }) =>
    storage.sql.exec("SELECT * FROM cart, more").toArray(),
  );
  expect(JSON.stringify(left)).not.toContain("Engrave");
});

test("a cart that comes home again is a third one, and its customer still finds it", async () => {
  const token = await tokenOf("traveller");
  const cartId = await cartWith("traveller", { mug: 1 });
  await logIn(cartId, token);
  const abroad = CartId.parse((await relocate(cartId, american)).body.cartId);
  const back = await relocate(abroad, { country: "DE", currency: "EUR" });

  expect(back.body.cartId).toMatch(/^crt_eu_/);
  expect(back.body.cartId).not.toBe(cartId);
  expect((await findCarts(token)).body.carts).toMatchObject([{ cartId: back.body.cartId }]);
});

test("a move whose answer got lost is one move", async () => {
  const cartId = await cartWith("lost-move", { mug: 2 });
  const arrive = CartObject.prototype.arrive;
  vi.spyOn(CartObject.prototype, "arrive").mockImplementationOnce(function (
    this: CartObject,
    cart,
  ) {
    arrive.call(this, cart);
    throw new Error("the line went dead");
  });
  expect((await relocate(cartId, american)).status).toBe(500);

  await runDurableObjectAlarm(objectOf.cart(cartId));

  const sign = await readCart(cartId);
  expect(sign.body.code).toBe("cart_moved");
  const there = await readCart(CartId.parse(sign.body.cartId));
  expect(there.body.lines).toMatchObject([{ sku: "mug", quantity: 2 }]);
  expect((await relocate(cartId, american)).body.cartId).toBe(sign.body.cartId);
});

test("what cannot be is refused with what to do: no region, no such money, or a checkout has it", async () => {
  await receive("mug", 20);
  const cartId = await cartWith("refused-move", { mug: 1 });

  expect(await relocate(cartId, { country: "AQ" })).toMatchObject({
    body: { code: "country_not_served" },
  });
  expect(await relocate(cartId, { currency: "HRK" })).toMatchObject({
    body: { code: "currency_not_sold" },
  });
  expect((await relocate(cartId, {})).body.code).toBe("invalid_request");
  const sale = await buy(cartId, "refused-move");
  expect(await relocate(cartId, american)).toMatchObject({
    body: { code: "cart_claimed", then: "continue_checkout" },
  });
  await cancel(sale, "refused-move");
  expect((await relocate(cartId, american)).status).toBe(200);
});

/** Changes an open checkout. */
const patch = (sale: Awaited<ReturnType<typeof buy>>, body: object) =>
  call("PATCH", `/checkouts/${sale.body.checkoutId}`, {
    body,
    secret: sale.body.clientSecret ?? "",
  });

test("an open checkout is quoted anew for a country of its region, in its money, with its hold", async () => {
  await receive("mug", 30);
  const cartId = await cartWith("patch-country", { mug: 1 });
  const sale = await buy(cartId, "patch-country");
  const { held } = await stock("mug");

  const changed = await patch(sale, { country: "GB", currency: "GBP" });

  expect(changed).toMatchObject({
    status: 200,
    body: { checkoutId: sale.body.checkoutId, status: "open" },
  });
  expect(changed.body.quote?.total.currency).toBe("GBP");
  expect((await stock("mug")).held).toBe(held);
  expect(await patch(sale, american)).toMatchObject({
    status: 409,
    body: { code: "checkout_elsewhere", then: "replace_checkout", region: "us" },
  });
  expect(await patch(sale, { country: "AQ" })).toMatchObject({
    body: { code: "country_not_served" },
  });
});

test("a checkout in another region takes an open one's place: its cart with it, the old hold let go", async () => {
  await receive("mug", 40);
  await receiveIn("us", "mug");
  const cartId = await cartWith("replace", { mug: 2 });
  const { held } = await stock("mug");
  const old = await buy(cartId, "replace-old");
  const replaces = { checkoutId: old.body.checkoutId, clientSecret: old.body.clientSecret };
  const body = { replaces, ...american, ...grace };

  const made = await call("POST", "/checkouts", { key: "replace-new", body });
  const again = await call("POST", "/checkouts", { key: "replace-new", body });

  expect(made).toMatchObject({ status: 201, body: { status: "open", region: "us" } });
  expect(made.body.quote?.lines).toMatchObject([{ sku: "mug", quantity: 2 }]);
  expect(made.body.quote?.total.currency).toBe("USD");
  expect(again).toMatchObject({
    status: 201,
    replayed: true,
    body: { checkoutId: made.body.checkoutId },
  });
  expect((await stock("mug")).held).toBe(held);
  const sign = await readCart(cartId);
  expect(sign.body.code).toBe("cart_moved");
  const there = CartId.parse(sign.body.cartId);
  await cartStub(env, demo, there).consume(CheckoutId.parse(made.body.checkoutId));
  expect((await readCart(there)).body.orderId).toBeDefined();
});

test("a replacement that cannot be opened leaves the old checkout as it is", async () => {
  await receive("mug", 60);
  const cartId = await cartWith("stays", { mug: 1 });
  const old = await buy(cartId, "stays-old");
  const replaces = { checkoutId: old.body.checkoutId, clientSecret: old.body.clientSecret };
  const create = (key: string, more: object) =>
    call("POST", "/checkouts", { key, body: { replaces, ...american, ...grace, ...more } });

  expect(await create("stays-1", { shippingOption: "zeppelin" })).toMatchObject({
    body: { code: "shipping_unavailable" },
  });
  // Its cart is there now, and still the old checkout's: nobody buys it beside that one.
  const there = CartId.parse((await readCart(cartId)).body.cartId);
  expect(await setLine(there, "mug", 9)).toMatchObject({ body: { code: "cart_claimed" } });
  expect(await create("stays-2", { country: "AT", shippingAddress: undefined })).toMatchObject({
    status: 409,
    body: { code: "checkout_at_home", then: "patch_checkout" },
  });
  const stranger = { ...replaces, clientSecret: "cs_wrong" };
  expect((await create("stays-3", { replaces: stranger })).status).toBe(404);
  expect((await patch(old, { note: "still open" })).body.status).toBe("open");
});
