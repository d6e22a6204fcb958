import { expect, test } from "vitest";
import type { Checkout } from "../../sale/checkout.ts";
import { isOver, lastDayOf } from "./withdrawal-period.ts";

const terms = (days: number, countries = {}, timeZone = "Europe/Berlin") => ({
  days: { default: days, countries },
  timeZone,
});

/** A sale to Germany of which parcels left then. */
function sent(fulfilment: string, ...times: readonly (string | undefined)[]): Checkout {
  const shipments = times.map((time, at) => ({
    ...{ n: at + 1, lines: [], status: "shipped" },
    ...(time ? { atMs: Date.parse(time) } : {}),
  }));
  return { order: { fulfilment }, shipments, request: { country: "DE" } } as unknown as Checkout;
}

test("the period is counted from the day after the last parcel left, by the shop's clock", () => {
  const parcels = ["2026-12-01T09:00:00Z", "2026-12-02T23:30:00Z"];
  expect(lastDayOf(sent("fulfilled", ...parcels), terms(14))).toBe("2026-12-17");
  expect(lastDayOf(sent("fulfilled", ...parcels), terms(14, {}, "UTC"))).toBe("2026-12-16");
});

test("a country's own number goes before the shop's", () => {
  const sale = sent("fulfilled", "2026-12-01T09:00:00Z");
  expect(lastDayOf(sale, terms(14, { DE: 30 }))).toBe("2026-12-31");
  expect(lastDayOf(sale, terms(14, { NL: 30 }))).toBe("2026-12-15");
});

test("a period that would end on a weekend ends on the Monday after it", () => {
  expect(lastDayOf(sent("fulfilled", "2026-12-05T09:00:00Z"), terms(14))).toBe("2026-12-21");
  expect(lastDayOf(sent("fulfilled", "2026-12-06T09:00:00Z"), terms(14))).toBe("2026-12-21");
});

test("it has not begun while goods are still to be sent, or where nobody knows when they were", () => {
  expect(lastDayOf(sent("requested"), terms(14))).toBeUndefined();
  expect(lastDayOf(sent("partial", "2026-12-01T09:00:00Z"), terms(14))).toBeUndefined();
  expect(lastDayOf(sent("fulfilled", undefined), terms(14))).toBeUndefined();
});

test("its last day is whole, in the shop", () => {
  const over = (time: string) => isOver("2026-12-15", Date.parse(time), "Europe/Berlin");
  expect(over("2026-12-15T22:59:59Z")).toBe(false);
  expect(over("2026-12-15T23:00:00Z")).toBe(true);
});
