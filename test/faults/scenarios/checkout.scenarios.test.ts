import { describe, expect, test, vi } from "vitest";
import { matrixOf, unbroken } from "../matrix/matrix.ts";
import { sagas } from "../shop/sale-scenario.ts";
import { sales } from "./checkout.scenarios.ts";

// Runs that give up say so; here it is the plan that they do.
vi.spyOn(console, "warn").mockImplementation(() => undefined);
vi.spyOn(console, "error").mockImplementation(() => undefined);

const cases = await matrixOf(sales);

describe("a sale ends with a clean slate or one capture and one order, whatever breaks", () => {
  for (const each of cases) {
    test(each.name, async () => {
      expect(await each.play()).toEqual([]);
    });
  }
});

test.each(sagas)("every step of $name that calls outside or waits is broken", (saga) => {
  const own = cases.filter((each) => each.saga === saga.name);

  expect(unbroken(saga, own)).toEqual([]);
});
