import { expect, test } from "vitest";
import { routeOf } from "./adyen-api-routes.ts";

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
