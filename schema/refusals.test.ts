import { expect, test } from "vitest";
import { assert, isRefusal } from "./outcome.ts";
import { refusals, refuse } from "./refusals.ts";

const rows = Object.entries(refusals);

test.each(rows)("%s has a status, a sentence and a way on", (code, { status, sentence, then }) => {
  expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
  expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(then).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
});

test("what the design names has the status that it names", () => {
  expect(refusals.idempotency_key_missing.status).toBe(400);
  expect(refusals.bad_signature.status).toBe(400);
  expect(refusals.country_mismatch.status).toBe(400);
  expect(refusals.payment_declined.status).toBe(402);
  expect(refusals.not_found.status).toBe(404);
  expect(refusals.out_of_stock.status).toBe(409);
  expect(refusals.quote_changed.status).toBe(409);
  expect(refusals.checkout_not_open.status).toBe(409);
  expect(refusals.checkout_expired.status).toBe(410);
  expect(refusals.idempotency_key_reused.status).toBe(422);
  expect(refusals.unavailable.status).toBe(503);
});

test("only our own faults ask for the same key again", () => {
  const again = rows.filter(([, { then }]) => then === "retry_same_key");
  expect(again.map(([code]) => code)).toEqual(["internal", "unavailable"]);
  expect(again.every(([, { status }]) => status >= 500)).toBe(true);
});

test("a refusal carries its detail only when there is one", () => {
  expect(refuse("out_of_stock")).toEqual({ refused: "out_of_stock" });
  expect(Object.keys(refuse("out_of_stock"))).toEqual(["refused"]);
  expect(refuse("out_of_stock", { skus: ["mug"] })).toEqual({
    refused: "out_of_stock",
    detail: { skus: ["mug"] },
  });
});

test("only a refusal is one", () => {
  expect(isRefusal(refuse("cancelled"))).toBe(true);
  for (const value of [undefined, null, "refused", {}, { refused: true }, [], { ok: true }]) {
    expect(isRefusal(value)).toBe(false);
  }
});

test("a belief that fails is called a bug", () => {
  expect(() => assert(0, "one is one")).toThrow("Bug: one is one");
  expect(() => assert("yes", "one is one")).not.toThrow();
});
