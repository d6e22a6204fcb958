import { expect, test } from "vitest";
import type { ProviderName } from "../../schema/payment.ts";
import { eventually } from "../eventually.ts";
import {
  accepted,
  eur,
  left,
  notLeft,
  one,
  openLineShop,
  providers,
  SETTLED,
} from "./line-shop.ts";
import { CLEAN } from "./open-shop.ts";

const shop = await openLineShop();

async function sold(provider: ProviderName, pieces: Record<string, number>, more?: object) {
  const sale = await shop.ordered(provider, pieces, more);
  await sale.orderIs(
    ({ payment, fulfilment }) => [payment, fulfilment].join() === "captured,requested",
  );
  return sale;
}

test.each(providers)("a line paid at %s is refunded once, and no line beyond it", async (at) => {
  const { call, refundedIs, lineOf } = await sold(at, { a: 1, b: 1 });
  const both = { a: left(1, 1000), b: left(1, 3000) };

  expect(await call("refunds", { lines: [one("a"), one("a")] })).toMatchObject(notLeft(both));
  expect(await call("refunds", { lines: [{ sku: "a", quantity: 5 }] })).toMatchObject(
    notLeft(both),
  );
  expect(await call("refunds", { lines: [one("a"), one("strange")] })).toMatchObject(notLeft(both));
  accepted(await call("refunds", { lines: [one("a")] }));
  await refundedIs(1000);

  const again = await call("refunds", { lines: [one("a")] });
  expect(again).toMatchObject(notLeft({ b: left(1, 3000) }));
  expect(Object.keys((again.body as { left?: object }).left ?? {})).toEqual(["b"]);
  expect(await lineOf("a")).toMatchObject({
    ...{ paid: eur(1000), captured: eur(1000) },
    refunded: { quantity: 1, amount: eur(1000) },
  });
  expect(await lineOf("b")).not.toHaveProperty("refunded");
});

test.each(providers)(
  "pieces paid at %s go back one by one, and the last takes the rest",
  async (at) => {
    for (const [sku, parts] of [
      ["off", [667, 667, 666]],
      ["ten", [334, 333, 333]],
    ] as const) {
      const { call, refundedIs, order } = await sold(at, { [sku]: 3 });
      let back = 0;
      for (const part of parts) {
        accepted(await call("refunds", { lines: [one(sku)] }));
        back += part;
        await refundedIs(back);
      }
      expect(await order()).toMatchObject({ payment: "refunded" });
      expect(await call("refunds", { lines: [one(sku)] })).toMatchObject({ status: 409 });
    }
  },
);

test.each(providers)("a sum that went back for no line leaves less for lines at %s", async (at) => {
  const { call, refundedIs } = await sold(at, { a: 1, b: 1 });
  accepted(await call("refunds", { amount: eur(1500) }));
  await refundedIs(1500);

  expect(await call("refunds", { lines: [one("b")] })).toMatchObject(
    notLeft({ a: left(1, 1000), b: left(1, 2500) }),
  );
  accepted(await call("refunds", { lines: [one("a")] }));
  await refundedIs(2500);
});

test.each(providers)(
  "a piece paid at %s that is not sent yet is refunded and cancelled",
  async (at) => {
    const { call, refundedIs, orderIs, lineOf } = await sold(at, { a: 2, b: 1 });
    const before = await shop.stock("a");
    const tooMany = [{ sku: "a", quantity: 3, then: "cancel" }];
    expect(await call("refunds", { lines: tooMany })).toMatchObject(notLeft({ a: { unsent: 2 } }));

    accepted(await call("refunds", { lines: [one("a", { then: "cancel" })] }));
    await refundedIs(1000);
    await eventually(
      () => shop.stock("a"),
      ({ allocated }) => allocated === before.allocated - 1,
      SETTLED,
    );
    expect(await lineOf("a")).toMatchObject({ cancelled: 1, refunded: { quantity: 1 } });
    const all = [{ sku: "a", quantity: 2 }, one("b")];
    expect(await call("fulfillments", { lines: all })).toMatchObject({
      status: 409,
      body: { code: "order_not_fulfillable" },
    });

    expect((await call("fulfillments", {})).status).toBe(200);
    await orderIs(({ fulfilment }) => fulfilment === "fulfilled");
    expect(await lineOf("a")).toMatchObject({ quantity: 2, sent: 1, cancelled: 1 });
  },
);

test.each(providers)("pieces of an order at %s come back from the shopper once", async (at) => {
  const { call, refundedIs, lineOf } = await sold(at, { a: 3 });
  const early = await call("refunds", { lines: [one("a", { then: "restock" })] });
  expect(early).toMatchObject(notLeft({ a: { sent: 0, unsent: 3 } }));
  expect((await call("fulfillments", {})).status).toBe(200);
  const before = await shop.stock("a");

  const lines = [one("a", { then: "restock" }), one("a", { then: "write_off" })];
  accepted(await call("refunds", { lines }));
  await refundedIs(2000);

  const after = { available: before.available + 1, gone: before.gone - 1 };
  await eventually(
    () => shop.stock("a"),
    ({ gone }) => gone === after.gone,
    SETTLED,
  );
  expect(await shop.stock("a")).toMatchObject(after);
  expect(await lineOf("a")).toMatchObject({ sent: 3, returned: 2, restocked: 1 });
  const late = await call("refunds", { lines: [one("a", { then: "cancel" })] });
  expect(late).toMatchObject(notLeft({ a: { quantity: 1, sent: 1, unsent: 0 } }));
});

test.each(providers)("who cancels all pieces of an order at %s cancels the order", async (at) => {
  const { call, orderIs, storedAs } = await sold(at, { a: 1, b: 1 });
  const lines = [one("a", { then: "cancel" }), one("b", { then: "cancel" })];

  const answer = await call("refunds", { lines });

  expect(answer).toMatchObject({ status: 200, body: { order: { status: "cancelled" } } });
  const { lines: after } = await orderIs(({ payment }) => payment === "refunded");
  expect(after).toMatchObject([{ cancelled: 1 }, { cancelled: 1 }]);
  await storedAs("cancelled");
});

test.each(providers)(
  "a line of an order at %s goes back with its part of the shipping",
  async (at) => {
    const { call, refundedIs, lineOf } = await sold(
      at,
      { a: 1, b: 1 },
      { shippingOption: "express" },
    );

    accepted(await call("refunds", { lines: [one("a")], shipping: true }));
    await refundedIs(1000 + 323); // of 12.90, a quarter
    expect(await lineOf("a")).toMatchObject({ refunded: { quantity: 1, amount: eur(1000) } });
    accepted(await call("refunds", { lines: [one("b")], shipping: true }));
    await refundedIs(4000 + 1290);
  },
);

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
