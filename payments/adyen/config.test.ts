import { expect, test } from "vitest";
import { adyenConfigFrom, endpointOf } from "./config.ts";
import { callOf, openAdyen, request, secured } from "./testing/adyen-fixtures.ts";

const env = {
  ADYEN_API_BASE: "http://127.0.0.1:8788/adyen/",
  ADYEN_API_KEY: "test_key",
  ADYEN_MERCHANT_ACCOUNT: "TestMerchant",
  ADYEN_HMAC_KEY: "AA",
};

test("a base URL is all that it takes to call another server", () => {
  expect(endpointOf(adyenConfigFrom(env), "eu")).toBe("http://127.0.0.1:8788/adyen");
});

test("a live account is called by its prefix", () => {
  const config = adyenConfigFrom({ ...env, ADYEN_LIVE_PREFIX: "1797a841fbb37ca7-Tender" });
  expect(endpointOf(config, "eu")).toBe(
    "https://1797a841fbb37ca7-Tender-checkout-live.adyenpayments.com/checkout",
  );
});

test("a region with an endpoint of its own is called there alone", () => {
  const config = adyenConfigFrom({ ...env, ADYEN_API_BASE_APAC: "https://apac.example.com" });
  expect(endpointOf(config, "apac")).toBe("https://apac.example.com");
  expect(endpointOf(config, "eu")).toBe("http://127.0.0.1:8788/adyen");
});

test.each([
  ["AA,BB", ["AA", "BB"]],
  ["AA BB", ["AA", "BB"]],
  [" AA ,\nBB ", ["AA", "BB"]],
  ["", []],
])("two keys may sign while one replaces the other: %j", (keys, hmacKeys) => {
  expect(adyenConfigFrom({ ...env, ADYEN_HMAC_KEY: keys }).hmacKeys).toEqual(hmacKeys);
});

test("several captures are promised where the account has them, and for cards alone", async () => {
  const adyen = await openAdyen({ severalCaptures: true });
  adyen.answer({ resultCode: "Authorised", pspReference: secured.reference });
  expect(await adyen.provider.authorize(request, callOf())).toEqual({
    ...secured,
    severalCaptures: true,
  });
  await adyen.close();
});

test("a sale's calls go to its region's endpoint, and another region's nowhere else", async () => {
  const us = await openAdyen();
  const rest = await openAdyen({ regionalApiBases: { us: us.config.apiBase } });
  us.answer({ resultCode: "Authorised", pspReference: secured.reference });
  rest.answer({ resultCode: "Authorised", pspReference: secured.reference });

  await rest.provider.authorize(request, { ...callOf(), region: "us" });
  expect([us.asked.length, rest.asked.length]).toEqual([1, 0]);
  await rest.provider.authorize(request, callOf());
  expect([us.asked.length, rest.asked.length]).toEqual([1, 1]);
  await Promise.all([us.close(), rest.close()]);
});
