import { expect, test } from "vitest";
import { american, cardPayment, cartOf } from "../clients/storefront.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();

test("a key with another payload is refused, for create and for pay", async () => {
  await shop.storefront.create(cartOf("mug"), { key: "twice" });
  const other = await shop.storefront.create(cartOf("mug", 2), { key: "twice" });
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });

  const checkout = await shop.open("mug");
  await shop.pay(checkout, "pm_card_visa", "pay-twice");
  const otherCard = await shop.pay(checkout, "pm_card_mastercard", "pay-twice");
  expect(otherCard).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  expect(await shop.stripe.paymentsOf(checkout)).toHaveLength(1);
});

test("a call that changes a sale needs a key", async () => {
  const missing = { status: 400, body: { code: "idempotency_key_missing" } };
  expect(await shop.storefront.create(cartOf("mug"), { key: null })).toMatchObject(missing);

  const checkout = await shop.open("mug");
  const pay = cardPayment("pm_card_visa", checkout.total);
  expect(await shop.storefront.pay(checkout, pay, { key: null })).toMatchObject(missing);
  expect(await shop.storefront.cancel(checkout, { key: null })).toMatchObject(missing);
});

test("an unknown SKU, currency or country is refused by its name", async () => {
  const unknown = await shop.storefront.create(cartOf("unicorn"));
  expect(unknown).toMatchObject({ status: 400, body: { code: "unknown_sku" } });

  const currency = await shop.storefront.create(cartOf("mug", 1, { currency: "XTS" }));
  expect(currency).toMatchObject({ status: 400, body: { code: "currency_not_sold" } });

  const country = await shop.storefront.create(cartOf("mug", 1, { country: "AQ" }));
  expect(country).toMatchObject({ status: 400, body: { code: "country_not_served" } });
});

test("where states tax, a price needs the state, and a postal code that lies in it", async () => {
  const { shippingAddress, ...shopper } = american;
  const { state: _state, ...stateless } = shippingAddress;
  for (const address of [{}, { shippingAddress: stateless }]) {
    expect(
      await shop.storefront.create(cartOf("mug", 1, { ...shopper, ...address })),
    ).toMatchObject({
      status: 400,
      body: { code: "state_needed", then: "change_address" },
    });
  }
  const elsewhere = { ...shippingAddress, state: "New York" };
  const mismatch = cartOf("mug", 1, { ...shopper, shippingAddress: elsewhere });
  expect(await shop.storefront.create(mismatch)).toMatchObject({
    status: 400,
    body: { code: "postal_code_mismatch", then: "change_address" },
  });
});

test("a payment needs the total that the shopper saw", async () => {
  const checkout = await shop.open("mug");
  const blind = { payment: { method: "card", tokens: { stripe: "pm_card_visa" } } };
  const missing = { status: 400, body: { then: "fix_request" } };
  expect(await shop.storefront.pay(checkout, blind)).toMatchObject(missing);
  expect(await shop.storefront.create({ ...cartOf("mug"), ...blind })).toMatchObject(missing);
});

test("a checkout is 404 without its secret, with another's, and under a guessed id", async () => {
  const mine = await shop.open("mug");
  const other = await shop.open("mug");
  const guessed = { ...mine, checkoutId: `chk_eu_${"0".repeat(26)}` };
  const foreign = { ...mine, clientSecret: other.clientSecret };

  expect(await shop.storefront.checkout(foreign)).toMatchObject({ status: 404 });
  expect(await shop.storefront.checkout(mine, { secret: undefined })).toMatchObject({
    status: 404,
  });
  expect(await shop.storefront.checkout(guessed)).toMatchObject({ status: 404 });
  expect(await shop.pay({ ...foreign, total: mine.total }, "pm_card_visa")).toMatchObject({
    status: 404,
  });
  expect(await shop.storefront.cancel(foreign)).toMatchObject({ status: 404 });
  expect((await shop.storefront.checkout(mine)).body.status).toBe("open");
});

test("a merchant's key reads a checkout without its secret", async () => {
  const checkout = await shop.open("mug");
  const merchant = { secret: undefined, apiKey: "sk_test_merchant" };
  expect(await shop.storefront.checkout(checkout, merchant)).toMatchObject({ status: 200 });
});

test("an id that names another region finds nothing", async () => {
  const checkout = await shop.open("mug");
  const moved = { ...checkout, checkoutId: checkout.checkoutId.replace("_eu_", "_us_") };
  const { status } = await shop.storefront.checkout(moved);
  expect([400, 404]).toContain(status);

  const nowhere = { ...checkout, checkoutId: checkout.checkoutId.replace("_eu_", "_mars_") };
  expect([400, 404]).toContain((await shop.storefront.checkout(nowhere)).status);
});

test("a body with a card number is refused before anything is written", async () => {
  const before = await shop.stock("mug");
  const customer = { email: "ada@example.com", name: "4242 4242 4242 4242" };

  const refused = await shop.storefront.create(cartOf("mug", 1, { customer }), { key: "card" });

  expect(refused).toMatchObject({ status: 400, body: { code: "card_data_refused" } });
  expect(refused.text).not.toContain("4242");
  expect(await shop.stock("mug")).toEqual(before);
  // Nothing was written: the key is still free for a clean body.
  expect(await shop.storefront.create(cartOf("mug"), { key: "card" })).toMatchObject({
    status: 201,
    replayed: false,
  });
});

test("an unknown key opens nothing, and a storefront's key nothing of an operator's", async () => {
  const stranger = await shop.storefront.create(cartOf("mug"), { apiKey: "pk_test_stranger" });
  expect(stranger).toMatchObject({ status: 401, body: { code: "unauthorized" } });

  const headers = { authorization: "Bearer pk_test_storefront" };
  const dump = await fetch(`${shop.url}/v1/ops/dump/orders`, { headers });
  expect([401, 403]).toContain(dump.status);
});

test("a body that is no JSON, or does not say so, or has a field too many, is refused", async () => {
  const send = (type: string, body: string) =>
    fetch(`${shop.url}/v1/checkouts`, {
      method: "POST",
      headers: {
        authorization: "Bearer pk_test_storefront",
        "idempotency-key": "no-json",
        "content-type": type,
      },
      body,
    });
  const broken = await send("application/json", "{");
  expect(broken.status).toBe(400);
  expect(broken.headers.get("content-type")).toContain("application/problem+json");
  const unsaid = await send("text/plain", JSON.stringify(cartOf("mug")));
  expect(unsaid.status).toBe(415);

  const extra = await shop.storefront.create(cartOf("mug", 1, { discount: 100 }));
  expect(extra).toMatchObject({ status: 400, body: { code: "invalid_request" } });
});

test("every problem names its request and says what can be done", async () => {
  const { body, headers } = await shop.storefront.create(cartOf("unicorn"));
  expect(headers.get("content-type")).toContain("application/problem+json");
  expect(body).toMatchObject({ status: 400, then: "change_cart" });
  expect(body.requestId).toBeTruthy();
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
