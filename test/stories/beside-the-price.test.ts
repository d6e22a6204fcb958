import { expect, test } from "vitest";
import { CheckoutView } from "../../schema/checkout.ts";
import { OrderDetails } from "../../schema/order-details.ts";
import { cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";
import { operatorHeaders } from "./operator.ts";

const shop = await openShop({ DUTIES_API_BASE: "simulator" });
const SETTLED = { withinMs: 45_000 };
const gbp = (amountMinor: number) => ({ amountMinor, currency: "GBP" });

const british = {
  ...{ country: "GB", currency: "GBP" },
  shippingAddress: {
    ...{ name: "Ada Lovelace", line1: "12 St James's Square" },
    ...{ city: "London", postalCode: "SW1Y 4JH", country: "GB" },
  },
};

async function captured(checkout: ReturnType<typeof checkoutIn>) {
  const { body } = await shop.pay(checkout, "pm_card_visa");
  await eventually(
    () => shop.storefront.checkout(checkout),
    (view) => view.body.status === "captured",
    SETTLED,
  );
  return body.orderId ?? "";
}

// 2198 with 366 of VAT in it, parcel 420 with 70; 5 % of 1832 + 350 without VAT: 109.1 -> 109.
test("a shopper across the customs border pays the duties with the order, and gets them back with the goods", async () => {
  // A service that this machine makes slow is missing for once.
  const answer = await eventually(
    () => shop.storefront.create(cartOf("mug", 2, british)),
    ({ text }) => text.includes('"included":true'),
    SETTLED,
  );
  expect(answer.body.quote).toMatchObject({
    ...{ subtotal: gbp(2198), tax: gbp(436), total: gbp(2727) },
    duties: { from: "DE", into: "United Kingdom", included: true, amount: gbp(109) },
    lines: [{ sku: "mug", duty: gbp(109), facts: { tariffCode: "69120023", originCountry: "DE" } }],
  });
  const orderId = await captured(checkoutIn(answer));

  const lines = [{ sku: "mug", quantity: 1 }];
  const refunded = await shop.storefront.refund(orderId, { lines });
  expect(refunded.status).toBe(200);
  const paidFor = gbp(2198 + 109);
  const order = await eventually(
    async () => OrderDetails.parse((await shop.storefront.order(orderId)).body),
    ({ refunded }) => refunded.amountMinor > 0,
    SETTLED,
  );
  expect(order).toMatchObject({
    ...{ total: gbp(2727), duties: { included: true, amount: gbp(109) } },
    lines: [{ sku: "mug", paid: paidFor, duty: gbp(109), refunded: { quantity: 1 } }],
  });
  expect([1153, 1154]).toContain(order.refunded.amountMinor);
});

test("a service that is away leaves duties out, and the quote says so", async () => {
  await shop.duties({ mode: "down" });
  const answer = await shop.storefront.create(cartOf("mug", 2, british));
  expect(answer.body.quote).toMatchObject({
    total: gbp(2618),
    duties: {
      ...{ included: false, leftOut: expect.stringMatching(/^(broken|slow|resting)$/) },
      note: expect.stringContaining("import duties are not included"),
    },
  });
  await shop.duties({});
});

test("an order keeps what stood beside the price when it was quoted, whatever the catalogue says later", async () => {
  const checkout = checkoutIn(await shop.storefront.create(cartOf("lamp", 1)));
  const { body } = await shop.storefront.checkout(checkout);
  const titles = CheckoutView.parse(body).quote.notices?.map(({ kind }) => kind);
  expect(titles).toEqual(["withdrawal", "legal_guarantee", "terms", "privacy"]);
  expect(body.quote).not.toHaveProperty("duties");
  const changed = await fetch(`${shop.url}/v1/ops/catalogue/products/lamp`, {
    ...{ method: "PUT", headers: operatorHeaders },
    body: JSON.stringify({ name: "Lamp", weightGrams: 1900, facts: { warnings: "None." } }),
  });
  expect(changed.status).toBe(200);
  const orderId = await captured(checkout);

  const order = OrderDetails.parse((await shop.storefront.order(orderId)).body);
  expect(order.lines[0]?.facts).toMatchObject({
    warnings: expect.stringContaining("Mains voltage"),
    manufacturer: { name: "Small Hours GmbH" },
  });
  expect(order.notices?.map(({ kind }) => kind)).toEqual(titles);
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
