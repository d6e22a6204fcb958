import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { CHECKOUT_OPEN_MS } from "../../schema/durations.ts";
import { CartId, CheckoutId, orderIdOf } from "../../schema/ids.ts";
import { assert, isRefusal } from "../../schema/outcome.ts";
import { eventually } from "../../test/eventually.ts";
import { InventoryObject } from "../inventory/inventory.object.ts";
import { checkoutStub } from "../placement.ts";
import { type Cart, type ClaimRequest, claimed, newCart, passedOver } from "./cart.ts";
import {
  buy,
  call,
  cancel,
  cartWith,
  demo,
  german,
  objectOf,
  readCart,
  receive,
  setLine,
  stock,
} from "./testing/cart-shop.ts";

const MINUTE_MS = 60_000;
const SOON = { withinMs: 5_000, gapMs: 10 };
const nobody = CheckoutId.parse(`chk_eu_${"7".repeat(26)}`);

beforeAll(async () => {
  await receive("mug", 1000);
  await receive("lamp", 1000);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a checkout made from a cart sells the cart's lines", async () => {
  const cartId = await cartWith("sells", { mug: 2, lamp: 1 });

  const created = await buy(cartId, "sells");

  expect(created).toMatchObject({ status: 201, replayed: false, body: { status: "open" } });
  expect(created.body.quote?.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
    ["mug", 2],
    ["lamp", 1],
  ]);
});

test("a checkout is made from a cart or from lines, and agrees with the cart", async () => {
  const cartId = await cartWith("agrees", { mug: 1 });
  const empty = await cartWith("empty", {});
  const customer = { email: "ada@example.com" };
  const lines = [{ sku: "mug", quantity: 1 }];

  const both = await buy(cartId, "both", { lines });
  const neither = await call("POST", "/checkouts", {
    key: "neither",
    body: { ...german, customer },
  });
  for (const refused of [both, neither]) {
    expect(refused.body.code).toBe("invalid_request");
    expect(JSON.stringify(refused.body)).toContain("either lines or a cartId");
  }
  for (const other of [{ currency: "USD" }, { country: "FR" }, { country: "US" }]) {
    const refused = await buy(cartId, `other-${JSON.stringify(other)}`, other);
    expect(refused).toMatchObject({ status: 400, body: { code: "cart_mismatch", ...german } });
  }
  expect(await buy(empty, "empty")).toMatchObject({ status: 409, body: { code: "cart_empty" } });
});

test("a second create for a cart answers the live checkout, and so does its repeat", async () => {
  const cartId = await cartWith("second", { mug: 1 });
  const first = await buy(cartId, "tab-a");

  const second = await buy(cartId, "tab-b", { customer: { email: "ada@work.example" } });
  const again = await buy(cartId, "tab-b", { customer: { email: "ada@work.example" } });

  expect(second).toEqual(first);
  expect(second.body.clientSecret).toMatch(/^cs_/);
  expect(again).toEqual({ ...first, replayed: true });
  expect((await buy(cartId, "tab-b")).body.code).toBe("idempotency_key_reused");
});

test("eight tabs at once are one checkout and one hold", async () => {
  const cartId = await cartWith("eight", { lamp: 3 });
  const before = await stock("lamp");

  const keys = Array.from({ length: 8 }, (_, index) => `eight-${index}`);
  const answers = await Promise.all(keys.map((key) => buy(cartId, key)));

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.checkoutId)).size).toBe(1);
  expect(new Set(answers.map(({ body }) => body.clientSecret)).size).toBe(1);
  expect((await stock("lamp")).held).toBe(before.held + 3);
});

test("lines are fixed while a checkout lives, and free when it was called off", async () => {
  const cartId = await cartWith("fixed", { mug: 1 });
  const first = await buy(cartId, "fixed-1");

  const { checkoutId } = first.body;
  const claimed = { code: "cart_claimed", then: "continue_checkout", checkoutId };
  expect(await setLine(cartId, "mug", 2)).toMatchObject({ status: 409, body: claimed });
  const codes = await call("PUT", `/carts/${cartId}/codes`, { body: { codes: ["X"] } });
  expect(codes.body.code).toBe("cart_claimed");
  expect(await readCart(cartId)).toMatchObject({ status: 200, etag: '"2"' });

  await cancel(first, "fixed-off");
  expect(await setLine(cartId, "mug", 2)).toMatchObject({ status: 200, etag: '"3"' });
  const second = await buy(cartId, "fixed-2");
  expect(second.body.checkoutId).not.toBe(checkoutId);
  expect(second.body.quote?.lines[0]?.quantity).toBe(2);
});

test("a checkout whose time is over gives the cart to the next, before its alarm has rung", async () => {
  const cartId = await cartWith("expires", { mug: 1 });
  const first = await buy(cartId, "expires-1");

  vi.setSystemTime(Date.now() + CHECKOUT_OPEN_MS + MINUTE_MS);
  const second = await buy(cartId, "expires-2");

  expect(second).toMatchObject({ status: 201, body: { status: "open" } });
  expect(second.body.checkoutId).not.toBe(first.body.checkoutId);
  const { checkoutId, clientSecret } = first.body;
  const caller = { shopId: demo, isMerchant: false, secret: clientSecret };
  expect(await objectOf.checkout(first).read(caller)).toMatchObject({
    checkoutId,
    status: "expired",
  });
});

async function expired(key: string) {
  const cartId = await cartWith(key, { mug: 1 });
  const first = await buy(cartId, `${key}-1`);
  vi.setSystemTime(Date.now() + CHECKOUT_OPEN_MS + MINUTE_MS);
  const sale = () => objectOf.checkout(first);
  expect(await sale().claimant()).toEqual({ is: "ended" });
  return { cartId, first, sale };
}

test("an expired checkout is opened again with its cart, which no second one buys then", async () => {
  const { cartId, first, sale } = await expired("reopens");

  expect(await sale().reopen(demo)).toBe("open");

  expect(await setLine(cartId, "mug", 2)).toMatchObject({ body: { code: "cart_claimed" } });
  const second = await buy(cartId, "reopens-2");
  expect(second.body).toMatchObject({ checkoutId: first.body.checkoutId, status: "open" });
});

test("an expired checkout stays closed whose cart another one buys, or has changed", async () => {
  const taken = await expired("taken");
  const second = await buy(taken.cartId, "taken-2");
  expect(second.body.status).toBe("open");
  const { held } = await stock("mug");
  expect(await taken.sale().reopen(demo)).toBe("expired");
  expect((await stock("mug")).held).toBe(held);
  await cancel(second, "taken-off");
  expect(await taken.sale().reopen(demo)).toBe("open");

  const changed = await expired("changed");
  await setLine(changed.cartId, "lamp", 1);
  expect(await changed.sale().reopen(demo)).toBe("expired");
});

test("who asks for a cart while its expired checkout is opened again hears how that ended", async () => {
  const { cartId, first, sale } = await expired("meets");
  const real = InventoryObject.prototype.resize;
  const gate = { isReached: false, isOpen: false };
  vi.spyOn(InventoryObject.prototype, "resize").mockImplementation(async function (
    this: InventoryObject,
    request: Parameters<typeof real>[0],
  ) {
    gate.isReached = true;
    await eventually(
      async () => gate.isOpen,
      (isOpen) => isOpen,
      SOON,
    );
    return real.call(this, request);
  } as never);
  const reopened = sale().reopen(demo);
  await eventually(
    async () => gate.isReached,
    (isReached) => isReached,
    SOON,
  );
  const second = buy(cartId, "meets-2"); // its claim waits for the first checkout's word
  gate.isOpen = true;

  expect(await reopened).toBe("open");
  expect((await second).body).toMatchObject({ checkoutId: first.body.checkoutId });
});

test("a create that was refused for want of stock leaves a cart that can be changed and bought", async () => {
  const cartId = await cartWith("sold-out", { mug: 10_000 });

  expect(await buy(cartId, "sold-out-1")).toMatchObject({
    status: 409,
    body: { code: "out_of_stock", skus: ["mug"] },
  });
  await setLine(cartId, "mug", 1);
  expect((await buy(cartId, "sold-out-2")).status).toBe(201);
});

test("a refused quote claims nothing", async () => {
  const cartId = await cartWith("misquoted", { mug: 1 });

  const refused = await buy(cartId, "misquoted", { shippingOption: "by-pigeon" });

  expect(refused.body.code).toBe("shipping_unavailable");
  expect((await setLine(cartId, "mug", 2)).status).toBe(200);
});

test("a claim by a checkout that nobody knows any more is passed over", async () => {
  const cartId = await cartWith("forgotten", { mug: 1 });
  expect(await objectOf.cart(cartId).claim({ checkoutId: nobody, version: 2 })).toEqual({
    ok: true,
  });

  expect((await buy(cartId, "forgotten")).status).toBe(201);
});

test("a create that was killed after its claim is finished by whoever asks for the cart next", async () => {
  const cartId = await cartWith("killed", { mug: 1 });
  const letGo = await stallHolds();
  const first = buy(cartId, "killed-1");
  const checkoutId = CheckoutId.parse(await untilClaimed(cartId));
  await kill(checkoutId);
  letGo();
  await first;

  const second = await buy(cartId, "killed-2");
  const again = await buy(cartId, "killed-1");

  expect(second).toMatchObject({ status: 201, body: { checkoutId, status: "open" } });
  expect(again).toMatchObject({ status: 201, body: { checkoutId, status: "open" } });
});

test("a second tab waits for the checkout that is still opening, and hears that one", async () => {
  const cartId = await cartWith("opening", { mug: 1 });
  const letGo = await stallHolds();

  const first = buy(cartId, "opening-1");
  const checkoutId = await untilClaimed(cartId);
  const second = buy(cartId, "opening-2");
  letGo();

  expect(await second).toMatchObject({ status: 201, body: { checkoutId, status: "open" } });
  expect(await first).toEqual(await second);
});

test("a late claim of a checkout that ended does not take the cart from the live one", async () => {
  const cartId = await cartWith("late", { mug: 1 });
  const first = await buy(cartId, "late-1");
  await cancel(first, "late-off");
  const second = await buy(cartId, "late-2");

  const checkoutId = CheckoutId.parse(first.body.checkoutId);
  const late = await objectOf.cart(cartId).claim({ checkoutId, version: 2 });

  expect(late).toMatchObject({ continues: { body: { checkoutId: second.body.checkoutId } } });
  expect(await claimantOf(cartId)).toBe(second.body.checkoutId);
});

test("whoever saw a claim end does not pass over the claim that came after it", () => {
  const request = { checkoutId: nobody, version: 1 };
  const cartId = CartId.parse(`crt_eu_${"7".repeat(26)}`);
  const first = claim(newCart({ shopId: demo, cartId, ...german }, 0), request);
  const renewed = claim(first, request);

  expect(passedOver(first, first.claims)).not.toHaveProperty("claimedBy");
  expect(passedOver(renewed, first.claims)).toBe(renewed);
  expect(claim(passedOver(first, first.claims), request).claims).toBe(2);
});

test("a cart that changed after it was priced is not claimed", async () => {
  const cartId = await cartWith("repriced", { mug: 1 });
  await setLine(cartId, "mug", 2);

  expect(await objectOf.cart(cartId).claim({ checkoutId: nobody, version: 2 })).toEqual({
    refused: "cart_changed",
    detail: { version: 3 },
  });
});

test("a cart that was bought is read, and neither changed nor bought again", async () => {
  const cartId = await cartWith("bought", { mug: 1 });
  const first = await buy(cartId, "bought-1");
  const checkoutId = CheckoutId.parse(first.body.checkoutId);
  const orderId = orderIdOf(checkoutId);

  await objectOf.cart(cartId).consume(checkoutId);
  await objectOf.cart(cartId).consume(checkoutId);

  expect((await readCart(cartId)).body).toMatchObject({ orderId, version: 2 });
  const consumed = { status: 409, body: { code: "cart_consumed", then: "read_order", orderId } };
  expect(await setLine(cartId, "mug", 2)).toMatchObject(consumed);
  expect(await buy(cartId, "bought-2")).toMatchObject(consumed);
  expect(await buy(cartId, "bought-1")).toEqual({ ...first, replayed: true });
});

test("a checkout that was placed keeps its cart, even before it could tell the cart so", async () => {
  const cartId = await cartWith("placed", { mug: 1 });
  const first = await buy(cartId, "placed-1");
  const orderId = orderIdOf(CheckoutId.parse(first.body.checkoutId));
  const checkout = objectOf.checkout(first);
  await runInDurableObject(checkout, (_checkout, { storage }) => {
    const order = JSON.stringify({ orderId });
    storage.sql.exec(
      "UPDATE checkout SET document = json_set(document, '$.order', json(?))",
      order,
    );
  });
  await evictDurableObject(checkout);

  const second = await buy(cartId, "placed-2");

  expect(second).toMatchObject({ status: 409, body: { code: "cart_consumed", orderId } });
  expect((await readCart(cartId)).body.orderId).toBe(orderId);
});

async function claimantOf(cartId: CartId) {
  return runInDurableObject(objectOf.cart(cartId), (_cart, { storage }) => {
    const query = "SELECT claimed_by FROM cart WHERE claimed_by IS NOT NULL";
    return storage.sql.exec<{ claimed_by: string }>(query).toArray()[0]?.claimed_by;
  });
}

function claim(cart: Cart, request: ClaimRequest): Cart {
  const after = claimed(cart, request, 0);
  assert(!isRefusal(after), "nobody else has the cart");
  return after;
}

function untilClaimed(cartId: CartId) {
  return eventually(
    () => claimantOf(cartId),
    (claimant) => claimant !== undefined,
    SOON,
  );
}

/** Lets the next hold of a mug wait: the checkout has its claim, and is not open yet. */
async function stallHolds(): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hold = InventoryObject.prototype.hold;
  vi.spyOn(InventoryObject.prototype, "hold").mockImplementationOnce(function (
    this: InventoryObject,
    request,
  ) {
    return promise.then(() => hold.call(this, request)) as never;
  });
  return resolve;
}

/** As a crash does: what is in memory is gone, and what was called keeps running. */
async function kill(checkoutId: CheckoutId): Promise<void> {
  const checkout = checkoutStub(env, demo, checkoutId);
  const aborted = runInDurableObject(checkout, (_checkout, state) => state.abort("killed"));
  await expect(aborted).rejects.toThrow("killed");
}
