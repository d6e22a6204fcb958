import { expect, test } from "vitest";
import { signatureOf } from "./stripe-webhook-delivery.ts";

test("signatures equal the ones that Stripe's package makes", () => {
  const vectors = [
    ['{"id":"evt_test"}', "13941114bb88ac44a76abcfddea5b92aa6182a4b63d8be3aae908a616083bd7e"],
    ['{"id": "evt_test"}', "e984bd41c45a1f1ef349e5b5ecd272fcc342c4d1f84f05f9f0b61cdf1e0c6470"],
    [
      '{"id":"evt_1","amount":2599,"name":"Zoë €"}',
      "f398cf9d27dcd28d36046fe4fe3708eb973d6c0c0a9316e3a5fcbb7f3fb083c2",
    ],
  ] as const;
  for (const [body, v1] of vectors) {
    expect(signatureOf(body, ["whsec_test_secret"], 1_700_000_000)).toBe(`t=1700000000,v1=${v1}`);
  }
  expect(signatureOf('{"id":"evt_test"}', ["whsec_rotated"], 1_700_000_000)).toBe(
    "t=1700000000,v1=d0001db3834c2baad591ad5bcedb5b7eb7b4188a25490294180cc7b1dbd1fc67",
  );
});
