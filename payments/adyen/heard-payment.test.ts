import fc from "fast-check";
import { expect, test } from "vitest";
import type { Notice } from "../webhook-notice.ts";
import { heardPayment } from "./heard-payment.ts";
import { amount, heard, PSP, reference } from "./testing/adyen-fixtures.ts";

const no = { success: false };
const half = { amountMinor: 800, currency: "EUR" };

/** Everything that Adyen may tell of one payment. */
const notices: readonly Notice[] = [
  heard("AUTHORISATION"),
  heard("AUTHORISATION", no),
  heard("OFFER_CLOSED"),
  heard("EXPIRE"),
  heard("CAPTURE", { about: "C1", ourReference: `${reference}_c1` }),
  heard("CAPTURE", { about: "C1", ourReference: `${reference}_c1`, ...no }),
  heard("CAPTURE_FAILED", { about: "C1" }),
  heard("CAPTURE", { about: "C2", amount: half }),
  heard("CANCELLATION", no),
  heard("CANCELLATION", { about: "V2" }),
  heard("CANCEL_OR_REFUND", { about: "V3" }),
  heard("REFUND_FAILED", { about: "V3" }),
  heard("REFUND", { about: "R1" }),
  heard("REFUND_FAILED", { about: "R1" }),
  heard("TECHNICAL_CANCEL", { about: "T1", reference: "T1", ...no }),
];

/** All that the adapter ever asks of what it has heard. */
function conclusions(told: readonly Notice[], method: "card" | "ideal") {
  const payment = heardPayment({ paymentReference: reference }, { method, reference: PSP }, told);
  return {
    authorised: payment.authorised,
    closed: payment.closed,
    held: payment.held,
    givenBack: payment.givenBack(PSP),
    left: payment.left(PSP),
    isCancelledByOurs: payment.isCancelledByOurs,
    notFound: payment.notFound,
    hasCaptures: payment.hasCaptures(PSP),
    capture: payment.outcome("CAPTURE", { ours: `${reference}_c1`, reference: "C1" }),
    refund: payment.outcome("REFUND", { ours: `${reference}_r1`, reference: "R1" }),
  };
}

test("webhooks in any order, and any of them twice, tell the same", () => {
  const history = fc.subarray([...notices]).chain((told) =>
    fc.record({
      told: fc.constant(told),
      shuffled: fc.shuffledSubarray(told, { minLength: told.length }),
      doubled: fc.subarray(told),
      method: fc.constantFrom("card", "ideal" as const),
    }),
  );
  fc.assert(
    fc.property(history, ({ told, shuffled, doubled, method }) => {
      const expected = conclusions(told, method);
      expect(conclusions([...doubled, ...shuffled], method)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test("money is never both gone and held", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...notices]), (told) => {
      const { held, givenBack } = conclusions(told, "card");
      expect(held && givenBack).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});

test("what other providers and other attempts tell is not heard", () => {
  const others = [
    heard("AUTHORISATION", { provider: "stripe" }),
    heard("AUTHORISATION", { ourReference: `${reference}1`, reference: "P2", about: "P2" }),
    heard("AUTHORISATION", { ourReference: reference.slice(0, -1), reference: "P2", about: "P2" }),
  ];
  expect(conclusions(others, "card")).toEqual(conclusions([], "card"));
});

test("a refund that bounced leaves the money with us", () => {
  const told = [heard("CAPTURE", { about: "C1" }), heard("REFUND", { about: "R1", amount: half })];
  expect(conclusions(told, "card").left).toEqual({ amountMinor: 989, currency: "EUR" });
  const bounced = [...told, heard("REFUND_FAILED", { about: "R1" })];
  expect(conclusions(bounced, "card").left).toEqual(amount);
});
