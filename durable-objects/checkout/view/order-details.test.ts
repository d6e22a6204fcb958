import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { PatchCheckout } from "../../../schema/checkout.ts";
import { type Money, minus, plus, sum, zero } from "../../../schema/money.ts";
import { OrderDetails } from "../../../schema/order-details.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import { eventually } from "../../../test/eventually.ts";
import { cart, merchant, newSale, stockUp, withoutQueues } from "../testing/sale.ts";

const SOON = { withinMs: 10_000, gapMs: 10 };
const berlin = {
  ...{ name: "Ada Lovelace", line1: "Torstraße 1", line2: "Hinterhaus" },
  ...{ city: "Berlin", postalCode: "10119", country: "DE", phone: "+49 30 901820" },
};
const billingAddress = {
  ...{ name: "Buchhaltung", line1: "Ring 9", city: "Wien", postalCode: "1010", country: "AT" },
  vatNumber: "ATU12345678",
};
const said = { shippingAddress: berlin, billingAddress, company: "Analytical Engines KG" };
const notes = { note: "Please leave it with Babbage.", line: "Engrave: Ada" };

beforeAll(() => stockUp("mug", "lamp", "shirt"));
afterEach(() => vi.restoreAllMocks());

async function sold(body: ReturnType<typeof cart>) {
  const sent = withoutQueues();
  const sale = newSale();
  const opened = await sale.create(body);
  const paid = await sale.pay("pm_visa", "pay", opened.body?.quote.total);
  await eventually(
    async () => sent.of(sale),
    ({ length }) => length === 3,
    SOON,
  );
  const read = async (caller = merchant) => {
    const found = await sale.stub.order(caller);
    if (isRefusal(found)) throw new Error(found.refused);
    return OrderDetails.parse(found);
  };
  return { sale, sent, paid, read };
}

test("a merchant and the shopper read the same of an order: all that a parcel and an invoice need", async () => {
  const lines = [
    { sku: "mug", quantity: 1, note: notes.line },
    { sku: "lamp", quantity: 1 },
  ];
  const { sale, read, paid } = await sold(cart({ lines, ...said, note: notes.note }));

  const order = await read();

  expect(order).toMatchObject({
    ...{ ...said, note: notes.note, customer: { email: "ada@example.com" } },
    orderNumber: paid.body?.orderNumber,
    lines: [
      {
        sku: "mug",
        name: expect.any(String),
        note: notes.line,
        taxRatePpm: 190_000,
        taxInclusive: true,
      },
      { sku: "lamp", tax: { currency: "EUR" } },
    ],
    shipping: { option: "standard", taxRatePpm: 190_000 },
  });
  expect(order.lines[1]).not.toHaveProperty("note");
  expect(order).not.toHaveProperty("detailsLeftOut");
  expect(await read(sale.caller())).toEqual(order);
});

test("what nobody told is left out", async () => {
  const order = await (await sold(cart())).read();
  for (const name of ["shippingAddress", "billingAddress", "company", "vatNumber", "note"]) {
    expect(order, name).not.toHaveProperty(name);
  }
});

test("only the sale's document knows what the buyer told: no event, stored order or answer does", async () => {
  const lines = [{ sku: "mug", quantity: 1, note: "planted-line-note" }];
  const shippingAddress = { ...berlin, line1: "planted-street", phone: "030 23125 417" };
  const planted = {
    ...{ lines, shippingAddress, note: "planted-note", company: "planted-company" },
    billingAddress: { ...billingAddress, line1: "planted-billing", vatNumber: "planted-vat" },
  };
  const { sale, sent } = await sold(cart(planted));

  expect(JSON.stringify(sent.of(sale))).not.toMatch(/planted|23125/);
  // The answers' fingerprints are plain text in these tests alone.
  for (const kept of ["envelope FROM outbox", "reply FROM answers", "notice FROM notices"]) {
    expect(JSON.stringify(await sale.rows(`SELECT ${kept}`)), kept).not.toMatch(/planted|23125/);
  }
  const [row] = await sale.rows("SELECT document FROM checkout");
  for (const value of ["street", "line-note", "note", "company", "billing", "vat"]) {
    expect(String(row?.document)).toContain(`planted-${value}`);
  }
  expect(String(row?.document)).toContain(shippingAddress.phone);
});

test("a change replaces what it names, an empty text goes, and lines come with their own notes", async () => {
  withoutQueues();
  const sale = newSale();
  const lines = [{ sku: "mug", quantity: 1, note: "Engrave: Ada" }];
  await sale.create(cart({ lines, ...said, note: "Ring twice" }));
  const patch = (change: object, key: string) => sale.patch(PatchCheckout.parse(change), key);
  await patch({ company: "Difference Engines KG" }, "company");
  await patch({ note: "" }, "note");
  const kept = await sale.rows("SELECT document ->> 'particulars' AS told FROM checkout");
  expect(JSON.parse(String(kept[0]?.told))).toEqual({
    ...{ billingAddress, company: "Difference Engines KG" },
    lineNotes: { mug: "Engrave: Ada" },
  });

  const twice = [
    { sku: "mug", quantity: 1, note: "Engrave: Ada" },
    { sku: "mug", quantity: 1, note: "Engrave: Byron" },
  ];
  const changed = await patch({ lines: twice }, "lines");
  await sale.pay("pm_visa", "pay", changed.body?.quote.total);
  expect(await sale.stub.order(merchant)).toMatchObject({
    lines: [{ sku: "mug", quantity: 2, note: "Engrave: Ada\nEngrave: Byron" }],
  });
});

/** What an invoice would say, from the lines on. */
function invoiced({ lines, shipping, total }: OrderDetails): Money {
  const nothing = zero(total.currency);
  const rows = [...lines, ...(shipping ? [shipping] : [])].map(
    ({ amount = nothing, discount = nothing, tax = nothing, taxInclusive }) =>
      plus(minus(amount, discount), taxInclusive ? nothing : tax),
  );
  return sum(rows, total.currency);
}

test.each([
  [
    "with discounts and free shipping",
    {
      lines: [
        { sku: "mug", quantity: 3 },
        { sku: "lamp", quantity: 1 },
      ],
      promotionCodes: ["BUY2GET1", "FREESHIP"],
    },
  ],
  ["of a business in another member state", { country: "FR", vatNumber: "FR40303265045" }],
])("an invoice adds up from the order alone: %s", async (_name, more) => {
  const customer = { email: `${crypto.randomUUID()}@example.com` };
  const order = await (await sold(cart({ customer, ...more }))).read();
  expect(invoiced(order)).toEqual(order.total);
  expect(order.vatNumber).toBe("vatNumber" in more ? more.vatNumber : undefined);
  const ofLines = [...order.lines, order.shipping].map((row) => row?.tax ?? zero("EUR"));
  expect(sum(ofLines, "EUR")).toEqual(order.tax);
});

test("a phone that was stored before numbers were asked for is read as it stands", async () => {
  const old = { ...berlin, phone: "ask the porter" };
  const { read } = await sold({ ...cart({ shippingAddress: berlin }), shippingAddress: old });
  expect((await read()).shippingAddress).toEqual(old);
  const { read: later } = await sold(cart({ shippingAddress: berlin }));
  expect((await later()).shippingAddress).toEqual({ ...berlin, phoneE164: "+4930901820" });
});
