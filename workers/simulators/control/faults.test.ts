import { expect, test } from "vitest";
import { calm, drawOf, readControl, strike } from "./faults.ts";

test("the same seed meets the same faults", () => {
  const series = (seed: number) => Array.from({ length: 50 }, (_, n) => drawOf(seed, n));
  expect(series(7)).toEqual(series(7));
  expect(series(7)).not.toEqual(series(8));
  const mean = Array.from({ length: 2000 }, (_, n) => drawOf(3, n)).reduce((a, b) => a + b) / 2000;
  expect(mean).toBeCloseTo(0.5, 1);
});

test("a fault strikes as often as it was told, and only where it aims", () => {
  const rule = { operation: "capture", kind: "drop_after", times: 2, metadataCheckoutId: "chk_1" };
  let control = readControl({ faults: [rule] }, calm, 0);
  const struck: string[] = [];
  for (const [operation, checkout] of [
    ["authorize", "chk_1"],
    ["capture", "chk_2"],
    ["capture", "chk_1"],
    ["capture", "chk_1"],
    ["capture", "chk_1"],
  ] as const) {
    if (typeof control === "string") throw new Error(control);
    const result = strike(
      control,
      { operation, realNowMs: 0, checkoutId: () => checkout, method: () => "card" },
      0,
    );
    control = result.control;
    if (result.rule) struck.push(`${operation} ${checkout}`);
  }
  expect(struck).toEqual(["capture chk_1", "capture chk_1"]);
});

test("a control that nobody understands is refused and named", () => {
  for (const body of [
    [],
    { latencyMS: {} },
    { faults: {} },
    { faults: [{ operation: "capture", kind: "explode" }] },
    { faults: [{ operation: "pay", kind: "hang" }] },
    { webhooks: { mode: "loud" } },
  ]) {
    expect(readControl(body, calm, 0)).toBeTypeOf("string");
  }
});
