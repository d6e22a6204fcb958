import { expect, test } from "vitest";
import { downloadReport } from "../../payments/adyen/report-download.ts";
import { readSettlementReport } from "../../payments/adyen/settlement-report.ts";
import { readAdyenWebhook } from "../../payments/adyen/webhook.ts";
import { providerKey } from "../../payments/idempotency-key.ts";
import type { AuthorizeRequest } from "../../payments/provider.ts";
import { act, amount, newRequest, openAdyenSales, PATIENTLY } from "../clients/adyen-sales.ts";
import { eventually } from "../eventually.ts";

const sale = await openAdyenSales();
const { adyen, authorized, captured, config, ledger, persist, provider } = sale;
const { receiver, set } = adyen;
const { refunded, reversed, secure } = sale;

test("a card is held, captured and refunded in parts; the report has every booking", async () => {
  const request = newRequest();
  const secured = await secure(request);
  const half = { amountMinor: 800, currency: "EUR" };
  expect(await captured(request, secured)).toEqual({ capture: "captured", amount });
  expect(await refunded(request, secured, half)).toMatchObject({
    refund: "refunded",
    amount: half,
  });
  const rest = { amountMinor: 989, currency: "EUR" };
  expect(await refunded(request, secured, rest, 2)).toMatchObject({ refund: "refunded" });
  expect(await refunded(request, secured, { ...rest, amountMinor: 1 }, 3)).toEqual({
    refund: "refused",
    reason: "refund_refused",
  });
  expect(await ledger(request)).toMatchObject([{ amountCaptured: 1789, amountRefunded: 1789 }]);

  expect((await adyen.emit({ eventCode: "REPORT_AVAILABLE" })).status).toBe(201);
  const reports = async () => {
    const last = receiver.deliveries.at(-1);
    const reading = last && (await readAdyenWebhook(config, last.raw, Date.now()));
    return reading?.is === "verified" ? reading.reports : [];
  };
  const [report] = await eventually(reports, (found) => found.length > 0, PATIENTLY);
  if (!report) throw new Error("no report was announced");
  const bookings = readSettlementReport(await downloadReport(config, report));
  const ours = bookings.filter(({ reference }) => reference === secured.reference);
  expect(
    ours.map(({ type, gross, ourReference }) => [type, gross?.amountMinor, ourReference]),
  ).toEqual([
    ["Settled", 1789, request.paymentReference],
    ["Refunded", -800, request.paymentReference],
    ["Refunded", -989, request.paymentReference],
  ]);
});

test("a hold is captured in parts, never beyond itself, and all parts go back", async () => {
  const request = newRequest();
  const secured = await secure(request);
  const [part, rest] = [800, 989].map((amountMinor) => ({ amountMinor, currency: "EUR" }));
  expect(await captured(request, secured, part)).toEqual({ capture: "captured", amount: part });
  expect(await captured(request, secured, amount, 2)).toEqual({
    ...{ capture: "refused", reason: "capture_refused", standing: part },
  });
  expect(await captured(request, secured, rest, 3)).toEqual({ capture: "captured", amount: rest });
  expect(await reversed(request, secured)).toEqual({ reversal: "refunded", taken: amount });
  expect(await ledger(request)).toMatchObject([{ amountCaptured: 1789, amountRefunded: 1789 }]);
});

/** What Adyen, or the way to it, may do with a call. */
const kinds = [
  ...["error_500", "error_500_stored", "rate_limit", "conflict_409", "drop_before", "drop_after"],
  ...["reset_mid_body", "garbage_200", "empty_200", "html_502"],
];

async function expectStruck(kind: string, ...operations: readonly string[]): Promise<void> {
  const { faultsByOperation } = await adyen.calls();
  for (const operation of operations) {
    expect(faultsByOperation[`${operation}/${kind}`]).toBeGreaterThan(0);
  }
}

test.each([...kinds, "hang"])("an authorize that meets %s holds the money once", async (kind) => {
  const request = newRequest();
  await set({ faults: [{ operation: "authorize", kind, times: 1 }] });
  const secured = await secure(request);
  const lines = await ledger(request);
  expect(lines).toMatchObject([{ status: "authorised", amountAuthorised: 1789 }]);
  expect(secured).toMatchObject({ reference: lines[0]?.pspReference, amount });
  await expectStruck(kind, "authorize");
});

test.each(kinds)("a capture and a refund that meet %s are made once", async (kind) => {
  const request = newRequest();
  const secured = await secure(request);
  await set({ faults: ["capture", "refund"].map((operation) => ({ operation, kind, times: 1 })) });
  expect(await captured(request, secured)).toEqual({ capture: "captured", amount });
  expect(await refunded(request, secured)).toMatchObject({ refund: "refunded" });
  expect(await ledger(request)).toMatchObject([{ amountCaptured: 1789, amountRefunded: 1789 }]);
  await expectStruck(kind, "capture", "refund");
});

test.each(kinds)("a void that meets %s frees the money", async (kind) => {
  const request = newRequest();
  const secured = await secure(request);
  await set({ faults: [{ operation: "cancel", kind, times: 1 }] });
  expect(await reversed(request, secured)).toEqual({ reversal: "voided" });
  expect(await ledger(request)).toMatchObject([{ status: "cancelled" }]);
  await expectStruck(kind, "cancel");
});

test.each([
  ["drop_after", "voided", "cancelled"],
  ["late", "voided", "cancelled"],
  ["drop_before", "never_existed", undefined],
])("a card that is gone after %s ends %s", async (kind, reversal, status) => {
  const { card, ...lost } = newRequest();
  await set({ faults: [{ operation: "authorize", kind, times: 1 }] });
  await expect(
    provider.authorize(
      { ...lost, card },
      { region: "eu", startedAtMs: Date.now(), nowMs: Date.now(), nthTry: 1, heard: [] },
    ),
  ).rejects.toThrow();
  expect(await reversed(lost)).toEqual({ reversal });
  const lines = await ledger(lost);
  expect(lines.map((line) => line.status)).toEqual(status === undefined ? [] : [status]);
});

test.each(["duplicate", "reordered", "late"])(
  "webhooks that come %s tell the same",
  async (mode) => {
    await set({ webhooks: { mode, delayMs: mode === "late" ? 1_000 : 0 } });
    const request = newRequest();
    const secured = await secure(request);
    expect(await captured(request, secured)).toEqual({ capture: "captured", amount });
    expect(await refunded(request, secured)).toMatchObject({ refund: "refunded" });
    expect(await ledger(request)).toMatchObject([{ amountCaptured: 1789, amountRefunded: 1789 }]);
  },
);

test("what the bank refuses is a no, and what bounces later is none", async () => {
  const refused = newRequest({ holderName: "sim capture refused" });
  const held = await secure(refused);
  expect(await captured(refused, held)).toEqual({ capture: "refused", reason: "capture_refused" });
  expect(await reversed(refused, held)).toEqual({ reversal: "voided" });

  await set({ refundSettleMs: 100 });
  const bounced = newRequest({ holderName: "refund failed" });
  const secured = await secure(bounced);
  await captured(bounced, secured);
  const first = await refunded(bounced, secured);
  const outcome = () =>
    persist(bounced, (call) =>
      provider.refundOutcome(
        { ...bounced, secured, n: 1 },
        "reference" in first ? first.reference : "",
        call,
      ),
    );
  expect(await eventually(outcome, ({ refund }) => refund === "refused", PATIENTLY)).toEqual({
    refund: "refused",
    reason: "refund_failed",
  });
});

test.each([
  ["DECLINED", "refused", undefined],
  ["NOT_ENOUGH_BALANCE", "not_enough_balance", undefined],
  ["ISSUER_UNAVAILABLE", "issuer_unavailable", true],
])("a card that is %s is declined", async (holderName, reason, retryable) => {
  const request = newRequest({ holderName });
  expect(await persist(request, (call) => provider.authorize(request, call))).toEqual({
    refused: "payment_declined",
    detail: { reason, provider: "adyen", ...(retryable ? { retryable } : {}) },
  });
  expect(await reversed(request)).toEqual({ reversal: "never_existed" });
});

test("a bank that takes its time is heard of by webhook", async () => {
  const request = newRequest({ holderName: "PENDING" });
  expect(await secure(request)).toMatchObject({ amount });
});

const THREE_DS = { number: "5201281505129736" };
test.each([
  ["approve", { shopper: "confirmed" }],
  ["decline", { refused: "payment_declined" }],
])(
  "3-D Secure: the shopper's %s is the outcome, however often it is brought",
  async (outcome, end) => {
    const request = newRequest(THREE_DS);
    const authorization = await authorized(request);
    expect(authorization).toMatchObject({ shopper: { type: "redirect" } });
    const proof = await act(authorization.shopper, outcome);
    const key = providerKey(request.key, "return");
    for (const _time of [1, 2]) {
      const told = await persist(request, (call) =>
        provider.shopperReturned(request, authorization, { ...call, key, proof }),
      );
      expect(told).toMatchObject(end);
    }
  },
);

test("3-D Secure: the proof of another sale confirms nothing", async () => {
  const [mine, theirs] = [newRequest(THREE_DS), newRequest(THREE_DS)];
  const [own, other] = [await authorized(mine), await authorized(theirs)];
  const proof = await act(other.shopper, "approve");
  const key = providerKey(mine.key, "return");
  const told = await persist(mine, (call) =>
    provider.shopperReturned(mine, own, { ...call, key, proof }),
  );
  expect(told).toEqual({ shopper: "awaited" });
  expect(await reversed(mine, own)).toEqual({ reversal: "voided" });
});

test("iDEAL is paid at the bank, and goes back as a refund", async () => {
  const { card: _none, ...rest } = newRequest();
  const request = { ...rest, method: "ideal" } as const;
  const authorization = await authorized(request);
  await act(authorization.shopper, "approve");
  const told = await persist(
    request,
    (call) => provider.shopperOutcome(request, authorization, call),
    (outcome) => "refused" in outcome || outcome.shopper === "confirmed",
  );
  expect(told).toMatchObject({ secured: { method: "ideal", isCaptured: true, amount } });
  const secured = "secured" in told ? told.secured : undefined;
  expect(await reversed(request, secured)).toEqual({ reversal: "refunded", taken: amount });
  expect(await ledger(request)).toMatchObject([{ amountCaptured: 1789, amountRefunded: 1789 }]);
});

const pixOf = (rest: Omit<AuthorizeRequest, "method">): AuthorizeRequest => ({
  ...rest,
  method: "pix",
  amount: { amountMinor: 5000, currency: "BRL" },
  details: { cpf: "11144477735" },
  shopper: { email: "ana@example.com", name: "Ana Souza", country: "BR" },
});

test("a Pix code that waits is closed", async () => {
  const { card: _none, ...rest } = newRequest();
  const waiting = pixOf(rest);
  const authorization = await authorized(waiting);
  expect(authorization).toMatchObject({ shopper: { type: "qr", expiresAt: expect.any(String) } });
  expect(await reversed(waiting, authorization)).toEqual({ reversal: "voided" });
});

test("UPI shows a code, or opens an app", async () => {
  const { card: _none, ...rest } = newRequest();
  const rupees = { amountMinor: 49_900, currency: "INR" };
  const upi = { ...rest, method: "upi", amount: rupees } as const;
  expect(await authorized(upi)).toMatchObject({ shopper: { type: "qr" } });
  const app = {
    ...upi,
    ...newRequest(),
    method: "upi",
    amount: rupees,
    details: { app: "gpay" },
  } as const;
  expect(await authorized(app)).toMatchObject({ shopper: { type: "app" } });
});

test("what was captured goes back as a refund, with no answer known", async () => {
  const request = newRequest();
  const secured = await secure(request);
  await captured(request, secured);
  expect(await reversed(request)).toEqual({ reversal: "refunded", taken: amount });
  expect(await ledger(request)).toMatchObject([{ amountCaptured: 1789, amountRefunded: 1789 }]);
});

test("a dispute is open, and then won or lost", async () => {
  await set({ refundSettleMs: 100 });
  const request = newRequest({ holderName: "sim chargeback" });
  const secured = await secure(request);
  await captured(request, secured);
  const stands = (dispute: string) =>
    persist(
      request,
      (call) => provider.disputes(secured, call),
      (disputes) => disputes[0]?.dispute === dispute,
    );
  expect(await stands("open")).toMatchObject([{ amount }]);
  const { paymentReference: merchantReference } = request;
  await adyen.emit({ eventCode: "CHARGEBACK_REVERSED", merchantReference });
  await stands("won");
  await adyen.emit({ eventCode: "SECOND_CHARGEBACK", merchantReference });
  await stands("lost");
});

test("every webhook was one of Adyen's own shapes", () => {
  expect(adyen.wireProblems()).toEqual([]);
});
