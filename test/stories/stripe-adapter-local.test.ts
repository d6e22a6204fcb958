import { expect, test } from "vitest";
import { begin, eur, openAdapter } from "./open-adapter.ts";

const { act, authorized, provider, set } = await openAdapter();

const locals = [
  { method: "ideal", amount: eur(1789), action: { type: "redirect" } },
  { method: "wero", amount: eur(1789), action: { type: "redirect" } },
  {
    method: "pix",
    amount: { amountMinor: 9900, currency: "BRL" },
    details: { cpf: "000.000.001-91" },
    action: { type: "qr", data: expect.stringContaining("br.gov.bcb.pix") },
  },
  {
    method: "upi",
    amount: { amountMinor: 49900, currency: "INR" },
    action: { type: "app", url: expect.stringContaining("http") },
  },
] as const;

test.each(locals)("$method: the shopper pays, and is refunded", async ({ action, ...wanted }) => {
  const sale = begin({ ...wanted, token: undefined });
  const waiting = await authorized(sale);
  expect(waiting.shopper).toMatchObject(action);
  expect(await provider.shopperOutcome(sale.request, waiting)).toEqual({ shopper: "awaited" });
  expect(await provider.lookUp(sale.request, sale.call)).toBeUndefined();
  await act(waiting.reference, "approve");
  const { amount, method } = wanted;
  const outcome = await provider.shopperOutcome(sale.request, waiting);
  expect(outcome).toMatchObject({
    shopper: "confirmed",
    secured: { amount, method, isCaptured: true },
  });
  expect(await provider.lookUp(sale.request, sale.call)).toMatchObject({ amount, method });

  expect(await provider.resolveAndVoid(sale.request, waiting, sale.call)).toEqual({
    reversal: "refunded",
    taken: amount,
  });
  expect(await provider.lookUp(sale.request, sale.call)).toBeUndefined();
});

test.each(locals)("$method: the shopper declines", async ({ action: _, ...wanted }) => {
  const sale = begin({ ...wanted, token: undefined });
  const waiting = await authorized(sale);
  await act(waiting.reference, "decline");
  expect(await provider.shopperOutcome(sale.request, waiting)).toMatchObject({
    refused: "payment_declined",
  });
});

test.each(locals)(
  "$method: nobody comes, and what is undone cannot be paid",
  async ({ action: _, ...wanted }) => {
    const sale = begin({ ...wanted, token: undefined });
    const waiting = await authorized(sale);
    expect(await provider.resolveAndVoid(sale.request, waiting, sale.call)).toEqual({
      reversal: "voided",
    });
    expect((await act(waiting.reference, "approve")).status).toBe(409);
    expect(await provider.shopperOutcome(sale.request, waiting)).toMatchObject({
      refused: "payment_declined",
    });
  },
);

test.each(["pix", "upi"] as const)("%s: a code that ran out is a decline", async (method) => {
  const wanted = locals.find((each) => each.method === method);
  const sale = begin({ ...wanted, token: undefined });
  const waiting = await authorized(sale);
  await set({ clockShiftMs: 601_000 });
  expect(await provider.shopperOutcome(sale.request, waiting)).toMatchObject({
    detail: { reason: "payment_intent_payment_attempt_expired" },
  });
  expect(await provider.resolveAndVoid(sale.request, waiting, sale.call)).toEqual({
    reversal: "voided",
  });
});
