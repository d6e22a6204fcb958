import { expect, test } from "vitest";
import {
  authorized,
  CHECKOUT,
  clean,
  declined,
  event,
  feed,
  found,
  NOW,
  NOW_MS,
  nothing,
  ORDER,
  order,
  payment,
  placed,
  sale,
  stock,
} from "./sample.ts";

test("a finished sale is clean, and so is an empty shop", () => {
  expect(found({ told: [placed] })).toEqual(clean);
  expect(found({}, nothing)).toEqual(clean);
});

test("a sale that was cancelled, with money and stock back, is clean", () => {
  expect(
    found({
      orders: [{ ...order, version: 2, status: "cancelled" }],
      events: [event(1, "placed"), event(2, "cancelled")],
      ledger: [{ ...payment, status: "canceled", amountReceived: 0 }],
      stock: [{ ...stock, available: 10, allocated: 0, holds: [] }],
    }),
  ).toEqual(clean);
});

test("a checkout that declined and left is clean", () => {
  const refused = { ...payment, status: "requires_payment_method", amountReceived: 0 };
  expect(found({ told: [declined], ledger: [refused] }, nothing)).toEqual(clean);
});

test("an open checkout's hold is no fault before its end", () => {
  const held = { checkoutId: CHECKOUT, quantity: 2, state: "held" as const, expiresAt: NOW };
  const open = { ...stock, held: 2, allocated: 0, holds: [held] };
  expect(found({ stock: [open], nowMs: NOW_MS - 1 }, nothing)).toEqual(clean);
});

test("I2: a shopper who was told placed has an order", () => {
  const { unfinished } = found({ told: [placed] }, nothing);
  expect(unfinished).toEqual([`I2 ${CHECKOUT} was told placed and has no order row.`]);
});

test("I2: a placed answer that names no checkout is a violation", () => {
  const { violations } = found({ told: [{ ...placed, checkoutId: undefined }] });
  expect(violations).toEqual(["I2 key-1 was told placed without the name of a checkout."]);
});

test("I2: an order that is paid is asked to be sent", () => {
  const result = found({
    orders: [{ ...order, version: 2, status: "captured" }],
    events: sale.events.slice(0, 2),
  });
  expect(result).toEqual({
    violations: [],
    unfinished: [`I2 ${ORDER} is captured and its fulfilment is not requested yet.`],
  });
});

test("I7: one key has one answer, whatever the request's number", () => {
  const again = { ...placed, body: { checkoutId: CHECKOUT, status: "captured" } };
  expect(found({ told: [placed, again] }).violations).toEqual([
    `I7 ${placed.route} with key key-1 got 2 different answers.`,
  ]);

  const first = { ...declined, body: { code: "payment_declined", requestId: "a" } };
  const second = { ...declined, body: { requestId: "b", code: "payment_declined" } };
  expect(found({ told: [first, second] }, nothing)).toEqual(clean);
});

test("I7: a fault, silence or 'processing' may be followed by the answer", () => {
  const fault = { ...placed, status: 500, body: { code: "internal" } };
  const silence = { ...placed, status: 0, body: undefined };
  const processing = { ...placed, status: 202, body: { status: "processing" } };
  expect(found({ told: [fault, silence, processing, placed] })).toEqual(clean);
});

test("I7: a key is not accepted with a second payload", () => {
  const other = { ...placed, fingerprint: "payload-2" };
  expect(found({ told: [placed, other] }).violations).toEqual([
    `I7 ${placed.route} with key key-1 was accepted with 2 payloads.`,
  ]);
  const refused = { ...other, status: 422, body: { code: "idempotency_key_reused" } };
  expect(found({ told: [placed, refused] })).toEqual(clean);
});

test("I8: a missing event is unfinished while it may still be sent again", () => {
  const { unfinished } = found({ events: sale.events.slice(1) });
  expect(unfinished).toEqual([`I8 ${ORDER} lacks event 1 and has event 3.`]);
  expect(found({ events: [] }).unfinished).toEqual([`I8 ${ORDER} has no event in the log.`]);
});

test("I8: an event is stored once", () => {
  const { violations } = found({ events: [...sale.events, event(2, "captured")] });
  expect(violations).toEqual([`I8 ${ORDER} has event 2 2 times.`]);
});

test("I8: the row stands where its log ends", () => {
  expect(found({ events: sale.events.slice(0, 2) }).unfinished).toEqual([
    `I8 ${ORDER} stands at 3, which its log has not reached.`,
  ]);
  const events = [...sale.events.slice(0, 2), event(3, "fulfilled")];
  expect(found({ events }).violations).toEqual([
    `I8 ${ORDER} is fulfillment_requested; its last event says fulfilled.`,
  ]);
});

test("I8: events without a row are unfinished", () => {
  const { unfinished } = found({ events: [event(1, "placed")] }, nothing);
  expect(unfinished).toEqual([`I8 ${ORDER} has events and no order row.`]);
});

test("I8: every feed comes to its log's end, and none goes past it", () => {
  const late = { ...feed, offset: 1, state: "failing" };
  expect(found({ feeds: [feed, late] }).unfinished).toEqual([
    "I8 feed eu/mail is failing at 1 of 3.",
  ]);
  const ahead = { ...feed, offset: 4 };
  expect(found({ feeds: [ahead] }).violations).toEqual([
    "I8 feed eu/mail stands at 4, and its log ends at 3.",
  ]);
});

test("I9: a shopper who was told declined pays nothing", () => {
  expect(found({ told: [declined], ledger: [payment] }, nothing).violations).toEqual([
    `I9 pi_1 holds money of ${CHECKOUT}, whose shopper was told "declined".`,
  ]);
  expect(found({ told: [declined], ledger: [authorized] }, nothing).unfinished).toContain(
    `I9 pi_1 holds money of ${CHECKOUT}, whose shopper was told "declined".`,
  );
});

test("I9: the card after the declined one may pay", () => {
  const second = { ...placed, key: "key-2" };
  expect(found({ told: [declined, second] })).toEqual(clean);
});

test("I9: a declined attempt keeps no money even when a later one paid", () => {
  const body = { status: "open", payment: { attempt: 1, status: "declined" } };
  const created = { ...placed, key: "key-0", route: "POST /v1/checkouts", status: 201, body };
  const metadata = { checkout_id: CHECKOUT, payment_reference: `${CHECKOUT}_1_stripe` };
  const { violations } = found({ told: [created, placed], ledger: [{ ...payment, metadata }] });
  expect(violations).toEqual([
    `I9 pi_1 holds money of ${CHECKOUT}, whose shopper was told "declined".`,
  ]);
});

test("I10: no dump carries an e-mail address", () => {
  const { violations } = found({ orders: [{ ...order, note: "ada@example.com" }] });
  expect(violations).toEqual([`I10 ${ORDER} carries an e-mail address.`]);
});

test("I10: no dump carries what a story planted in a personal field", () => {
  const { violations } = found({ orders: [{ ...order, company: "planted-personal-company" }] });
  expect(violations).toEqual([
    `I10 ${ORDER} carries what only its sale knows: planted-personal-company.`,
  ]);
});

test("I11: no dump carries a card number", () => {
  const { violations } = found({ orders: [{ ...order, note: "4242424242424242" }] });
  expect(violations).toEqual([`I11 ${ORDER} carries a card number.`]);
});
