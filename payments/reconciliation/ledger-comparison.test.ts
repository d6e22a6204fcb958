import fc from "fast-check";
import { expect, test } from "vitest";
import { checkoutIdFrom, type OrderId, orderIdOf, ShopId } from "../../schema/ids.ts";
import type { LedgerPayment } from "../ledger-source.ts";
import { paymentReference } from "../payment-reference.ts";
import { compare, isBraked } from "./ledger-comparison.ts";
import { netMinor, type OrderMoney } from "./reconciliation-figures.ts";

const NOW_MS = Date.parse("2026-11-25T03:20:00Z");
const YOUNG_MS = NOW_MS - 3_600_000;
const shopId = ShopId.parse("demo");
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

function sale(n: number, shop = shopId) {
  const entropy = new Uint8Array(17);
  new DataView(entropy.buffer).setUint32(0, n);
  const checkoutId = checkoutIdFrom("eu", entropy);
  return { shopId: shop, checkoutId, orderId: orderIdOf(checkoutId) };
}

function paid(n: number, change: Partial<LedgerPayment> = {}): LedgerPayment {
  return {
    provider: "stripe",
    reference: `pi_${n}`,
    ourReference: paymentReference({ ...sale(n), attempt: 1 }),
    status: "captured",
    amount: eur(1789),
    captured: eur(1789),
    refunded: eur(0),
    isDisputed: false,
    createdAtMs: YOUNG_MS - 1,
    ...change,
  };
}

function ordered(n: number, change: Partial<OrderMoney> = {}): OrderMoney {
  return {
    ...sale(n),
    provider: "stripe",
    providerReference: `pi_${n}`,
    captured: eur(1789),
    refunded: eur(0),
    dispute: "none",
    ...change,
  };
}

function compared(payments: readonly LedgerPayment[], orders: readonly OrderMoney[]) {
  const byId = new Map<OrderId, OrderMoney>(orders.map((order) => [order.orderId, order]));
  return compare({ payments, orders: byId, unpaid: [], runningFromMs: YOUNG_MS });
}

test("a payment and its order that say the same are a match", () => {
  const { figures, findings } = compared([paid(1)], [ordered(1)]);
  expect(findings).toEqual([]);
  const sums = { capturedMinor: 1789, refundedMinor: 0, chargedBackMinor: 0 };
  expect(figures).toEqual([
    { shopId, currency: "EUR", payments: 1, orders: 1, ordered: sums, provider: sums },
  ]);
});

test.each([
  ["captured", { captured: eur(1788) }],
  ["refunded", { refunded: eur(1) }],
])("one minor unit more or less %s is a difference", (_what, change) => {
  const { findings } = compared([paid(1, change)], [ordered(1)]);
  expect(findings).toMatchObject([
    { kind: "amounts_differ", reference: "pi_1", orderedMinor: 1789, providerMinor: 1788 },
  ]);
});

test("a payment that no order was placed with is an orphan while any of it stands", () => {
  const none = { captured: eur(0) };
  const orphan = { kind: "orphan", orderedMinor: 0 };
  const other = ordered(1, { providerReference: "pi_other" });
  expect(compared([paid(1)], []).findings).toMatchObject([{ ...orphan, providerMinor: 1789 }]);
  expect(compared([paid(1)], [other]).findings).toMatchObject([orphan]);
  expect(compared([paid(1, { status: "held", ...none })], []).findings).toMatchObject([orphan]);
  expect(compared([paid(1, { refunded: eur(1788) })], []).findings).toMatchObject([
    { ...orphan, providerMinor: 1 },
  ]);
  expect(compared([paid(1, { status: "ended", refunded: eur(1789) })], []).findings).toEqual([]);
  expect(compared([paid(1, { status: "ended", ...none })], []).findings).toEqual([]);
  expect(compared([paid(1, { status: "awaited", ...none })], []).findings).toEqual([]);
});

test("when a day looks like our storage is gone, nothing is given back until a person says so", () => {
  const orphansOf = (count: number, known: number) => {
    const orphans = Array.from({ length: count }, (_, n) => paid(n));
    const rest = Array.from({ length: known }, (_, n) => ordered(1000 + n));
    const payments = [...orphans, ...rest.map((_, n) => paid(1000 + n))];
    const orders = new Map(rest.map((order) => [order.orderId, order]));
    const books = { payments, orders, unpaid: [], runningFromMs: YOUNG_MS };
    return { comparison: compare(books), count: payments.length };
  };
  const few = orphansOf(20, 0);
  const many = orphansOf(21, 0);
  const someOfMany = orphansOf(30, 700);
  expect(isBraked(few.comparison, few.count)).toBe(false);
  expect(isBraked(many.comparison, many.count)).toBe(true);
  expect(isBraked(many.comparison, many.count, 21)).toBe(false);
  expect(isBraked(someOfMany.comparison, someOfMany.count)).toBe(false);
});

test("what is younger than the grace, or names none of our sales, is left alone", () => {
  const foreign = { ...paid(2), ourReference: "INV-2026-1" };
  const payments = [paid(1, { createdAtMs: YOUNG_MS }), foreign];
  expect(compared(payments, [])).toEqual({ figures: [], findings: [], foreign: 1, running: 1 });
});

test("a bank that took money back is known to the order, or a difference", () => {
  const lost = paid(1, { isDisputed: true, chargedBack: eur(1789) });
  const match = compared([lost], [ordered(1, { dispute: "lost" })]);
  expect(match.findings).toEqual([]);
  expect(match.figures).toMatchObject([
    { ordered: { chargedBackMinor: 1789 }, provider: { chargedBackMinor: 1789 } },
  ]);
  expect(compared([lost], [ordered(1)]).findings).toMatchObject([
    { kind: "dispute_differs", orderedMinor: 1789, providerMinor: 0 },
  ]);
  expect(compared([paid(1)], [ordered(1, { dispute: "lost" })]).findings).toMatchObject([
    { kind: "dispute_differs" },
  ]);
});

test("a bank that takes back what was given back already is reported", () => {
  const twice = paid(1, { status: "ended", refunded: eur(1789), chargedBack: eur(1789) });
  expect(compared([twice], []).findings).toMatchObject([
    { kind: "dispute_differs", orderedMinor: 0, providerMinor: -1789 },
  ]);
});

test("an order whose payment the provider does not have is reported with its money", () => {
  const books = { payments: [], orders: new Map(), unpaid: [ordered(1)], runningFromMs: YOUNG_MS };
  expect(compare(books)).toMatchObject({
    findings: [{ kind: "unknown_to_provider", orderedMinor: 1789, providerMinor: 0 }],
    figures: [{ orders: 1, payments: 0, ordered: { capturedMinor: 1789 } }],
  });
});

test("whatever the books say, each currency's drift is the sum of its findings, to the minor unit", () => {
  const minor = fc.integer({ min: 0, max: 99_999_999 });
  const pair = fc.record({
    currency: fc.constantFrom("EUR", "JPY", "KWD"),
    captured: minor,
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    chargedBack: fc.option(minor, { nil: undefined }),
    isYoung: fc.boolean(),
    order: fc.option(
      fc.record({ captured: minor, share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      { nil: undefined },
    ),
    isSame: fc.boolean(),
    dispute: fc.constantFrom("none", "open", "won", "lost"),
  });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 30 }), (pairs) => {
      const payments: LedgerPayment[] = [];
      const orders: OrderMoney[] = [];
      for (const [n, { currency, captured, share, chargedBack, ...made }] of pairs.entries()) {
        const money = (amountMinor: number) => ({ amountMinor, currency });
        const refunded = money(Math.floor(captured * share));
        payments.push(
          paid(n, {
            ...{ captured: money(captured), refunded, amount: money(captured) },
            ...(chargedBack === undefined ? {} : { chargedBack: money(chargedBack) }),
            createdAtMs: made.isYoung ? YOUNG_MS : YOUNG_MS - 1,
          }),
        );
        if (!made.order) continue;
        const theirs = made.isSame
          ? { captured: money(captured), refunded }
          : {
              captured: money(made.order.captured),
              refunded: money(Math.floor(made.order.captured * made.order.share)),
            };
        orders.push(ordered(n, { ...theirs, dispute: made.dispute }));
      }
      const { figures, findings } = compared(payments, orders);
      for (const { currency, ordered: ours, provider } of figures) {
        const drift = netMinor(provider) - netMinor(ours);
        const found = findings
          .filter((finding) => finding.currency === currency)
          .map(({ orderedMinor, providerMinor }) => providerMinor - orderedMinor);
        expect(drift).toBe(found.reduce((all, each) => all + each, 0));
      }
    }),
  );
});
