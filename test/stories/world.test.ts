import { expect, test } from "vitest";
import type { AddressForm } from "../../schema/address-form.ts";
import { cartOf, checkoutIn, STOREFRONT_KEY } from "../clients/storefront.ts";
import { CLEAN, openShop } from "./open-shop.ts";
import { operatorHeaders } from "./operator.ts";

const shop = await openShop();
const SKU = "M8/20 & Größe #4|+%";

test("a SKU as its supplier prints it is kept, put into a cart and bought", async () => {
  const at = encodeURIComponent(SKU);
  const prices = [{ currency: "EUR", amountMinor: 500 }];
  const product = { name: "A box of screws", weightGrams: 200, prices };
  const kept = await fetch(`${shop.url}/v1/ops/catalogue/products/${at}`, {
    ...{ method: "PUT", headers: operatorHeaders, body: JSON.stringify(product) },
  });
  expect([kept.status, await kept.text()]).toEqual([200, expect.stringContaining("screws")]);
  await shop.receive(SKU, 10, "first");
  expect(await shop.stock(at)).toMatchObject({ available: 10 });

  const checkout = await checkoutIn(await shop.storefront.create(cartOf(SKU, 2)));
  expect(await shop.pay(checkout, "pm_card_visa")).toMatchObject({ status: 200 });
  expect(await shop.stock(at)).toMatchObject({ available: 8, allocated: 2 });
});

test("a shopper in Hong Kong is asked for what an address there has, and buys without a postal code", async () => {
  const headers = { authorization: `Bearer ${STOREFRONT_KEY}` };
  const answer = await fetch(`${shop.url}/v1/address-form/HK`, { headers });
  expect(answer.status).toBe(200);
  const { fields } = (await answer.json()) as AddressForm;
  expect(fields.map(({ field }) => field)).not.toContain("postalCode");

  const shippingAddress = {
    name: "Ada",
    line1: "1 Harbour Road",
    country: "HK",
    state: "Hong Kong Island",
  };
  const inHongKong = { currency: "USD", country: "HK", shippingAddress };
  const created = await shop.storefront.create(cartOf("mug", 1, inHongKong));
  expect(created.text).not.toContain("postalCode");
});

test("an address that its country does not know is refused by the field's name", async () => {
  const address = {
    name: "Ada",
    line1: "Weg 1",
    city: "Berlin",
    country: "DE",
    postalCode: "1011",
  };
  const refused = await shop.storefront.create(cartOf("mug", 1, { shippingAddress: address }));
  expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect(refused.text).toContain(
    "shippingAddress.postalCode: not a postal code of DE, such as 26133",
  );
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
