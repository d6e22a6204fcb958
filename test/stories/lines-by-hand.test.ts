import { expect, test } from "vitest";
import { accepted, eur, left, notLeft, one, openLineShop, providers } from "./line-shop.ts";

const shop = await openLineShop("manual");

test.each(providers)("at %s what was paid for a line is captured by its name, once", async (at) => {
  const { call, capturedIs, lineOf, payments } = await shop.ordered(at, { half: 1, full: 1 });

  accepted(await call("captures", { lines: [one("half")] }));
  await capturedIs(1000);
  const again = await call("captures", { lines: [one("half")] });
  expect(again).toMatchObject(notLeft({ full: left(1, 2000) }));
  const strange = await call("captures", { lines: [one("full"), one("strange")] });
  expect(strange).toMatchObject(notLeft({ full: left(1, 2000) }));
  accepted(await call("captures", { lines: [one("full")] }));

  await capturedIs(3000);
  expect(await lineOf("half")).toMatchObject({ paid: eur(1000), captured: eur(1000) });
  expect(await payments()).toMatchObject([{ amountReceived: 3000, amountCapturable: 0 }]);
});

test.each(providers)(
  "at %s pieces are captured one by one, and the last takes the rest",
  async (at) => {
    const { call, capturedIs } = await shop.ordered(at, { off: 3 });

    for (const captured of [667, 1334, 2000]) {
      accepted(await call("captures", { lines: [one("off")] }));
      await capturedIs(captured);
    }
  },
);

test.each(providers)("at %s a line goes back only as far as it was taken", async (at) => {
  const { call, capturedIs, refundedIs } = await shop.ordered(at, { a: 1, b: 1 });
  accepted(await call("captures", { lines: [one("a")] }));
  await capturedIs(1000);

  const untaken = await call("refunds", { lines: [one("b")] });
  expect(untaken).toMatchObject(notLeft({ a: left(1, 1000), b: left(1, 0) }));
  accepted(await call("refunds", { lines: [one("a")] }));
  await refundedIs(1000);
});

test.each(providers)(
  "at %s a piece that is cancelled lowers what is left to capture",
  async (at) => {
    const { call, capturedIs, orderIs, lineOf } = await shop.ordered(at, { off: 3, b: 1 });
    expect((await call("cancel", { lines: [one("off")] })).status).toBe(200);

    const tooMany = await call("captures", { lines: [{ sku: "off", quantity: 3 }] });
    expect(tooMany).toMatchObject(notLeft({ off: left(2, 1334), b: left(1, 3000) }));
    accepted(await call("captures", {}));
    await capturedIs(4334);
    await orderIs(({ fulfilment }) => fulfilment === "requested");
    expect(await lineOf("off")).toMatchObject({ captured: eur(1334), cancelled: 1 });

    // What is paid goes back by a refund; a cancel alone would keep its money.
    const paid = await call("cancel", { lines: [one("off")] });
    expect(paid).toMatchObject({ status: 409, body: { code: "lines_not_left" } });
    expect((await call("fulfillments", {})).status).toBe(200);
    await orderIs(({ status }) => status === "fulfilled");
  },
);

test("no violation is left behind", async () => {
  expect((await shop.audit()).violations).toEqual([]);
});
