import { expect, test } from "vitest";
import { areSimulated, simulatorPortAt } from "./simulated.ts";

const STRIPE = { STRIPE_API_BASE: "http://127.0.0.1:9101" };
const ADYEN = { ADYEN_API_BASE: "http://127.0.0.1:9102/checkout" };

test("every provider is simulated that nobody has put elsewhere", () => {
  expect(areSimulated()).toBe("all");
  expect(areSimulated({ CLOCK_OFFSET_MS: "1" })).toBe("all");
  expect(areSimulated(STRIPE)).toBe("some");
  expect(areSimulated(ADYEN)).toBe("some");
  expect(areSimulated({ ...STRIPE, ...ADYEN })).toBe("none");
});

test("simulators make room for a provider that stands on the port after the product's", async () => {
  expect(await simulatorPortAt(9101)).toBe(9101);
  expect(await simulatorPortAt(9101, ADYEN)).toBe(9101);
  expect(await simulatorPortAt(9101, STRIPE)).not.toBe(9101);
  expect(await simulatorPortAt(0)).toBeGreaterThan(0);
});
