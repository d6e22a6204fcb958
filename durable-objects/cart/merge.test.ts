import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { LINES_MAX } from "../../schema/checkout.ts";
import { CartId, Sku } from "../../schema/ids.ts";
import { CartObject } from "../../workers/index.ts";
import { newCart } from "./cart.ts";
import { joining } from "./joining.ts";
import {
  buy,
  call,
  cancel,
  cartWith,
  createCart,
  demo,
  findCarts,
  logIn,
  objectOf,
  readCart,
  receive,
  setLine,
  tokenOf,
} from "./testing/cart-shop.ts";

afterEach(() => vi.restoreAllMocks());

const quantities = (lines: readonly { sku: string; quantity: number }[] = []) =>
  Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity]));

/** An account with a cart, and a guest's cart in another browser. */
async function twoCarts(name: string, own: Record<string, number>, guest: Record<string, number>) {
  for (const sku of ["mug", "lamp", "shirt"]) await receive(sku, 100);
  const token = await tokenOf(name);
  const account = await cartWith(`${name}-own`, own);
  await logIn(account, token);
  return { token, account, guest: await cartWith(`${name}-guest`, guest) };
}

test("a guest's first login makes the cart the account's, and another device finds it", async () => {
  const token = await tokenOf("first-login");
  expect((await findCarts(token)).body.carts).toEqual([]);
  const cartId = await cartWith("first-login", { mug: 2 });

  const own = await logIn(cartId, token);

  expect(own).toMatchObject({ status: 200, body: { cartId, cuts: [] } });
  expect((await findCarts(token)).body.carts).toMatchObject([{ cartId }]);
  const merchant = { apiKey: "sk_test_merchant" };
  const found = await call("GET", "/carts?customerId=first-login", merchant);
  expect(found.body.carts).toMatchObject([{ cartId, lines: [{ sku: "mug", quantity: 2 }] }]);
});

test("a login sums both carts once, however often it is repeated", async () => {
  const { token, account, guest } = await twoCarts(
    "twice",
    { mug: 1, lamp: 1 },
    { mug: 2, shirt: 1 },
  );

  const [first, second] = await Promise.all([logIn(guest, token), logIn(guest, token)]);
  const third = await logIn(guest, token);

  for (const { status, body } of [first, second, third]) {
    expect(status).toBe(200);
    expect(body).toMatchObject({ cartId: account, cuts: [] });
    expect(quantities(body.lines)).toEqual({ mug: 3, lamp: 1, shirt: 1 });
  }
  const merged = { status: 409, body: { code: "cart_merged", then: "find_cart" } };
  expect(await setLine(guest, "mug", 5)).toMatchObject(merged);
  const read = await readCart(guest);
  expect(read).toMatchObject(merged);
  expect(JSON.stringify(read)).not.toContain(account);
});

test("two devices that log in at once end in one cart with the goods of both", async () => {
  for (const sku of ["mug", "lamp"]) await receive(sku, 100);
  const token = await tokenOf("two-devices");
  const carts = [await cartWith("device-1", { mug: 1 }), await cartWith("device-2", { lamp: 1 })];

  await Promise.all(carts.map((cartId) => logIn(cartId, token)));

  const { carts: found = [] } = (await findCarts(token)).body;
  expect(found).toHaveLength(1);
  expect(quantities(found[0]?.lines)).toEqual({ mug: 1, lamp: 1 });
});

test("what stock has not is cut and said, and what the account had stays", async () => {
  await receive("scarce", 3);
  await call("PUT", "/ops/catalogue/products/scarce", {
    apiKey: "op_test_operator",
    body: { name: "Scarce", prices: [{ currency: "EUR", amountMinor: 100 }] },
  });
  const { token, account, guest } = await twoCarts("scarce", { mug: 1 }, { mug: 1 });
  const lines = (cart: number, mugs: number) =>
    runInDurableObject(objectOf.cart(cart ? guest : account), (_cart, { storage }) => {
      const line = [{ sku: "scarce", quantity: mugs }];
      storage.sql.exec("UPDATE cart SET lines = ?", JSON.stringify(line));
    });
  await lines(0, 2);
  await lines(1, 4);

  const { body } = await logIn(guest, token);

  expect(quantities(body.lines)).toEqual({ scarce: 3 });
  expect(body.cuts).toEqual([{ sku: "scarce", because: "out_of_stock", wanted: 6, kept: 3 }]);
});

test("bounds of pieces, lines and codes are kept, and each cut is said", () => {
  const sku = (name: string) => Sku.parse(name);
  const made = newCart(
    {
      shopId: demo,
      cartId: CartId.parse(`crt_eu_${"0".repeat(26)}`),
      currency: "EUR",
      country: "DE",
    },
    0,
  );
  const full = Array.from({ length: LINES_MAX }, (_, n) => ({
    sku: sku(`own-${n}`),
    quantity: 9_999,
  }));
  const codes = Array.from({ length: 10 }, (_, n) => `OWN${n}`);
  const lines = [
    { sku: sku("own-1"), quantity: 2, note: "Engrave: Ada" },
    { sku: sku("new"), quantity: 1 },
  ];
  const parcel = { from: CartId.parse(`crt_eu_${"1".repeat(26)}`), n: 1, lines, codes: ["GUEST"] };

  const after = joining({ ...made, lines: full, codes }, parcel, {
    available: new Map(),
    nowMs: 0,
  });

  expect(after).toMatchObject({ joined: [{ from: parcel.from, n: 1 }] });
  expect("joined" in after && after.joined?.[0]?.cuts).toEqual([
    { sku: "own-1", because: "quantity_limit", wanted: 10_001, kept: 10_000 },
    { sku: "new", because: "cart_full", wanted: 1, kept: 0 },
    { code: "GUEST", because: "cart_full" },
  ]);
  expect("lines" in after && after.lines[1]).toMatchObject({
    quantity: 10_000,
    note: "Engrave: Ada",
  });
});

test("a login waits for neither cart's checkout: it is refused, and nothing moved", async () => {
  const { token, account, guest } = await twoCarts("claimed", { mug: 1 }, { lamp: 1 });
  const sale = await buy(account, "claimed-sale");

  const refused = await logIn(guest, token);

  expect(refused).toMatchObject({
    status: 409,
    body: { code: "cart_claimed", then: "continue_checkout" },
  });
  expect(quantities((await readCart(guest)).body.lines)).toEqual({ lamp: 1 });
  expect((await setLine(guest, "lamp", 2)).status).toBe(200);
  await cancel(sale, "claimed-cancel");
  expect(quantities((await logIn(guest, token)).body.lines)).toEqual({ mug: 1, lamp: 2 });

  const other = await cartWith("claimed-guest-2", { shirt: 1 });
  await buy(other, "claimed-guest-sale");
  expect(await logIn(other, token)).toMatchObject({ body: { code: "cart_claimed" } });
});

test("a crash between the two carts loses nothing and adds nothing twice", async () => {
  const { token, account, guest } = await twoCarts("crash", { mug: 1 }, { lamp: 2 });
  const takeIn = CartObject.prototype.takeIn;
  const spy = vi.spyOn(CartObject.prototype, "takeIn");
  // The goods arrived, and nobody heard of it.
  spy.mockImplementationOnce(async function (this: CartObject, parcel) {
    await takeIn.call(this, parcel);
    throw new Error("the line went dead");
  } as typeof takeIn);
  expect((await logIn(guest, token)).status).toBe(500);
  spy.mockRestore();

  await runDurableObjectAlarm(objectOf.cart(guest));

  expect(quantities((await readCart(account)).body.lines)).toEqual({ mug: 1, lamp: 2 });
  expect((await readCart(guest)).body.code).toBe("cart_merged");
  expect(quantities((await logIn(guest, token)).body.lines)).toEqual({ mug: 1, lamp: 2 });
});

test("a guest's cart of another region goes into the account's, without its notes", async () => {
  const { token, account } = await twoCarts("far", { mug: 1 }, {});
  const made = await createCart("far-us", { currency: "USD", country: "US" });
  const guest = CartId.parse(made.body.cartId);
  const body = { quantity: 2, note: "Engrave: Grace" };
  await call("PUT", `/carts/${guest}/lines/mug`, { body });

  const merged = await logIn(guest, token);

  expect(merged.body).toMatchObject({ cartId: account, currency: "EUR" });
  expect(merged.body.lines).toMatchObject([{ sku: "mug", quantity: 3 }]);
  expect(merged.body.lines?.[0]).not.toHaveProperty("note");
  expect(merged.body.cuts).toEqual([{ sku: "mug", because: "note_stays_home" }]);
});

test("nobody finds or takes a customer's cart without that customer's own token", async () => {
  const { account } = await twoCarts("private", { mug: 1 }, {});
  const stranger = await tokenOf("stranger");

  const unknown = { status: 401, body: { code: "customer_unknown", then: "log_in_again" } };
  expect(await call("GET", "/carts?customerId=private")).toMatchObject(unknown);
  const forged = (await tokenOf("stranger")).replace("stranger", "private");
  expect(await findCarts(forged)).toMatchObject(unknown);
  expect(await logIn(account, "")).toMatchObject(unknown);
  expect((await logIn(account, stranger)).status).toBe(404);
  expect((await findCarts(stranger)).body.carts).toEqual([]);
  expect((await call("POST", "/customer-tokens", { body: { customerId: "private" } })).status).toBe(
    403,
  );
});

test("a bought cart is found no more, and the next login begins with its own", async () => {
  const { token, account, guest } = await twoCarts("bought", { mug: 1 }, { lamp: 1 });
  const sale = await buy(account, "bought-sale");
  await objectOf.cart(account).consume(sale.body.checkoutId as never);

  expect((await findCarts(token)).body.carts).toEqual([]);
  expect((await logIn(guest, token)).body).toMatchObject({ cartId: guest });
  expect((await findCarts(token)).body.carts).toMatchObject([{ cartId: guest }]);
});
