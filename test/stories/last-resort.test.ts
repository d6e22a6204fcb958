import { expect, test } from "vitest";
import type { Quote } from "../../schema/checkout.ts";
import type { Order } from "../../schema/order.ts";
import { cardPayment, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const SETTLED = { withinMs: 45_000 };
const inBrazil = { currency: "BRL", country: "BR" };
const lastOne = cartOf("last-one", 1, inBrazil);

const allow = (region: string, from: string | null) =>
  shop.storefront.send("POST", "/v1/ops/stock/last-resort", {
    apiKey: "op_test_operator",
    body: { region, sku: "last-one", from },
  });

const shipsFrom = ({ quote }: { quote?: object }) => (quote as Quote).lines[0]?.shipsFrom;

/** The last piece of a region is somebody's. */
async function soldOut() {
  const bought = await shop.storefront.create(lastOne);
  const { total } = checkoutIn(bought);
  expect(bought).toMatchObject({ status: 201 });
  expect(shipsFrom(bought.body)).toBeUndefined();
  await shop.pay(checkoutIn(bought), "pm_card_visa");
  return total;
}

const total = await soldOut();

test("a region that is sold out says so until the merchant allows another's pieces", async () => {
  const before = await shop.storefront.create(lastOne);
  expect(before).toMatchObject({ status: 409, body: { code: "out_of_stock" } });
  expect(before.text).not.toContain("lastResort");
  expect(await shop.stock("last-one", "us")).toMatchObject({ available: 1 });
});

test("only a fallback region may be allowed, and a pinned one has none", async () => {
  for (const [region, from] of [
    ["eu", "us"],
    ["sam", "eu"],
    ["sam", "apac"],
    ["sam", "sam"],
  ] as const) {
    expect(await allow(region, from)).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  }
});

test("another region sells its piece as a longer delivery, and a cancel gives it back there", async () => {
  expect(await allow("sam", "us")).toMatchObject({ status: 200, body: { from: "us" } });

  const created = await shop.storefront.create(lastOne);
  const checkout = checkoutIn(created);
  expect(created).toMatchObject({ status: 201, body: { status: "open", region: "sam" } });
  expect(checkout.total).toEqual(total);
  expect(shipsFrom(created.body)).toBe("us");
  expect(await shop.stock("last-one", "us")).toMatchObject({ held: 1, available: 0 });
  expect(await shop.stock("last-one", "sam")).toMatchObject({ held: 0, allocated: 1 });

  const nobodyHas = await shop.storefront.create(lastOne);
  expect(nobodyHas).toMatchObject({ status: 409, body: { code: "out_of_stock" } });

  const paid = await shop.pay(checkout, "pm_card_visa");
  expect(shipsFrom(paid.body)).toBe("us");
  const orderId = paid.body.orderId ?? "";
  const order = await eventually(
    () => shop.storefront.order(orderId),
    ({ body }) => body.status === "fulfillment_requested",
    SETTLED,
  );
  expect((order.body as unknown as Order).lines).toMatchObject([
    { sku: "last-one", shipsFrom: "us" },
  ]);
  expect(await shop.stock("last-one", "us")).toMatchObject({ held: 0, allocated: 1 });
  expect(await shop.audit()).toEqual(CLEAN);

  await shop.storefront.cancelOrder(orderId);
  await eventually(
    () => shop.stock("last-one", "us"),
    ({ available }) => available === 1,
    SETTLED,
  );
  expect(await shop.stock("last-one", "sam")).toMatchObject({ available: 0, allocated: 1 });
});

test("a payment that came along is not made before its shopper saw the longer delivery", async () => {
  const { body } = await shop.storefront.create({
    ...lastOne,
    ...cardPayment("pm_card_visa", total),
  });
  expect(body).toMatchObject({ status: "open" });
  expect(body.payment).toBeUndefined();
  expect(shipsFrom(body)).toBe("us");

  const checkout = checkoutIn({ body } as never);
  const more = await shop.storefront.patch(checkout, { lines: [{ sku: "last-one", quantity: 2 }] });
  expect(more).toMatchObject({ status: 409, body: { code: "out_of_stock" } });
  const other = await shop.storefront.patch(checkout, {
    lines: [
      { sku: "mug", quantity: 1 },
      { sku: "last-one", quantity: 1 },
    ],
  });
  expect((other.body.quote as unknown as Quote).lines.map((line) => line.shipsFrom)).toEqual([
    undefined,
    "us",
  ]);

  expect((await shop.storefront.cancel(checkout)).status).toBe(200);
  expect(await shop.stock("last-one", "us")).toMatchObject({ held: 0, available: 1 });
});

test("what is shipped is gone where it came from", async () => {
  const checkout = checkoutIn(await shop.storefront.create(lastOne));
  const paid = await shop.pay(checkout, "pm_card_visa");
  const orderId = paid.body.orderId ?? "";
  await eventually(
    () => shop.storefront.order(orderId),
    ({ body }) => body.status === "fulfillment_requested",
    SETTLED,
  );
  const sent = await shop.storefront.send("POST", `/v1/orders/${orderId}/fulfillments`, {
    ...{ apiKey: "sk_test_merchant", key: "parcel" },
    body: {},
  });
  expect(sent.status).toBe(200);
  expect(await shop.stock("last-one", "us")).toMatchObject({ allocated: 0, gone: 1 });
});

test("the audit is clean, and what is no longer allowed is no longer sold", async () => {
  await shop.receive("last-one", 1, "one-more", "us");
  expect(await allow("sam", null)).toMatchObject({ status: 200 });
  const refused = await shop.storefront.create(lastOne);
  expect(refused).toMatchObject({ status: 409, body: { code: "out_of_stock" } });
  expect(await shop.audit()).toEqual(CLEAN);
});
