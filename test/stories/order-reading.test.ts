import { expect, test } from "vitest";
import type { MailView } from "../../schema/feeds.ts";
import { OrderDetails } from "../../schema/order-details.ts";
import { OrderList } from "../../schema/order-list.ts";
import { cartOf, checkoutIn, MERCHANT_KEY, STOREFRONT_KEY } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { callsAt, merchantServer } from "./merchant.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop({ WEBHOOK_TARGETS_LOCAL: "allowed" });
const calls = callsAt(shop.url);
const SETTLED = { withinMs: 45_000 };

/** Each value stands in one field alone, and the auditor knows them where they do not belong. */
const planted = (field: string) => `planted-personal-${field}`;

const phones = {
  to: { phone: "030 23125 417", phoneE164: "+493023125417" },
  by: { phone: "+49 30 23125 418", phoneE164: "+493023125418" },
};

const addressOf = (whose: "to" | "by") => ({
  ...{ name: planted(`${whose}_name`), line1: planted(`${whose}_line1`) },
  ...{ line2: planted(`${whose}_line2`), city: planted(`${whose}_city`) },
  ...{ postalCode: "10119", state: planted(`${whose}_state`), country: "DE" },
  phone: phones[whose].phone,
});

const told = {
  customer: { email: "planted-personal-email@example.com", name: planted("customer") },
  shippingAddress: addressOf("to"),
  billingAddress: {
    ...addressOf("by"),
    postalCode: "1010",
    country: "AT",
    vatNumber: "planted-personal-vat",
  },
  company: planted("company"),
  note: planted("note"),
};

async function sold() {
  const lines = [
    { sku: "mug", quantity: 2, note: planted("line_note") },
    { sku: "lamp", quantity: 1 },
  ];
  const create = { ...cartOf("mug"), ...told, lines };
  const checkout = checkoutIn(await shop.storefront.create(create));
  const { body } = await shop.pay(checkout, "pm_card_visa");
  await eventually(
    () => shop.storefront.checkout(checkout),
    (view) => view.body.status === "captured",
    SETTLED,
  );
  return { checkout, orderId: body.orderId ?? "" };
}

test("who sends the goods reads all that it needs, who bought them reads the same, and nobody else does", async () => {
  const { checkout, orderId } = await sold();
  const asShopper = { apiKey: STOREFRONT_KEY, secret: checkout.clientSecret };

  const merchant = await shop.storefront.order(orderId);
  const shopper = await shop.storefront.order(orderId, asShopper);

  const order = OrderDetails.parse(merchant.body);
  expect(order).toMatchObject({
    ...told,
    shippingAddress: { ...told.shippingAddress, ...phones.to },
    billingAddress: { ...told.billingAddress, ...phones.by },
    lines: [{ sku: "mug", quantity: 2, note: planted("line_note") }, { sku: "lamp" }],
    total: checkout.total,
  });
  expect(shopper.body).toEqual(merchant.body);
  for (const secret of [undefined, `${checkout.clientSecret}x`, "cs_guess"]) {
    const stranger = await shop.storefront.order(orderId, { apiKey: STOREFRONT_KEY, secret });
    expect(stranger).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(stranger.text).not.toContain("planted");
  }
});

test("what the buyer told reaches no store, log, webhook, mail text or list", async () => {
  const server = await merchantServer();
  const endpoint = await calls.register(server.url);
  const { orderId } = await sold();
  await eventually(
    async () => server.idsOf(orderId),
    ({ length }) => length >= 3,
    SETTLED,
  );

  const { customer, ...rest } = OrderDetails.parse((await shop.storefront.order(orderId)).body);
  const deliveries = server.verified(orderId, endpoint.secrets[0]?.secret ?? "");
  expect(JSON.stringify(deliveries)).not.toContain("planted");
  expect(deliveries.map(({ data }) => data.orderNumber)).toEqual(
    deliveries.map(() => rest.orderNumber),
  );
  const dumps = await shop.dumps();
  expect(JSON.stringify(dumps)).not.toContain("planted");
  const number = rest.orderNumber ?? "";
  const list = await shop.storefront.send("GET", `/v1/orders?orderNumber=${number}`, {
    apiKey: MERCHANT_KEY,
  });
  expect(OrderList.parse(list.body).orders).toMatchObject([{ orderId, orderNumber: number }]);
  expect(list.text).not.toContain("planted");

  const mail = await eventually(
    async () => {
      const { body } = await calls.operator("GET", "/mailbox?region=eu");
      return (body as { mails: MailView[] }).mails.find((each) => each.orderId === orderId);
    },
    (found) => found !== undefined,
    SETTLED,
  );
  expect(mail?.to).toEqual(customer);
  expect(mail?.subject).toBe(`Your order ${number}`);
  expect(mail?.text).not.toContain("planted");
});

test("every invariant holds after these sales", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
