import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { paymentReference } from "../../payments/payment-reference.ts";
import type { AuthorizeRequest, CaptureRequest, ProviderCall } from "../../payments/provider.ts";
import { providerKey } from "../../payments/provider-key.ts";
import { eventsSince, fetchEvent } from "../../payments/stripe/events.ts";
import { StripeLedger } from "../../payments/stripe/ledger.ts";
import { StripeProvider } from "../../payments/stripe/stripe.provider.ts";
import { readStripeWebhook } from "../../payments/stripe/webhook.ts";
import { checkoutIdFrom, ShopId } from "../../schema/ids.ts";
import { assert, isRefusal } from "../../schema/outcome.ts";
import { eventually } from "../eventually.ts";
import { openStripe, WEBHOOK_SECRET } from "../specs/simulators-alone.ts";

/** The adapter on the wire, without a sale around it. */
const { door, ledgerOf, set, url, wireProblems, receiver } = await openStripe();
const config = { apiBase: url, secretKey: "sk_test_local" };
const provider = new StripeProvider(config);
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const returnUrl = "https://shop.test/back";

type Wanted = Partial<AuthorizeRequest> & { readonly shopperName?: string };

function begin({ shopperName = "Ada Lovelace", ...wanted }: Wanted = {}) {
  const shopId = ShopId.parse("demo");
  const checkoutId = checkoutIdFrom("eu", Buffer.from(randomUUID()));
  const nowMs = Date.now();
  const request: AuthorizeRequest = {
    shopId,
    checkoutId,
    paymentReference: paymentReference({ shopId, checkoutId, attempt: 1 }),
    key: providerKey(checkoutId, "authorize"),
    amount: eur(1789),
    method: "card",
    token: "pm_card_visa",
    shopper: { email: "ada@shop.test", name: shopperName, country: "NL" },
    returnUrl,
    offerEndsAtMs: nowMs + 600_000,
    severalCaptures: false,
    ...wanted,
  };
  const call: ProviderCall = { region: "eu", startedAtMs: nowMs, nowMs, attempt: 1, heard: [] };
  return { request, call };
}

async function authorized({ request, call }: ReturnType<typeof begin>) {
  const answer = await provider.authorize(request, call);
  assert(!isRefusal(answer), "the payment is authorized");
  assert(answer.reference, "Stripe names a payment at once");
  return { ...answer, reference: answer.reference };
}

/** The same call until it answers, as a saga makes it. */
async function persistently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < 4; attempt++) {
    try {
      return await call();
    } catch {
      // Unknown: the same call again is how it is found out.
    }
  }
  return call();
}

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
  const { key: _, ...name } = sale.request;
  const capturing: CaptureRequest = {
    ...name,
    key: "c1",
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
  await door(`shopper/${waiting.reference}`, {
    method: "POST",
    body: JSON.stringify({ act: outcome === "pass" ? "approve" : "decline" }),
  });
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
  const { key: _, ...name } = sale.request;
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
  ).toEqual({ reversal: "refunded" });
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

test("goods that are sent in parts are captured in parts; an end in between gives back all of it", async () => {
  const sale = begin({ severalCaptures: true });
  const secured = await authorized(sale);
  expect(secured.severalCaptures).toBe(true);
  const { key: _, ...name } = sale.request;
  const part = (n: number, cents: number, isLast: boolean): CaptureRequest => {
    return { ...name, key: `${name.checkoutId}${n}`, secured, amount: eur(cents), n, isLast };
  };
  for (const [n, cents] of [
    [1, 700],
    [2, 500],
  ] as const) {
    const lost = { operation: "capture", kind: "error_500_stored", effect: n === 1, times: 1 };
    await set({ faults: [lost] });
    const captured = await persistently(() => provider.capture(part(n, cents, false), sale.call));
    expect(captured).toEqual({ capture: "captured", amount: eur(cents) });
  }
  expect(await provider.resolveAndVoid(sale.request, secured, sale.call)).toEqual({
    reversal: "refunded",
  });
  expect(await ledgerOf(name.checkoutId)).toMatchObject([
    {
      captures: [{ amount: 700 }, { amount: 500 }],
      amountRefunded: 1200,
      amountCapturable: 0,
    },
  ]);
  expect(await provider.capture(part(3, 589, true), sale.call)).toMatchObject({
    capture: "refused",
  });
});

test("more than is left is captured by nobody, also when two try at once", async () => {
  const sale = begin({ severalCaptures: true });
  const secured = await authorized(sale);
  const { key: _, ...name } = sale.request;
  const captures = await Promise.allSettled(
    [1, 2].map((n) => {
      const key = providerKey(name.checkoutId, `c${n}`);
      const request = { ...name, key, secured, amount: eur(1000), n, isLast: n === 2 };
      return provider.capture(request, sale.call);
    }),
  );
  expect(captures.filter(({ status }) => status === "fulfilled")).not.toEqual([]);
  const [line] = await ledgerOf(name.checkoutId);
  expect(line).toMatchObject({ captures: [{ amount: 1000 }] });
});

test.each([
  ["pm_card_pendingRefund", "pending", "refunded"],
  ["pm_sim_refundPendingFails", "pending", "refused"],
  ["pm_card_refundFail", "refunded", "refused"],
])("a refund to %s is %s at first, and %s in the end", async (token, before, after) => {
  const sale = begin({ token });
  const secured = await authorized(sale);
  const { key: _, ...name } = sale.request;
  const id = name.checkoutId;
  const amount = eur(1789);
  const capturing = { ...name, key: providerKey(id, "c"), secured, amount, n: 1, isLast: true };
  await provider.capture(capturing, sale.call);
  const refunding = { ...name, key: providerKey(id, "r"), secured, amount: eur(300), n: 1 };
  const first = await provider.refund(refunding, sale.call);
  expect(first).toMatchObject({ refund: before, reference: expect.any(String) });
  const pending = "reference" in first ? first.reference : "";
  await eventually(
    () => provider.refundOutcome(refunding, pending),
    ({ refund }) => refund === after,
    { withinMs: 10_000 },
  );
});

test("a dispute that the shopper's bank opens is seen, blocks refunds, and ends", async () => {
  const sale = begin();
  const secured = await authorized(sale);
  const { key: _, ...name } = sale.request;
  const id = name.checkoutId;
  const amount = eur(1789);
  const capturing = { ...name, key: providerKey(id, "c"), secured, amount, n: 1, isLast: true };
  await provider.capture(capturing, sale.call);
  const bank = (body: object) => door("disputes", { method: "POST", body: JSON.stringify(body) });
  await bank({ payment_intent: secured.reference, status: "open" });
  const [dispute] = await provider.disputes(secured);
  expect(dispute).toMatchObject({ dispute: "open", amount });
  const refunding = { ...name, key: providerKey(id, "r"), secured, amount, n: 1 };
  expect(await provider.refund(refunding, sale.call)).toEqual({
    refund: "refused",
    reason: "charge_disputed",
  });
  await bank({ payment_intent: secured.reference, status: "won" });
  expect(await provider.disputes(secured)).toMatchObject([{ dispute: "won" }]);
});

const locals = [
  { method: "ideal", amount: eur(1789), action: { type: "redirect" } },
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

const act = (reference: string, what: string) =>
  door(`shopper/${reference}`, { method: "POST", body: JSON.stringify({ act: what }) });

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

test("each event of a sale that the simulator sends is read as that sale's, from its raw bytes", async () => {
  const sale = begin();
  const secured = await authorized(sale);
  await provider.resolveAndVoid(sale.request, secured, sale.call);
  const mine = await eventually(
    async () => receiver.deliveries.filter(({ raw }) => raw.includes(secured.reference)),
    (deliveries) => deliveries.some(({ event }) => event.type === "payment_intent.canceled"),
    { withinMs: 10_000 },
  );
  const { shopId, checkoutId } = sale.request;
  for (const { raw, signature } of mine) {
    const settings = { ...config, webhookSecret: `whsec_new,${WEBHOOK_SECRET}` };
    expect(await readStripeWebhook(settings, raw, signature, Date.now())).toMatchObject({
      routed: [{ shopId, checkoutId, notice: { reference: secured.reference } }],
      unroutable: [],
    });
    expect(await readStripeWebhook(settings, `${raw} `, signature, Date.now())).toEqual({
      is: "forged",
    });
  }
  const listed = [];
  for await (const event of eventsSince(config, sale.call.startedAtMs)) listed.push(event);
  for (const { event } of mine) {
    expect(listed).toContainEqual(
      expect.objectContaining({
        checkoutId,
        notice: expect.objectContaining({ noticeId: event.id }),
      }),
    );
    expect(await fetchEvent(config, event.id)).toMatchObject({ checkoutId });
  }
});

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

test("whatever the simulator tells of these payments fits Stripe's own types", () => {
  expect(receiver.deliveries.length).toBeGreaterThan(0);
  expect(wireProblems()).toEqual([]);
});
