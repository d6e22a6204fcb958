import { expect, test } from "vitest";
import { StripeLedger, toLedgerPayment } from "./stripe-ledger.ts";
import { intentOf, name } from "./testing/payment-fixtures.ts";
import { all, list, nonsense, openWire } from "./testing/scripted-server.ts";

const wire = await openWire();
const ledger = new StripeLedger(wire.config);
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const created = 1_700_000_000;

test("Stripe's books of a time give each payment, whoever it belongs to", async () => {
  wire.answer(
    list(
      intentOf("succeeded", {
        created,
        metadata: { payment_reference: name.paymentReference },
        latest_charge: { amount_refunded: 300, refunded: false, disputed: true },
      }),
      intentOf("requires_capture", { id: "pi_2", created }),
    ),
  );
  const payments = await all(ledger.listPayments(created * 1000, created * 1000 + 500));
  expect(payments).toEqual([
    {
      provider: "stripe",
      reference: "pi_1",
      ourReference: name.paymentReference,
      status: "captured",
      amount: eur(1789),
      captured: eur(1789),
      refunded: eur(300),
      isDisputed: true,
      createdAtMs: created * 1000,
    },
    {
      provider: "stripe",
      reference: "pi_2",
      status: "held",
      amount: eur(1789),
      captured: eur(0),
      refunded: eur(0),
      isDisputed: false,
      createdAtMs: created * 1000,
    },
  ]);
  expect(wire.asked()).toEqual([
    `GET /v1/payment_intents?created[gte]=${created}&created[lt]=${created + 1}&limit=100&expand[0]=data.latest_charge`,
  ]);
});

test("a book of many pages is read to its end", async () => {
  const page = (id: string, has_more: boolean) => ({
    object: "list",
    has_more,
    url: "/v1/payment_intents",
    data: [intentOf("canceled", { id, created })],
  });
  wire.answer(page("pi_1", true), page("pi_2", false));
  const payments = await all(ledger.listPayments(0, created * 1000));
  expect(payments.map(({ reference }) => reference)).toEqual(["pi_1", "pi_2"]);
  expect(wire.asked()[1]).toContain("starting_after=pi_1");
});

test.each(nonsense)("books are not read out of $status $body", async (answer) => {
  wire.answer(answer);
  await expect(all(ledger.listPayments(0, created * 1000))).rejects.toThrow();
});

test.each([
  ["requires_payment_method", {}, "ended"],
  ["requires_confirmation", {}, "awaited"],
  ["requires_action", {}, "awaited"],
  ["processing", {}, "awaited"],
  ["requires_capture", { amount_received: 700 }, "held"],
  ["succeeded", {}, "captured"],
  ["succeeded", { latest_charge: { refunded: true, amount_refunded: 1789 } }, "ended"],
  ["canceled", {}, "ended"],
  ["canceled", { amount_received: 700 }, "captured"],
])("a payment that is %s with %j is %s in the books", (status, more, expected) => {
  expect(toLedgerPayment(intentOf(status, { created, ...more })).status).toBe(expected);
});
