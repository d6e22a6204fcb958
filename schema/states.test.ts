import { expect, test } from "vitest";
import {
  CheckoutStatus,
  checkoutCan,
  checkoutMoves,
  DisputeFact,
  disputeMoves,
  FulfilmentFact,
  fulfilmentMoves,
  moved,
  OrderStatus,
  orderStatus,
  PaymentFact,
  paymentMoves,
} from "./states.ts";

type Table = { readonly [from: string]: readonly string[] };

/** Everything that can be reached from a status by allowed moves. */
function reachable(table: Table, from: string): Set<string> {
  const seen = new Set([from]);
  for (const status of seen) for (const next of table[status] ?? []) seen.add(next);
  return seen;
}

test.each<{ name: string; table: Table; options: readonly string[] }>([
  { name: "checkout", table: checkoutMoves, options: CheckoutStatus.options },
  { name: "payment", table: paymentMoves, options: PaymentFact.options },
  { name: "fulfilment", table: fulfilmentMoves, options: FulfilmentFact.options },
  { name: "dispute", table: disputeMoves, options: DisputeFact.options },
])(
  "the table of $name moves is closed: it names every state and no other",
  ({ table, options }) => {
    expect(Object.keys(table).toSorted()).toEqual(options.toSorted());
    for (const [from, targets] of Object.entries(table)) {
      expect(targets.filter((to) => !options.includes(to))).toEqual([]);
      expect(targets, `${from} to itself is no move`).not.toContain(from);
      expect(new Set(targets).size).toBe(targets.length);
    }
  },
);

test("a checkout's every status can be reached from its first", () => {
  expect([...reachable(checkoutMoves, "processing")].toSorted()).toEqual(
    CheckoutStatus.options.toSorted(),
  );
});

test("an order's every fact can be reached from what place writes", () => {
  const paid = [...reachable(paymentMoves, "authorized")];
  expect(new Set([...paid, "not_required"])).toEqual(new Set(PaymentFact.options));
  expect(reachable(fulfilmentMoves, "none").size).toBe(FulfilmentFact.options.length);
  expect(reachable(disputeMoves, "none").size).toBe(DisputeFact.options.length);
});

test("an order that cost nothing never comes to have a payment", () => {
  expect(paymentMoves.not_required).toEqual([]);
  const before = PaymentFact.options.filter((from) =>
    (paymentMoves[from] as readonly string[]).includes("not_required"),
  );
  expect(before).toEqual([]);
});

test("a cancelled checkout stays so; an expired one may open again, and never had money under way", () => {
  expect(checkoutMoves.cancelled).toEqual([]);
  expect(checkoutMoves.expired).toEqual(["open", "stuck"]);
  const before = CheckoutStatus.options.filter((from) =>
    (checkoutMoves[from] as readonly string[]).includes("expired"),
  );
  expect(before).toEqual(["open", "stuck"]);
});

test("a placed checkout never opens again", () => {
  for (const status of ["placed", "captured"] as const) {
    expect(checkoutMoves[status]).not.toContain("open");
    expect(checkoutMoves[status]).not.toContain("paying");
  }
});

test("money that went back comes again only where the refund fails, and is never held again", () => {
  const again = ["refunded", "partially_refunded", "partially_captured", "captured"];
  const failed = ["capture_failed", "voided"];
  expect(reachable(paymentMoves, "refunded")).toEqual(new Set([...again, ...failed]));
  expect(reachable(paymentMoves, "refunded").has("authorized")).toBe(false);
  expect(reachable(paymentMoves, "voided")).toEqual(new Set(["voided"]));
  expect(reachable(paymentMoves, "captured").has("authorized")).toBe(false);
});

test("what a status allows is what its moves allow", () => {
  for (const status of CheckoutStatus.options) {
    const targets: readonly string[] = checkoutMoves[status];
    if (checkoutCan.pay(status)) expect(targets).toContain("paying");
    if (checkoutCan.cancel(status)) expect(targets).toContain("cancelling");
    if (checkoutCan.expire(status)) expect(targets).toContain("expired");
  }
  expect(CheckoutStatus.options.filter(checkoutCan.pay)).toEqual(["open"]);
  expect(CheckoutStatus.options.filter(checkoutCan.expire)).toEqual(["open"]);
  expect(checkoutCan.cancel("placed")).toBe(false);
});

test("a move outside its table is a bug; staying is no move", () => {
  expect(moved(checkoutMoves, "open", "paying")).toBe("paying");
  expect(moved(checkoutMoves, "placed", "placed")).toBe("placed");
  expect(() => moved(checkoutMoves, "placed", "open")).toThrow("Bug: placed never becomes open");
  expect(() => moved(checkoutMoves, "expired", "paying")).toThrow(/never becomes/);
});

test.each([
  { payment: "authorized", fulfilment: "none", dispute: "none", status: "placed" },
  { payment: "capture_pending", fulfilment: "none", dispute: "none", status: "placed" },
  { payment: "captured", fulfilment: "none", dispute: "none", status: "captured" },
  { payment: "partially_captured", fulfilment: "none", dispute: "none", status: "captured" },
  {
    payment: "captured",
    fulfilment: "requested",
    dispute: "none",
    status: "fulfillment_requested",
  },
  { payment: "captured", fulfilment: "partial", dispute: "none", status: "fulfillment_requested" },
  { payment: "captured", fulfilment: "fulfilled", dispute: "none", status: "fulfilled" },
  { payment: "capture_failed", fulfilment: "none", dispute: "none", status: "capture_failed" },
  { payment: "capture_failed", fulfilment: "fulfilled", dispute: "none", status: "capture_failed" },
  { payment: "voided", fulfilment: "none", dispute: "none", status: "cancelled" },
  { payment: "refunded", fulfilment: "cancelled", dispute: "none", status: "cancelled" },
  { payment: "refunded", fulfilment: "fulfilled", dispute: "none", status: "refunded" },
  {
    payment: "partially_refunded",
    fulfilment: "fulfilled",
    dispute: "won",
    status: "partially_refunded",
  },
  { payment: "not_required", fulfilment: "none", dispute: "none", status: "placed" },
  {
    payment: "not_required",
    fulfilment: "requested",
    dispute: "none",
    status: "fulfillment_requested",
  },
  { payment: "not_required", fulfilment: "fulfilled", dispute: "none", status: "fulfilled" },
  { payment: "not_required", fulfilment: "cancelled", dispute: "none", status: "cancelled" },
  { payment: "captured", fulfilment: "fulfilled", dispute: "open", status: "disputed" },
  { payment: "refunded", fulfilment: "cancelled", dispute: "open", status: "disputed" },
  { payment: "captured", fulfilment: "fulfilled", dispute: "lost", status: "fulfilled" },
] as const)("$payment, $fulfilment, dispute $dispute reads $status", ({ status, ...facts }) => {
  expect(orderStatus(facts)).toBe(status);
});

test("every combination of facts has a word, and every word has a combination", () => {
  const words = PaymentFact.options.flatMap((payment) =>
    FulfilmentFact.options.flatMap((fulfilment) =>
      DisputeFact.options.map((dispute) => orderStatus({ payment, fulfilment, dispute })),
    ),
  );
  expect([...new Set(words)].toSorted()).toEqual(OrderStatus.options.toSorted());
});
