import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();

test("more pieces, fewer pieces and another address are quoted anew, and paid as shown", async () => {
  const before = await shop.stock("mug");
  const shirts = await shop.stock("shirt");
  const checkout = await shop.open("mug", 2);

  const more = await shop.storefront.patch(checkout, {
    lines: [
      { sku: "mug", quantity: 5 },
      { sku: "shirt", quantity: 1 },
    ],
  });
  expect(more).toMatchObject({ status: 200, body: { status: "open" } });
  expect(await shop.stock("mug")).toMatchObject({ held: before.held + 5 });
  expect(await shop.stock("shirt")).toMatchObject({ held: shirts.held + 1 });

  const fewer = await shop.storefront.patch(checkout, { lines: [{ sku: "mug", quantity: 1 }] });
  expect(fewer.status).toBe(200);
  expect(await shop.stock("mug")).toMatchObject({ held: before.held + 1 });
  expect(await shop.stock("shirt")).toMatchObject({ held: shirts.held });

  const stale = await shop.pay({ ...checkout }, "pm_card_visa");
  expect(stale).toMatchObject({ status: 409, body: { code: "quote_changed" } });
  const total = fewer.body.quote?.total ?? checkout.total;
  const paid = await shop.pay({ ...checkout, total }, "pm_card_visa");
  expect(paid).toMatchObject({ status: 200, body: { quote: { total } } });
  expect(await shop.stock("mug")).toMatchObject({
    held: before.held,
    allocated: before.allocated + 1,
  });
});

test("a change that stock does not allow is refused and leaves everything as it was", async () => {
  const mugs = await shop.stock("mug");
  const checkout = await shop.open("last-one", 1);

  const refused = await shop.storefront.patch(checkout, {
    lines: [
      { sku: "last-one", quantity: 2 },
      { sku: "mug", quantity: 3 },
    ],
  });

  expect(refused).toMatchObject({ status: 409, body: { code: "out_of_stock" } });
  expect(await shop.stock("mug")).toMatchObject({ held: mugs.held });
  expect(await shop.stock("last-one")).toMatchObject({ held: 1 });
  const paid = await shop.pay(checkout, "pm_card_visa");
  expect(paid.status).toBe(200);
});

test("a change with an unknown SKU or another country says what to do", async () => {
  const checkout = await shop.open("mug");

  const unknown = await shop.storefront.patch(checkout, {
    lines: [{ sku: "no-such-thing", quantity: 1 }],
  });
  expect(unknown).toMatchObject({
    status: 400,
    body: { code: "unknown_sku", then: "change_cart" },
  });

  const address = { name: "A", line1: "B 1", city: "Paris", postalCode: "75001", country: "FR" };
  const abroad = await shop.storefront.patch(checkout, { shippingAddress: address });
  expect(abroad).toMatchObject({ status: 400, body: { code: "country_mismatch" } });

  const empty = await shop.storefront.patch(checkout, {});
  expect(empty).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect((await shop.storefront.cancel(checkout)).status).toBe(200);
});

test("an address that leaves the VAT area is priced as an export, and back", async () => {
  const checkout = await shop.open("mug");
  const address = { name: "A", line1: "B 1", city: "Helgoland", country: "DE" };
  const taxAt = async (postalCode: string) => {
    const shippingAddress = { ...address, postalCode };
    return (await shop.storefront.patch(checkout, { shippingAddress })).body.quote?.tax.amountMinor;
  };

  expect(await taxAt("27498")).toBe(0);
  expect(await taxAt("27472")).toBe(207 + 78);
  expect((await shop.storefront.cancel(checkout)).status).toBe(200);
});

test("changes and payments at once end with the price of one of them", async () => {
  const checkout = await shop.open("poster", 1);

  const answers = await Promise.all([
    shop.storefront.patch(checkout, { lines: [{ sku: "poster", quantity: 3 }] }),
    shop.pay(checkout, "pm_card_visa"),
    shop.storefront.patch(checkout, { lines: [{ sku: "poster", quantity: 2 }] }),
  ]);

  expect(answers.every(({ status }) => status < 500)).toBe(true);
  const view = await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "open" || body.status === "captured",
    { withinMs: 20_000 },
  );
  const total = view.body.quote?.total ?? checkout.total;
  if (view.body.status === "open") await shop.pay({ ...checkout, total }, "pm_card_visa");
  await eventually(
    () => shop.stripe.captured(checkout),
    (captured) => captured.length > 0,
    { withinMs: 20_000 },
  );
  expect(await shop.stripe.captured(checkout)).toEqual([total.amountMinor]);
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
