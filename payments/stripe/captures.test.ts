import { expect, test } from "vitest";
import { providerKey } from "../idempotency-key.ts";
import type { CaptureRequest } from "../provider.ts";
import { StripeProvider } from "./stripe.provider.ts";
import { call, cardRequest, dayLater, intentOf, name } from "./testing/payment-fixtures.ts";
import {
  list,
  no,
  nonsense,
  openWire,
  storedError,
  unexpectedState,
  unknowns,
} from "./testing/scripted-server.ts";

const wire = await openWire();
const provider = new StripeProvider(wire.config);
const { amount } = cardRequest;
const secured = { provider: "stripe", method: "card", reference: "pi_1", amount } as const;
const whole: CaptureRequest = { ...name, key: "1".repeat(64), secured, amount, n: 1, isLast: true };
const part = { amountMinor: 700, currency: "EUR" };
const first: CaptureRequest = {
  ...whole,
  secured: { ...secured, severalCaptures: true },
  amount: part,
  isLast: false,
};
const second: CaptureRequest = { ...first, key: "2".repeat(64), n: 2 };
const last: CaptureRequest = { ...second, key: "3".repeat(64), n: 3, isLast: true };
const POSTED = "POST /v1/payment_intents/pi_1/capture";
const READ = "GET /v1/payment_intents/pi_1";

const released = (cancellation_reason: string | null) =>
  unexpectedState(intentOf("canceled", { cancellation_reason }));

/** An intent of which so many captures were made. */
const after = (captures: number, status = "requires_capture") =>
  intentOf(status, {
    amount_received: captures * 700,
    metadata: captures > 0 ? { last_capture: String(captures) } : {},
  });

test.each(unknowns)("capture takes $status $body for no answer", async (answer) => {
  wire.answer(answer);
  await expect(provider.capture(whole, call)).rejects.toThrow();
});

test("the whole amount is taken in one capture, under the request's key", async () => {
  wire.answer(intentOf("succeeded"));
  expect(await provider.capture(whole, call)).toEqual({ capture: "captured", amount });
  expect(wire.sent()).toEqual([{ call: POSTED, form: "amount_to_capture=1789", key: whole.key }]);
});

test("a single capture of a part says what was taken, and lets the rest go", async () => {
  wire.answer(intentOf("succeeded", { amount_received: 700 }));
  const captured = await provider.capture({ ...whole, amount: part }, call);
  expect(captured).toEqual({ capture: "captured", amount: part });
});

test("of several captures each leaves its number, and only the last lets the rest go", async () => {
  wire.answer(after(1), after(2), after(3, "succeeded"));
  for (const request of [first, second, last]) {
    expect(await provider.capture(request, call)).toEqual({ capture: "captured", amount: part });
  }
  expect(wire.sent().map(({ form }) => form)).toEqual([
    "amount_to_capture=700&final_capture=false&metadata[last_capture]=1",
    "amount_to_capture=700&final_capture=false&metadata[last_capture]=2",
    "amount_to_capture=700&final_capture=true&metadata[last_capture]=3",
  ]);
});

test("a first capture of all that is held is the last one, whatever was planned", async () => {
  wire.answer(intentOf("succeeded"));
  await provider.capture({ ...first, amount }, call);
  expect(wire.sent()[0]?.form).toBe("amount_to_capture=1789");
});

test("where only one capture was granted, one after a refused one is made as the only one", async () => {
  wire.answer(intentOf("succeeded"));
  const again = { ...whole, n: 2, amount: part };
  expect(await provider.capture(again, call)).toMatchObject({ capture: "captured" });
  expect(wire.sent()[0]?.form).toBe("amount_to_capture=700");
});

test("a capture that others are to follow is a bug where only one was granted", async () => {
  await expect(provider.capture({ ...first, secured }, call)).rejects.toThrow(/were granted/);
  expect(wire.asked()).toEqual([]);
});

test("a stored error of a capture that took effect is its success", async () => {
  wire.answer(storedError, after(2));
  expect(await provider.capture(second, call)).toEqual({ capture: "captured", amount: part });
  expect(wire.asked()).toEqual([POSTED, READ]);
});

test("a stored error of a capture that took no effect is made again under the next key", async () => {
  wire.answer(storedError, after(1), after(2));
  expect(await provider.capture(second, call)).toEqual({ capture: "captured", amount: part });
  expect(wire.keys()).toEqual([second.key, providerKey(second.key, "2")]);
});

test.each(nonsense)(
  "whether a capture took effect is not read out of $status $body",
  async (answer) => {
    wire.answer(storedError, answer, after(2));
    await expect(provider.capture(second, call)).rejects.toThrow();
    expect(wire.asked()).toEqual([POSTED, READ]);
  },
);

test("five stored errors in a row are left to an operator", async () => {
  wire.answer(...Array.from({ length: 5 }, () => [storedError, after(1)]).flat());
  await expect(provider.capture(second, call)).rejects.toThrow(/5 errors in a row/);
});

test("a capture whose key may be forgotten is first looked for, and so made once", async () => {
  wire.answer(after(2));
  expect(await provider.capture(second, dayLater)).toEqual({ capture: "captured", amount: part });
  expect(wire.asked()).toEqual([READ]);
  wire.answer(after(1), after(2));
  expect(await provider.capture(second, dayLater)).toEqual({ capture: "captured", amount: part });
  expect(wire.asked()).toEqual([READ, READ, POSTED]);
});

test("a capture that is still under way is pending, and ends when it is asked for", async () => {
  wire.answer(intentOf("processing"));
  const pending = { capture: "pending", reference: "pi_1" };
  expect(await provider.capture(whole, call)).toEqual(pending);
  wire.answer(intentOf("processing"), intentOf("succeeded"), intentOf("requires_capture"));
  expect(await provider.captureOutcome(whole)).toEqual(pending);
  expect(await provider.captureOutcome(whole)).toEqual({ capture: "captured", amount });
  expect(await provider.captureOutcome(whole)).toMatchObject({ capture: "refused" });
  wire.answer({ status: 502, body: "{}" });
  await expect(provider.captureOutcome(whole)).rejects.toThrow();
});

test.each([
  ["the hold ran out", released("expired"), "expired"],
  ["the hold ran out, as earlier versions say it", released("automatic"), "expired"],
  ["the hold was voided", released("requested_by_customer"), "requested_by_customer"],
  ["the hold was voided without a word", released(null), "canceled"],
  ["the hold ran out by its charge", no("charge_expired_for_capture"), "expired"],
  ["more than is left", no("amount_too_large"), "amount_too_large"],
])("a capture is refused for good: %s", async (_why, answer, reason) => {
  wire.answer(answer);
  expect(await provider.capture(whole, call)).toMatchObject({ capture: "refused", reason });
});

test("a capture that was made before is captured when Stripe finds it odd", async () => {
  wire.answer(unexpectedState(intentOf("succeeded")));
  expect(await provider.capture(whole, call)).toEqual({ capture: "captured", amount });
  wire.answer(unexpectedState(after(3, "succeeded")));
  expect(await provider.capture(last, call)).toEqual({ capture: "captured", amount: part });
});

test("a hold that ran out after one capture of several does not pass for the next one", async () => {
  wire.answer(unexpectedState(after(1, "succeeded")));
  const refused = { capture: "refused", reason: "expired" };
  expect(await provider.capture(second, call)).toMatchObject(refused);
});

test("what was taken in the dashboard is booked, and not what was wished", async () => {
  wire.answer(unexpectedState(intentOf("succeeded", { amount_received: 500 })));
  const taken = { ...amount, amountMinor: 500 };
  expect(await provider.capture(whole, call)).toEqual({ capture: "captured", amount: taken });
});

test("of several captures, one in the dashboard that ends them takes the place of the next", async () => {
  const ended = intentOf("succeeded", { amount_received: 900 });
  const money = (amountMinor: number) => ({ ...amount, amountMinor });
  wire.answer(unexpectedState(ended));
  expect(await provider.capture({ ...second, takenBefore: money(600) }, call)).toEqual({
    ...{ capture: "captured", amount: money(300) },
  });
  wire.answer(unexpectedState(ended));
  expect(await provider.capture({ ...second, takenBefore: money(900) }, call)).toEqual({
    ...{ capture: "refused", reason: "expired", standing: money(900) },
  });
});

test("a payment's standing has the refunds of everybody, by Stripe's names", async () => {
  const refund = (id: string, status: string) => ({ id, status, amount: 400, currency: "eur" });
  wire.answer(
    intentOf("succeeded", { amount_received: 1000 }),
    list(refund("re_1", "succeeded"), refund("re_2", "requires_action"), refund("re_3", "failed")),
  );
  const of = { amount: { ...amount, amountMinor: 400 } };
  expect(await provider.standing(whole)).toEqual({
    ...{ captured: { ...amount, amountMinor: 1000 }, isHeld: false },
    refunds: [
      { reference: "re_1", ...of, status: "refunded" },
      { reference: "re_2", ...of, status: "pending" },
      { reference: "re_3", ...of, status: "refused" },
    ],
  });
});
