import { expect, test } from "vitest";
import { providerKey } from "./idempotency-key.ts";

test("a provider's key is 64 characters of hex: the same parts, the same key", () => {
  expect(providerKey("chk", "pay/1", "authorize")).toMatch(/^[0-9a-f]{64}$/);
  expect(providerKey("a", "b")).toBe(providerKey("a", "b"));
  expect(providerKey("a", "b")).toBe(
    "c14cddc033f64b9dea80ea675cf280a015e672516090a5626781153dc68fea11",
  );
  expect(providerKey("a", "c")).not.toBe(providerKey("a", "b"));
});
