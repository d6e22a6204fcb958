import { expect, test } from "vitest";
import { calmAdyen, readAdyenControl } from "./adyen-control.ts";

test("a control says how many items a webhook carries, and names what it does not know", () => {
  expect(readAdyenControl({ webhookBatch: 3 }, calmAdyen, 0)).toMatchObject({ webhookBatch: 3 });
  for (const body of [null, { webhookBatch: 0 }, { webhookBatch: "2" }, { loud: true }]) {
    expect(readAdyenControl(body, calmAdyen, 0)).toBeTypeOf("string");
  }
});
