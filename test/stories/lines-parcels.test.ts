import { expect, test } from "vitest";
import { accepted, eur, notLeft, one, openLineShop, providers } from "./line-shop.ts";
import { CLEAN } from "./open-shop.ts";

const shop = await openLineShop("on_fulfillment");

test.each(providers)("at %s what was paid for a line is taken as it leaves", async (at) => {
  const { call, capturedIs, lineOf, payments } = await shop.ordered(at, { half: 1, full: 1 });

  expect((await call("fulfillments", { lines: [one("half")] })).status).toBe(200);
  await capturedIs(1000);
  expect(await lineOf("half")).toMatchObject({ paid: eur(1000), captured: eur(1000), sent: 1 });
  expect(await lineOf("full")).not.toHaveProperty("captured");
  expect((await call("fulfillments", { lines: [one("full")] })).status).toBe(200);

  await capturedIs(3000);
  expect(await payments()).toMatchObject([{ amountReceived: 3000, amountCapturable: 0 }]);
});

test.each(providers)("at %s parcels take the shipping with their lines", async (at) => {
  const express = { shippingOption: "express" };
  const { call, capturedIs } = await shop.ordered(at, { a: 2, b: 1 }, express);

  await call("fulfillments", { lines: [one("a")] });
  await capturedIs(1000 + 258); // of 12.90, a fifth
  await call("fulfillments", {});

  await capturedIs(5000 + 1290);
});

test.each(providers)(
  "at %s a piece that is cancelled before it is sent is never paid",
  async (at) => {
    const before = await shop.stock("b");
    const { call, capturedIs, fulfilmentIs, lineOf } = await shop.ordered(at, { a: 2, b: 2 });

    expect((await call("cancel", { lines: [one("b")] })).status).toBe(200);
    expect(await shop.stock("b")).toMatchObject({ allocated: before.allocated + 1 });
    const twice = await call("cancel", { lines: [one("b"), one("b")] });
    expect(twice).toMatchObject(notLeft({ b: { quantity: 1, amount: eur(3000) } }));
    await call("fulfillments", { lines: [{ sku: "a", quantity: 2 }] });
    await capturedIs(2000);
    accepted(await call("cancel", { lines: [one("b")] }));

    await fulfilmentIs("fulfilled");
    const line = await lineOf("b");
    expect(line).toMatchObject({ quantity: 2, paid: eur(6000), cancelled: 2 });
    expect(line).not.toHaveProperty("captured");
    expect(line).not.toHaveProperty("sent");
    expect(await shop.stock("b")).toMatchObject({ allocated: before.allocated });
    expect(await call("refunds", { lines: [one("b")] })).toMatchObject(
      notLeft({ a: { quantity: 2, amount: eur(2000) } }),
    );
  },
);

test.each(providers)(
  "at %s the last parcel takes the shipping of what was cancelled",
  async (at) => {
    const express = { shippingOption: "express" };
    const { call, capturedIs, payments } = await shop.ordered(at, { a: 1, b: 1 }, express);

    await call("cancel", { lines: [one("b")] });
    await call("fulfillments", {});

    await capturedIs(1000 + 1290);
    expect(await payments()).toMatchObject([{ amountReceived: 2290, amountCapturable: 0 }]);
  },
);

test.each(providers)("at %s who cancels all lines cancels the order", async (at) => {
  const { call, orderIs, payments, storedAs } = await shop.ordered(at, { a: 1, b: 1 });

  const answer = await call("cancel", { lines: [one("b"), one("a")] });

  expect(answer).toMatchObject({ status: 200, body: { order: { status: "cancelled" } } });
  await orderIs(({ payment }) => payment === "voided");
  await storedAs("cancelled");
  expect(await payments()).toMatchObject([{ amountReceived: 0, amountCapturable: 0 }]);
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
