import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Item } from "../../workers/simulators/adyen/api/adyen-wire.ts";
import { signatureOf } from "../../workers/simulators/adyen/webhooks/adyen-webhook-delivery.ts";
import { eventually } from "../eventually.ts";
import { cardPayment, merchantAccount, openAdyen } from "../specs/adyen-alone.ts";
import { startSimulators, whyNot } from "../specs/simulators-alone.ts";

const SOON = { withinMs: 10_000 };
const adyen = await openAdyen();
const { brief, calls, key, ledgerOf, receiver, set, toldOf } = adyen;
const { PaymentsApi: payments, ModificationsApi: modifications } = adyen.checkout;

const post = (body: object, headers: Record<string, string>) =>
  fetch(`${adyen.url}/adyen/v72/payments`, {
    method: "POST",
    headers: { "X-API-Key": "any", ...headers },
    body: JSON.stringify(body),
  });

test("each fault strikes as often as told, and a repeat with the same key charges once", async () => {
  for (const [kind, takesEffect] of [
    ["error_500", false],
    ["rate_limit", false],
    ["conflict_409", false],
    ["drop_before", false],
    ["drop_after", true],
    ["hang", true],
    ["reset_mid_body", true],
    ["html_502", true],
  ] as const) {
    const reference = `chk_${kind}`;
    await set({
      faults: [{ operation: "authorize", kind, times: 1, metadataCheckoutId: reference }],
    });
    const options = key();

    const first = await whyNot(brief.PaymentsApi.payments(cardPayment(reference), options));
    const happened = await ledgerOf(reference);
    const second = await payments.payments(cardPayment(reference), options);

    expect([kind, first]).toEqual([kind, expect.any(Error)]);
    expect([kind, happened.length]).toEqual([kind, takesEffect ? 1 : 0]);
    expect(second.resultCode).toBe("Authorised");
    expect(await ledgerOf(reference)).toHaveLength(1);
    expect((await calls()).faultsByOperation[`authorize/${kind}`]).toBe(1);
  }
});

test("an answer may say nothing, or be a stored error that comes back for ever", async () => {
  // The library swallows a body that is not JSON, and answers an object without a result as well.
  for (const kind of ["empty_200", "garbage_200"]) {
    await set({ faults: [{ operation: "authorize", kind, times: 1 }] });
    const answer = await payments.payments(cardPayment(`chk_${kind}`), key());
    expect(answer?.resultCode).toBeUndefined();
    expect(await ledgerOf(`chk_${kind}`)).toMatchObject([{ status: "authorised" }]);
  }

  await set({ faults: [{ operation: "authorize", kind: "error_500_stored", times: 1 }] });
  const options = key();
  for (const _ of [1, 2]) {
    const error = await whyNot(payments.payments(cardPayment("chk_stored"), options));
    expect(error).toMatchObject({ statusCode: 500 });
  }
  expect(await ledgerOf("chk_stored")).toHaveLength(1);
});

test("a request that was given up takes effect later, and its key is in use until then", async () => {
  await set({ faults: [{ operation: "authorize", kind: "late", times: 1, lateMs: 1_000 }] });
  const options = key();
  await whyNot(payments.payments(cardPayment("chk_given_up"), options));
  expect(await ledgerOf("chk_given_up")).toEqual([]);
  const meanwhile = await post(cardPayment("chk_given_up"), {
    "Idempotency-Key": options.idempotencyKey,
  });
  expect([meanwhile.status, meanwhile.headers.get("transient-error")]).toEqual([422, "true"]);
  await eventually(
    () => ledgerOf("chk_given_up"),
    (lines) => lines.length === 1,
    SOON,
  );
  const answer = await payments.payments(cardPayment("chk_given_up"), options);
  expect(answer.resultCode).toBe("Authorised");
});

test("a key replays the first answer, is in use while it runs, and refuses another body", async () => {
  await set({ latencyMs: { authorize: 600 } });
  const headers = { "Idempotency-Key": "k".repeat(64) };
  const first = post(cardPayment("chk_key"), headers);
  await eventually(
    () => ledgerOf("chk_key"),
    (lines) => lines.length === 1,
    SOON,
  );
  const during = await post(cardPayment("chk_key"), headers);
  expect([during.status, await during.json()]).toMatchObject([422, { errorCode: "704" }]);
  expect(during.headers.get("transient-error")).toBe("true");

  const answer = await (await first).json();
  const again = await post(cardPayment("chk_key"), headers);
  expect([await again.json(), again.headers.get("Idempotency-Key")]).toEqual([
    answer,
    headers["Idempotency-Key"],
  ]);
  expect((await calls()).replays).toBe(1);

  const other = await post({ ...cardPayment("chk_key"), reference: "chk_other" }, headers);
  expect([other.status, other.headers.get("transient-error")]).toEqual([422, "false"]);
  const long = await post(cardPayment("chk_key"), { "Idempotency-Key": "k".repeat(65) });
  expect(long.status).toBe(422);
  expect(await ledgerOf("chk_key")).toMatchObject([
    { idempotencyKeys: [headers["Idempotency-Key"]] },
  ]);
});

test("captures, cancels, refunds, details and look-ups fail alone", async () => {
  const { pspReference: psp = "" } = await payments.payments(cardPayment("chk_each"), key());
  const amount = { value: 1299, currency: "EUR" };
  for (const [operation, ask] of [
    ["lookup", () => payments.paymentMethods({ merchantAccount })],
    [
      "capture",
      () => modifications.captureAuthorisedPayment(psp, { merchantAccount, amount }, key()),
    ],
    ["refund", () => modifications.refundCapturedPayment(psp, { merchantAccount, amount }, key())],
    ["cancel", () => modifications.cancelAuthorisedPaymentByPspReference(psp, { merchantAccount })],
  ] as const) {
    await set({ faults: [{ operation, kind: "drop_before", times: 1 }] });
    expect(await whyNot(ask())).toBeInstanceOf(Error);
    expect(await whyNot(ask())).not.toBeInstanceOf(Error);
  }
  await set({ faults: [{ operation: "details", kind: "error_500", times: 1 }] });
  const details = { details: { redirectResult: "unknown" } };
  expect(await whyNot(payments.paymentsDetails(details))).toMatchObject({ statusCode: 500 });
  expect(await whyNot(payments.paymentsDetails(details))).toMatchObject({ statusCode: 422 });
});

test("the sentinel names lose an answer or take their time", async () => {
  const lost = cardPayment("chk_lost", { holderName: "sim reply lost" });
  const options = key();
  expect(await whyNot(payments.payments(lost, options))).toBeInstanceOf(Error);
  expect(await ledgerOf("chk_lost")).toMatchObject([{ status: "authorised" }]);
  expect((await payments.payments(lost, options)).resultCode).toBe("Authorised");
  expect(await ledgerOf("chk_lost")).toHaveLength(1);

  const slow = cardPayment("chk_slow", { holderName: "sim slow" });
  expect(await whyNot(brief.PaymentsApi.payments(slow, key()))).toBeInstanceOf(Error);
  expect(await ledgerOf("chk_slow")).toMatchObject([{ status: "authorised" }]);
  await set({ refundSettleMs: 100 });
  const pending = cardPayment("chk_pending", { holderName: "PENDING" });
  const answer = await payments.payments(pending, key());
  expect(answer.resultCode).toBe("Received");
  await eventually(
    async () => toldOf(answer.pspReference ?? ""),
    (told) => told.includes("AUTHORISATION true"),
    SOON,
  );
});

test("webhooks come twice, not at all, or again until the receiver takes them", async () => {
  const toldAbout = async (reference: string) => {
    const { pspReference: psp = "" } = await payments.payments(cardPayment(reference), key());
    return psp;
  };
  await set({ webhooks: { mode: "duplicate" } });
  const twice = await toldAbout("chk_twice");
  await eventually(
    async () => toldOf(twice),
    (told) => told.length === 2,
    SOON,
  );

  await set({ webhooks: { mode: "off" } });
  const silent = await toldAbout("chk_silent");
  await set({ webhooks: { mode: "normal" } });
  receiver.answer.status = 500;
  const before = await calls();
  const deaf = await toldAbout("chk_deaf");
  await eventually(calls, ({ webhooks }) => webhooks.failed > before.webhooks.failed, SOON);
  receiver.answer.status = 200;
  await eventually(
    async () => toldOf(deaf),
    (told) => told.length >= 2,
    SOON,
  );
  expect(toldOf(silent)).toEqual([]);
});

test("an outage of some length hits one method alone, and ends by itself", async () => {
  await set({ faults: [{ operation: "any", kind: "down", forMs: 60_000, method: "card" }] });
  const down = await post(cardPayment("chk_down"), { "Idempotency-Key": "down" });
  expect(down.status).toBe(503);
  expect(await ledgerOf("chk_down")).toEqual([]);
  const ideal = { ...cardPayment("chk_up"), paymentMethod: { type: "ideal" } };
  expect((await post(ideal, { "Idempotency-Key": "up" })).status).toBe(200);

  await set({ faults: [{ operation: "any", kind: "down", forMs: 1 }] });
  const answer = await eventually(
    () => post(cardPayment("chk_down"), { "Idempotency-Key": "down" }),
    ({ status }) => status === 200,
    SOON,
  );
  expect(await answer.json()).toMatchObject({ resultCode: "Authorised" });
});

test("webhooks come as often as told, get lost, or are signed with another key", async () => {
  const paid = async (reference: string) => {
    const { pspReference: psp = "" } = await payments.payments(cardPayment(reference), key());
    return psp;
  };
  await set({ webhooks: { mode: "duplicate", count: 4 } });
  const often = await paid("chk_often");
  await eventually(
    async () => toldOf(often),
    (told) => told.length === 4,
    SOON,
  );

  await set({ webhooks: { mode: "lost" } });
  const lost = await paid("chk_lost_webhook");
  await set({ webhooks: { mode: "normal", secrets: ["AB".repeat(32)] } });
  const rotated = await paid("chk_rotated");
  await eventually(
    async () => toldOf(rotated),
    (told) => told.length === 1,
    SOON,
  );
  const item = receiver.deliveries
    .flatMap(({ items }) => items)
    .find(({ pspReference }) => pspReference === rotated);
  expect(item && signatureOf(item as Item, "AB".repeat(32))).toBe(
    item?.additionalData.hmacSignature,
  );
  expect(toldOf(lost)).toEqual([]);
});

test("a clock that is put forward brings what waits forward", async () => {
  await set({ webhooks: { mode: "late", delayMs: 3_600_000 } });
  const { pspReference: psp = "" } = await payments.payments(cardPayment("chk_later"), key());
  expect(toldOf(psp)).toEqual([]);

  await set({ clockShiftMs: 3_600_000 });

  await eventually(
    async () => toldOf(psp),
    (told) => told.includes("AUTHORISATION true"),
    SOON,
  );
});

test("ledger, keys and undelivered webhooks survive a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tender-simulators-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const ask = async (url: string) => {
    const response = await fetch(`${url}/adyen/v72/payments`, {
      method: "POST",
      headers: { "X-API-Key": "any", "Idempotency-Key": "restart" },
      body: JSON.stringify(cardPayment("chk_restart")),
    });
    return response.json();
  };
  // A port where nobody listens: the webhook is still to be delivered when the simulator stops.
  const first = await startSimulators({ persistTo: folder, adyenWebhookUrl: "http://127.0.0.1:9" });
  const answer = await ask(first.url);
  await first.stop();
  const second = await startSimulators({ persistTo: folder, adyenWebhookUrl: receiver.url });
  onTestFinished(() => second.stop());
  expect(await ask(second.url)).toEqual(answer);
  const { pspReference } = answer as { pspReference: string };
  await eventually(
    async () => toldOf(pspReference),
    (told) => told.length > 0,
    SOON,
  );
});
