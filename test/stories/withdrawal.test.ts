import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { MailView } from "../../schema/feeds.ts";
import type { OrderDetails } from "../../schema/order-details.ts";
import type { GuestWithdrawalView, WithdrawalView } from "../../schema/withdrawal.ts";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";
import { STOREFRONT_KEY } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { accepted, eur, one, openLineShop, providers, SETTLED } from "./line-shop.ts";

const shop = await openLineShop();
const { storefront } = shop;

/** A dearer delivery than the standard one, which would have cost 4.90. */
const EXPRESS = { shippingOption: "express" };

type Ordered = Awaited<ReturnType<typeof shop.ordered>>;

/** As the shopper: with the secret of their own checkout. */
function shopperOf({ orderId, checkout }: Ordered) {
  const call = async (path: string, body?: object, key: string = randomUUID()) => {
    const at = `/v1/orders/${orderId}/withdrawals${path}`;
    const answer = await storefront.send("POST", at, {
      ...{ apiKey: STOREFRONT_KEY, secret: checkout.clientSecret, key },
      ...(body ? { body } : {}),
    });
    return { ...answer, body: answer.body as unknown as WithdrawalView };
  };
  return {
    call,
    withdraws: async (body?: object) => {
      const asked = await call("", body);
      expect(asked.status).toBe(201);
      return call(`/${asked.body.withdrawal}/confirm`);
    },
  };
}

async function guest(body: object, key: string = randomUUID()) {
  const begun = Date.now();
  const answer = await storefront.send("POST", "/v1/withdrawals", {
    ...{ apiKey: STOREFRONT_KEY, key, body },
  });
  const view = answer.body as unknown as GuestWithdrawalView;
  return { status: answer.status, body: view, tookMs: Date.now() - begun };
}

/** The merchant's own server: `told` to nobody, for the auditor knows only calls of sales. */
const returned = ({ orderId }: Ordered, lines: readonly object[]) =>
  storefront.send("POST", `/v1/orders/${orderId}/returns`, {
    ...{ apiKey: "sk_test_merchant", key: randomUUID(), body: { lines } },
  });

const acknowledged = ({ orderId }: Ordered) =>
  eventually(
    async () => {
      const call = { apiKey: LOCAL_OPERATOR_KEY };
      const { body } = await storefront.send("GET", "/v1/ops/mailbox?region=eu", call);
      const { mails } = body as unknown as { mails: MailView[] };
      return mails.find((mail) => mail.orderId === orderId && /withdrawal/.test(mail.subject));
    },
    (mail) => mail !== undefined,
    SETTLED,
  );

test.each(providers)(
  "at %s a shopper withdraws from a line in two steps; it comes back and is refunded with its delivery",
  async (at) => {
    const sale = await shop.ordered(at, { a: 2, b: 1 }, EXPRESS);
    const { call, fulfilmentIs, refundedIs, lineOf } = sale;
    await fulfilmentIs("requested");
    expect((await call("fulfillments", {})).status).toBe(200);
    const shopper = shopperOf(sale);

    const asked = await shopper.call("", { lines: [one("a")] });
    expect(asked).toMatchObject({ status: 201, body: { withdrawal: 1, status: "asked" } });
    expect(asked.body.lastDay).toMatch(/^\d{4}-\d\d-\d\d$/);
    const key = randomUUID();
    const confirmed = await shopper.call("/1/confirm", undefined, key);
    expect(confirmed).toMatchObject({ status: 200, body: { status: "confirmed" } });
    expect(await shopper.call("/1/confirm", undefined, key)).toMatchObject({
      replayed: true,
      body: confirmed.body,
    });
    const mail = await acknowledged(sale);
    expect(mail?.text).toBe(confirmed.body.acknowledgement);
    expect(mail?.text).toMatch(/on \d{4}-\d\d-\d\d at \d\d:\d\d/);
    expect(mail?.to).toMatchObject({ email: "ada@example.com" });

    expect(await lineOf("a")).toMatchObject({ withdrawn: 1, awaited: 1 });
    const stock = await shop.stock("a");
    accepted(await returned(sale, [{ ...one("a"), outcome: "received", then: "restock" }]));
    // A fifth of the order's goods by what was paid for them: so of the standard delivery.
    await refundedIs(1000 + 98);
    expect(await lineOf("a")).toMatchObject({ received: 1, returned: 1, restocked: 1 });
    await eventually(
      () => shop.stock("a"),
      ({ available }) => available === stock.available + 1,
      SETTLED,
    );
  },
);

test.each(providers)("at %s what was not sent is cancelled at once", async (at) => {
  const part = await shop.ordered(at, { a: 2, b: 1 });
  const confirmed = await shopperOf(part).withdraws({ lines: [one("b")] });
  expect(confirmed).toMatchObject({ status: 200, body: { status: "confirmed" } });
  expect(confirmed.body).not.toHaveProperty("lastDay");
  await part.refundedIs(3000);
  expect(await part.lineOf("b")).toMatchObject({ withdrawn: 1, cancelled: 1 });
  await part.fulfilmentIs("requested");

  const whole = await shop.ordered(at, { a: 1 });
  expect((await shopperOf(whole).withdraws()).status).toBe(200);
  const order = await whole.orderIs(({ status }) => status === "cancelled");
  expect(order.refunded).toEqual(order.total.amountMinor > 0 ? order.total : eur(0));
});

test("a guest withdraws by order number and e-mail, and no answer tells whether there is an order", async () => {
  const sale = await shop.ordered("stripe", { a: 1 });
  await sale.fulfilmentIs("requested");
  expect((await sale.call("fulfillments", {})).status).toBe(200);
  await sale.storedAs("fulfilled");
  const { body } = await storefront.order(sale.orderId);
  const { orderNumber = "" } = body as unknown as OrderDetails;
  const email = "Ada@example.com";

  const first = await guest({ orderNumber, email });
  expect(first).toMatchObject({ status: 202, body: { status: "asked" } });
  expect(await sale.lineOf("a")).not.toHaveProperty("withdrawn");
  const wrong = await guest({ orderNumber, email: "eve@example.com", confirm: true });
  const nobodys = { orderNumber: "0000-0000-0000", email, confirm: true };
  const missing = await guest(nobodys);
  expect(await sale.lineOf("a")).not.toHaveProperty("withdrawn");
  const key = randomUUID();
  const right = await guest({ orderNumber: orderNumber.toLowerCase(), email, confirm: true }, key);
  await guest({ orderNumber: orderNumber.toLowerCase(), email, confirm: true }, key);

  expect(right).toMatchObject({ status: 202, body: { status: "received", orderNumber } });
  expect(wrong.body).toEqual(right.body);
  const text = JSON.stringify(missing.body).replaceAll("0000-0000-0000", orderNumber);
  expect(JSON.parse(text)).toEqual(right.body);
  expect(Math.min(wrong.tookMs, missing.tookMs, right.tookMs)).toBeGreaterThanOrEqual(400);
  expect(await sale.lineOf("a")).toMatchObject({ withdrawn: 1, awaited: 1 });
  expect((await acknowledged(sale))?.text).toContain(orderNumber);
  accepted(await returned(sale, [{ ...one("a"), outcome: "never_sent" }]));
  expect(await sale.lineOf("a")).toMatchObject({ withdrawn: 1, neverSentBack: 1 });
});

test("only the shopper's own secret or the merchant withdraws, and only a merchant tells of returns", async () => {
  const sale = await shop.ordered("stripe", { a: 1 });
  const call = { apiKey: STOREFRONT_KEY, key: randomUUID(), body: {} };
  const at = `/v1/orders/${sale.orderId}`;
  for (const secret of [undefined, "cs_guess"]) {
    const stranger = await storefront.send("POST", `${at}/withdrawals`, { ...call, secret });
    expect(stranger).toMatchObject({ status: 404, body: { code: "not_found" } });
  }
  const body = { lines: [{ ...one("a"), outcome: "received" }] };
  const secret = sale.checkout.clientSecret;
  const shopper = await storefront.send("POST", `${at}/returns`, { ...call, secret, body });
  expect(shopper).toMatchObject({ status: 403 });
  const early = await returned(sale, body.lines);
  expect(early).toMatchObject({ status: 409, body: { code: "lines_not_left" } });
});

test("no violation is left behind", async () => {
  expect((await shop.audit()).violations).toEqual([]);
});
