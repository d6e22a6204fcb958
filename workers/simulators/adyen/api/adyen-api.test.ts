import { expect, test } from "vitest";
import { sceneOf, storedScene } from "../payments/test-cards.ts";
import { calmAdyen, readAdyenControl } from "../storage/adyen-control.ts";
import { signatureOf } from "../webhooks/adyen-webhook-delivery.ts";
import { routeOf } from "./adyen-api-routes.ts";
import type { Item } from "./adyen-wire.ts";
import { checkObject } from "./body-check.ts";

const KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056";

const authorisation: Item = {
  eventCode: "AUTHORISATION",
  eventDate: "2026-11-25T20:00:00.000Z",
  success: "true",
  pspReference: "7914073381342284",
  merchantReference: "TestPayment-1407325143704",
  merchantAccountCode: "TestMerchant",
  amount: { value: 1130, currency: "EUR" },
};

test("signatures equal the ones that Adyen's library accepts", () => {
  const capture: Item = {
    ...authorisation,
    eventCode: "CAPTURE",
    pspReference: "993617894906488A",
    originalReference: "993617894903480A",
    merchantReference: "co_01HZX",
  };
  const yen: Item = {
    ...authorisation,
    merchantReference: "co_ü",
    amount: { value: 1000, currency: "JPY" },
  };
  for (const [item, signature] of [
    [authorisation, "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="],
    [{ ...authorisation, success: "false" }, "YrZbRrl8QM84UhV+yoHFXqoA2lrfLDJ6Grw0ypYASWE="],
    [capture, "AzVQpZmNX3WZfSkRHEGMS7rRjHivUdou4qBWhuNf4BE="],
    [yen, "fbRywoy62bnJD7mR+5elIiUivRz3fuj12JjmIQtIUmU="],
    [
      { ...authorisation, merchantReference: "a:b\\c" },
      "NymdpeS6dTCwROp86cJ3+TLmxB+ZjY9kcErJ0ZyiUCQ=",
    ],
  ] as const) {
    expect(signatureOf(item, KEY)).toBe(signature);
  }
});

test("a path is one call or none", () => {
  expect(routeOf("/payments")).toEqual({ name: "payments", pspReference: "" });
  expect(routeOf("/payments/details")).toEqual({ name: "payments.details", pspReference: "" });
  expect(routeOf("/payments/ABC/captures")).toEqual({
    name: "payments.captures",
    pspReference: "ABC",
  });
  for (const path of ["/", "/payments/ABC", "/payments/ABC/details", "/cancels/ABC", "/a/b/c/d"]) {
    expect(routeOf(path)).toBeNull();
  }
});

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

test("a card's outcome comes by its number, its holder's name or a requested code", () => {
  expect(sceneOf("4111111111111111", "A. Shopper", "")).toMatchObject({ refusal: null });
  expect(sceneOf("4111111111111111", "DECLINED : 06 : ERROR", "")?.refusal?.code).toBe("2");
  expect(sceneOf("4111111111111111", "A. Shopper", "9")?.refusal?.reason).toBe(
    "Issuer Unavailable",
  );
  expect(sceneOf("5201281505129736", "", "")).toMatchObject({ wants3ds: true, brand: "mc" });
  expect(sceneOf("1", "", "")).toBeNull();
  expect(storedScene("stored_DECLINED")?.refusal?.code).toBe("2");
  expect(storedScene("stored_NOT_ENOUGH_BALANCE")?.refusal?.code).toBe("12");
  expect(storedScene("stored_capture_failed")?.quirk).toBe("capture_failed");
  expect(storedScene("stored_5201281505129736")).toMatchObject({ wants3ds: true });
  expect(storedScene("card_1")).toBeNull();
});

test("a control says how many items a webhook carries, and names what it does not know", () => {
  expect(readAdyenControl({ webhookBatch: 3 }, calmAdyen, 0)).toMatchObject({ webhookBatch: 3 });
  for (const body of [null, { webhookBatch: 0 }, { webhookBatch: "2" }, { loud: true }]) {
    expect(readAdyenControl(body, calmAdyen, 0)).toBeTypeOf("string");
  }
});
