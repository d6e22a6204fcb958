import { expect, test } from "vitest";
import { providerKey } from "../../payments/idempotency-key.ts";
import type { CaptureRequest } from "../../payments/provider.ts";
import { StripeLedger } from "../../payments/stripe/stripe-ledger.ts";
import { begin, eur, openAdapter, persistently } from "./open-adapter.ts";

const { act, authorized, config, ledgerOf, provider, set } = await openAdapter();

const faults = [
  { kind: "error_500" },
  { kind: "error_500_stored", effect: true },
  { kind: "error_500_stored", effect: false },
  { kind: "rate_limit" },
  { kind: "conflict_409" },
  { kind: "drop_before" },
  { kind: "drop_after" },
  { kind: "reset_mid_body" },
  { kind: "garbage_200" },
  { kind: "empty_200" },
  { kind: "html_502" },
] as const;

test("a card is held, captured and refunded in parts, and the books say so", async () => {
  const sale = begin();
  const secured = await authorized(sale);
  expect(secured).toMatchObject({ amount: eur(1789), captureBeforeMs: expect.any(Number) });
  const { name } = sale;
  const capturing: CaptureRequest = {
    ...name,
    key: sale.keyOf("c1"),
    secured,
    amount: eur(1500),
    n: 1,
    isLast: true,
  };

  expect(await provider.capture(capturing, sale.call)).toEqual({
    capture: "captured",
    amount: eur(1500),
  });
  for (const [n, cents] of [
    [1, 400],
    [2, 600],
  ] as const) {
    const refunding = {
      ...name,
      key: providerKey(name.checkoutId, `refund ${n}`),
      secured,
      amount: eur(cents),
      n,
    };
    expect(await provider.refund(refunding, sale.call)).toMatchObject({ refund: "refunded" });
  }

  expect(await provider.lookUp(name, sale.call)).toMatchObject({
    amount: eur(1500),
    isCaptured: true,
  });
  expect(await provider.disputes(secured)).toEqual([]);
  const books = [];
  const { startedAtMs } = sale.call;
  for await (const payment of new StripeLedger(config).listPayments(
    startedAtMs - 60_000,
    startedAtMs + 60_000,
  )) {
    if (payment.reference === secured.reference) books.push(payment);
  }
  expect(books).toMatchObject([
    {
      ourReference: name.paymentReference,
      status: "captured",
      amount: eur(1789),
      captured: eur(1500),
      refunded: eur(1000),
    },
  ]);
});

test.each(["JPY", "KWD"])("an amount in %s is held to the last digit", async (currency) => {
  const amount = { amountMinor: 1980, currency };
  expect(await authorized(begin({ amount }))).toMatchObject({ amount });
});

test.each([
  ["pm_card_visa_chargeDeclined", { refused: "payment_declined" }],
  ["pm_card_visa_chargeDeclinedInsufficientFunds", { detail: { reason: "insufficient_funds" } }],
  ["pm_card_visa_chargeDeclinedProcessingError", { detail: { retryable: true } }],
])("%s is declined, and holds nothing", async (token, answer) => {
  const { request, call } = begin({ token });
  expect(await provider.authorize(request, call)).toMatchObject(answer);
  expect(await provider.lookUp(request, call)).toBeUndefined();
  expect(await provider.resolveAndVoid(request, undefined, call)).toEqual({
    reversal: "never_existed",
  });
});

test.each([
  ["pass", { shopper: "confirmed" }],
  ["fail", { detail: { reason: "payment_intent_authentication_failure" } }],
])("a shopper at their bank's page who does %s it", async (outcome, end) => {
  const sale = begin({ token: "pm_card_threeDSecure2Required" });
  const waiting = await authorized(sale);
  expect(waiting.shopper).toMatchObject({ type: "redirect" });
  expect(await provider.shopperOutcome(sale.request, waiting)).toEqual({ shopper: "awaited" });
  await act(waiting.reference, outcome === "pass" ? "approve" : "decline");
  expect(await provider.shopperOutcome(sale.request, waiting)).toMatchObject(end);
});

test.each(faults)("an authorize that meets %j holds the money once", async (fault) => {
  const { request, call } = begin();
  const mine = { metadataCheckoutId: request.checkoutId, times: 1 };
  await set({ faults: [{ operation: "authorize", ...fault, ...mine }] });
  const answer = await persistently(() => provider.authorize(request, call));
  const isLost = fault.kind === "error_500_stored" && !fault.effect;
  expect(answer).toMatchObject(isLost ? { detail: { retryable: true } } : { amount: eur(1789) });
  expect(await ledgerOf(request.checkoutId)).toHaveLength(isLost ? 0 : 1);
});

test.each(faults)(
  "a lost authorize that met %j is resolved, and nothing is held",
  async (fault) => {
    const { request, call } = begin();
    const mine = { metadataCheckoutId: request.checkoutId, times: 1 };
    await set({ faults: [{ operation: "authorize", ...fault, ...mine }] });
    const reversal = await persistently(() => provider.resolveAndVoid(request, undefined, call));
    const isLost = fault.kind === "error_500_stored" && !fault.effect;
    expect(reversal).toEqual({ reversal: isLost ? "never_existed" : "voided" });
    for (const line of await ledgerOf(request.checkoutId)) expect(line.status).toBe("canceled");
    expect(await provider.lookUp(request, call)).toBeUndefined();
  },
);

test.each(faults)("a capture, a refund and a void that meet %j happen once", async (fault) => {
  const sale = begin();
  const secured = await authorized(sale);
  const { name } = sale;
  const id = name.checkoutId;
  const strike = (operation: string) =>
    set({ faults: [{ operation, ...fault, times: 1, metadataCheckoutId: null }] });
  const capturing = {
    ...name,
    key: providerKey(id, "c"),
    secured,
    amount: eur(1789),
    n: 1,
    isLast: true,
  };
  const refunding = { ...name, key: providerKey(id, "r"), secured, amount: eur(500), n: 1 };

  await strike("capture");
  expect(await persistently(() => provider.capture(capturing, sale.call))).toEqual({
    capture: "captured",
    amount: eur(1789),
  });
  await strike("refund");
  expect(await persistently(() => provider.refund(refunding, sale.call))).toMatchObject({
    refund: "refunded",
  });
  await strike("refund");
  expect(
    await persistently(() => provider.resolveAndVoid(sale.request, secured, sale.call)),
  ).toEqual({ reversal: "refunded", taken: eur(1789) });
  expect(await ledgerOf(id)).toMatchObject([
    { captures: [{ amount: 1789 }], refunds: [{ amount: 500 }, { amount: 1289 }] },
  ]);

  const other = begin();
  const held = await authorized(other);
  await strike("cancel");
  expect(
    await persistently(() => provider.resolveAndVoid(other.request, held, other.call)),
  ).toEqual({ reversal: "voided" });
});
