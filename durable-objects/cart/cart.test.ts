import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { LINES_MAX } from "../../schema/checkout.ts";
import { CartId } from "../../schema/ids.ts";
import {
  buy,
  call,
  cartWith,
  createCart,
  objectOf,
  openForeignShop,
  readCart,
  setLine,
} from "./testing/cart-shop.ts";

const DAY_MS = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

test("a cart is priced from the catalogue, and its version is its ETag", async () => {
  const made = await createCart("priced");
  const cartId = CartId.parse(made.body.cartId);
  expect(made).toMatchObject({
    status: 201,
    etag: '"1"',
    body: { version: 1, currency: "EUR", country: "DE", lines: [], promotionCodes: [] },
  });

  const set = await setLine(cartId, "mug", 2);

  const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
  expect(set).toMatchObject({ status: 200, etag: '"2"', body: { subtotal: eur(2598) } });
  expect(set.body.lines).toEqual([
    { sku: "mug", quantity: 2, name: "Mug", unitAmount: eur(1299), amount: eur(2598) },
  ]);
  expect(await readCart(cartId)).toEqual(set);
});

test("a change that is based on another version is refused, and nothing is written", async () => {
  const cartId = await cartWith("if-match", { mug: 1 });

  for (const ifMatch of ['"1"', 'W/"2"', '"nonsense"', "2", '"1", "3"']) {
    const refused = await setLine(cartId, "mug", 5, ifMatch);
    expect(refused).toMatchObject({
      status: 412,
      body: { code: "cart_changed", then: "read_cart", version: 2 },
    });
  }
  const removed = { ifMatch: '"1"' };
  expect((await call("DELETE", `/carts/${cartId}/lines/mug`, removed)).status).toBe(412);
  expect((await readCart(cartId)).etag).toBe('"2"');

  expect((await setLine(cartId, "mug", 3, '"1", "2"')).etag).toBe('"3"');
  expect((await setLine(cartId, "mug", 4, "*")).etag).toBe('"4"');
});

test("of two tabs that change one version, one is told that it was late", async () => {
  const cartId = await cartWith("two-tabs", { mug: 1 });

  const answers = await Promise.all([
    setLine(cartId, "mug", 2, '"2"'),
    setLine(cartId, "lamp", 1, '"2"'),
  ]);

  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  expect((await readCart(cartId)).body.version).toBe(3);
});

test("lines keep their order, go with 0 or a DELETE, and change nothing when they are so already", async () => {
  const cartId = await cartWith("lines", { mug: 1, lamp: 1, shirt: 1 });
  await setLine(cartId, "mug", 7);

  const same = await setLine(cartId, "mug", 7);
  expect(same.body.version).toBe(5);
  expect(same.body.lines?.map(({ sku }) => sku)).toEqual(["mug", "lamp", "shirt"]);

  await setLine(cartId, "lamp", 0);
  const left = await call("DELETE", `/carts/${cartId}/lines/shirt`);
  expect(left.body.lines?.map(({ sku }) => sku)).toEqual(["mug"]);
  expect((await call("DELETE", `/carts/${cartId}/lines/nothing`)).body.version).toBe(7);
});

test("what the shop does not sell is refused before anything is written", async () => {
  const cartId = await cartWith("unsold", { mug: 1 });
  const swiss = CartId.parse(
    (await createCart("swiss", { currency: "CHF", country: "CH" })).body.cartId,
  );

  expect(await setLine(cartId, "unicorn", 1)).toMatchObject({
    status: 400,
    body: { code: "unknown_sku", skus: ["unicorn"] },
  });
  expect(await setLine(swiss, "mug", 1)).toMatchObject({
    status: 400,
    body: { code: "currency_not_sold" },
  });
  for (const quantity of [-1, 1.5, 10_001]) {
    expect((await setLine(cartId, "mug", quantity)).body.code).toBe("invalid_request");
  }
  expect((await readCart(cartId)).body.version).toBe(2);
  expect((await readCart(swiss)).body.version).toBe(1);
});

test("a cart takes as many lines as a checkout", async () => {
  const skus = Array.from({ length: LINES_MAX + 1 }, (_, index) => `bulk-${index}`);
  const insert = "INSERT INTO products (shop_id, sku, name) VALUES ('demo', ?, 'Bulk')";
  const price =
    "INSERT INTO prices (shop_id, sku, currency, amount_minor) VALUES ('demo', ?, 'EUR', 100)";
  await env.CATALOG.batch(
    skus.flatMap((sku) => [insert, price].map((sql) => env.CATALOG.prepare(sql).bind(sku))),
  );
  const cartId = await cartWith("bulk", {});
  for (const sku of skus.slice(0, LINES_MAX)) await setLine(cartId, sku, 1);

  const refused = await setLine(cartId, skus[LINES_MAX] ?? "", 1);

  expect(refused).toMatchObject({ status: 409, body: { code: "cart_full" } });
  expect((await readCart(cartId)).body.subtotal?.amountMinor).toBe(100 * LINES_MAX);
});

test("promotion codes are kept once each, and judged by the quote", async () => {
  const cartId = await cartWith("codes", { mug: 1 });

  const body = { codes: ["SPRING", "FRIEND", "SPRING"] };
  const kept = await call("PUT", `/carts/${cartId}/codes`, { body });
  const refused = await buy(cartId, "with-codes");

  expect(kept.body).toMatchObject({ version: 3, promotionCodes: ["SPRING", "FRIEND"] });
  expect(refused).toMatchObject({ status: 400, body: { code: "promotion_unknown" } });
  expect((await setLine(cartId, "mug", 2)).status).toBe(200);
});

test("a repeated create is one cart, answered as it was made", async () => {
  const first = await createCart("again");
  const cartId = CartId.parse(first.body.cartId);
  await setLine(cartId, "mug", 1);

  const again = await createCart("again");

  expect(again).toEqual({ ...first, replayed: true });
  expect((await readCart(cartId)).body.version).toBe(2);
  expect(await createCart("again", { currency: "USD", country: "DE" })).toMatchObject({
    status: 422,
    body: { code: "idempotency_key_reused" },
  });
});

test("a cart needs a key, a country that is served, and both of its fields", async () => {
  expect((await call("POST", "/carts", { body: { country: "DE" }, key: "x" })).status).toBe(400);
  expect((await createCart("nowhere", { currency: "EUR", country: "AQ" })).body.code).toBe(
    "country_not_served",
  );
  const keyless = await call("POST", "/carts", { body: { currency: "EUR", country: "DE" } });
  expect(keyless.body.code).toBe("idempotency_key_missing");
});

test("a guessed id and another shop's key find nothing and leave nothing behind", async () => {
  const cartId = await cartWith("mine", { mug: 1 });
  const guessed = CartId.parse(`crt_eu_${"0".repeat(26)}`);
  await openForeignShop("sk_test_other_shop");
  const foreign = { apiKey: "sk_test_other_shop" };

  expect((await readCart(guessed)).status).toBe(404);
  expect((await setLine(guessed, "mug", 1)).status).toBe(404);
  expect((await buy(guessed, "guessed")).status).toBe(404);
  expect((await call("GET", `/carts/${cartId}`, foreign)).status).toBe(404);
  expect((await call("GET", `/carts/${cartId}`, { apiKey: "sk_test_merchant" })).status).toBe(200);
  expect((await call("GET", `/carts/${cartId}`, { apiKey: "op_test_operator" })).status).toBe(403);
  const tables = await runInDurableObject(objectOf.cart(guessed), (_cart, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master").toArray(),
  );
  expect(tables).toEqual([]);
});

test("a cart is gone after thirty idle days; an alarm that rings earlier is set again", async () => {
  const cartId = await cartWith("idle", { mug: 1 });
  const cart = objectOf.cart(cartId);
  const startMs = Date.now();
  const alarmAtMs = () => runInDurableObject(cart, (_cart, { storage }) => storage.getAlarm());
  const firstAlarmMs = await alarmAtMs();

  vi.setSystemTime(startMs + 10 * DAY_MS);
  await setLine(cartId, "mug", 2);
  expect(await alarmAtMs()).toBe(firstAlarmMs);

  vi.setSystemTime(startMs + 31 * DAY_MS);
  await runDurableObjectAlarm(cart);
  expect((await readCart(cartId)).status).toBe(200);
  const secondAlarmMs = (await alarmAtMs()) ?? 0;
  expect(secondAlarmMs - (firstAlarmMs ?? 0)).toBeCloseTo(10 * DAY_MS, -5);

  vi.setSystemTime(secondAlarmMs + 1);
  await runDurableObjectAlarm(cart);
  expect((await readCart(cartId)).status).toBe(404);
  expect((await createCart("idle")).replayed).toBe(false);
});
