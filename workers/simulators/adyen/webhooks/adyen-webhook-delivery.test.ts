import { expect, test } from "vitest";
import type { Item } from "../api/adyen-wire.ts";
import { signatureOf } from "./adyen-webhook-delivery.ts";

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
