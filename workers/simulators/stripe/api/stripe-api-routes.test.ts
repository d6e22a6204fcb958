import { expect, test } from "vitest";
import { routeOf } from "./stripe-api-routes.ts";

test("paths that Stripe does not have are no routes", () => {
  expect(routeOf("POST", "/v1/payment_intents/pi_1/capture")).toEqual({
    name: "payment_intents.capture",
    id: "pi_1",
  });
  for (const [method, path] of [
    ["POST", "/v1/payment_intents/pi_1/explode"],
    ["DELETE", "/v1/payment_intents/pi_1"],
    ["GET", "/v2/payment_intents"],
    ["GET", "/v1/constructor"],
    ["GET", "/v1/payment_intents/pi_1/capture"],
  ] as const) {
    expect(routeOf(method, path)).toBeNull();
  }
});
