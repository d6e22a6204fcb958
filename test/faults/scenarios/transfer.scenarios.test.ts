import { describe, expect, test, vi } from "vitest";
import { transferSaga } from "../../../durable-objects/stock-ledger/transfer.saga.ts";
import { matrixOf, unbroken } from "../matrix/matrix.ts";
import { transfers } from "./transfer.scenarios.ts";

// Runs that give up say so; here it is the plan that they do.
vi.spyOn(console, "warn").mockImplementation(() => undefined);
vi.spyOn(console, "error").mockImplementation(() => undefined);

const cases = await matrixOf(transfers);

describe("every piece is on one shelf in the end, and the ledger knows on which, whatever breaks", () => {
  for (const each of cases) {
    test(each.name, async () => {
      expect(await each.play()).toEqual([]);
    });
  }
});

test("every step that calls outside is broken", () => {
  expect(unbroken(transferSaga, cases)).toEqual([]);
});
