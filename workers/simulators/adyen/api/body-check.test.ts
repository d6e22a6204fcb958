import { expect, test } from "vitest";
import { checkObject } from "./body-check.ts";

test("unknown fields and wrong kinds are named, however deep", () => {
  const amount = { value: 1, currency: "EUR" };
  const merchantAccount = "TestMerchant";
  const problem = (body: object) => checkObject(body, "PaymentCaptureRequest")?.message ?? null;
  expect(problem({ amount, merchantAccount })).toBeNull();
  expect(problem({ amount, merchantAccount, sum: 1 })).toContain("[sum]");
  expect(problem({ amount: { ...amount, unit: "c" }, merchantAccount })).toContain("[unit]");
  expect(problem({ amount: { ...amount, value: "1" }, merchantAccount })).toContain("Amount.value");
  expect(problem({ amount, merchantAccount, lineItems: [{ price: 1 }] })).toContain("[price]");
});
