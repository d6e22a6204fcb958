import { expect, test } from "vitest";
import { CheckoutId, ShopId } from "../../schema/ids.ts";
import type { AuthorizeRequest } from "../provider.ts";
import { AdyenProvider } from "./adyen.provider.ts";
import { AdyenError } from "./client.ts";
import { readAdyenWebhook } from "./webhook.ts";

const config = {
  ...{ apiBase: "http://adyen.test", apiKey: "test_key", merchantAccount: "TestMerchant" },
  hmacKeys: ["44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"],
  severalCaptures: false,
};

test("the official library verifies webhooks in a Worker", async () => {
  const item = {
    ...{ pspReference: "7914073381342284", merchantAccountCode: "TestMerchant" },
    ...{ merchantReference: "TestPayment-1407325143704", eventCode: "AUTHORISATION" },
    ...{ amount: { value: 1130, currency: "EUR" }, success: "true" },
    additionalData: { hmacSignature: "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=" },
  };
  const body = (more: object) =>
    JSON.stringify({ notificationItems: [{ NotificationRequestItem: { ...item, ...more } }] });
  expect(await readAdyenWebhook(config, body({}), 0)).toMatchObject({ is: "verified" });
  expect(await readAdyenWebhook(config, body({ success: "false" }), 0)).toEqual({ is: "forged" });
});

test("the official library calls by fetch in a Worker, to the configured base alone", async () => {
  const shopId = ShopId.parse("demo");
  const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
  const request = {
    ...{ shopId, checkoutId, paymentReference: `demo_${checkoutId}_1`, key: "0".repeat(64) },
    ...{ amount: { amountMinor: 1789, currency: "EUR" }, method: "ideal", severalCaptures: false },
    shopper: { email: "ada@example.com", country: "NL" },
    offerEndsAtMs: 0,
  } as const satisfies AuthorizeRequest;
  const call = { region: "eu", startedAtMs: 0, nowMs: 0, nthTry: 1, heard: [] } as const;
  // What stands in for the outside world here knows no Adyen.
  const asked = new AdyenProvider(config).authorize(request, call);
  await expect(asked).rejects.toThrow(AdyenError);
});
