import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { AdyenConfig } from "./config.ts";
import { readAdyenWebhook } from "./webhook.ts";

/** The key of the vectors; each signature below is the official library's own. */
const KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056";
const ROTATED = "A".repeat(64);
const config: AdyenConfig = {
  apiBase: "http://127.0.0.1:8788/adyen",
  apiKey: "test_key",
  merchantAccount: "TestMerchant",
  hmacKeys: [KEY],
  severalCaptures: false,
};
const NOW_MS = 1_700_000_000_000;
const OURS = "demo_chk_eu_0123456789abcdefghjkmnpqrs_1";

type Fields = {
  readonly pspReference: string;
  readonly originalReference?: string;
  readonly merchantAccountCode: string;
  readonly merchantReference: string;
  readonly amount: { readonly value: number; readonly currency: string };
  readonly eventCode: string;
  readonly success: string;
  readonly reason?: string;
};

function fields(text: string): Fields {
  const parts = text.split(":");
  const [pspReference = "", originalReference = "", merchantAccountCode = ""] = parts;
  const [value, currency = "", eventCode = "", success = ""] = parts.slice(-4);
  const merchantReference = parts.slice(3, -4).join(":");
  const amount = { value: Number(value), currency };
  const names = { pspReference, originalReference, merchantAccountCode, merchantReference };
  return { ...names, amount, eventCode, success };
}

function sign(item: Fields, key = KEY): string {
  const { pspReference, originalReference, merchantAccountCode, merchantReference } = item;
  const names = [pspReference, originalReference ?? "", merchantAccountCode, merchantReference];
  const text = [...names, item.amount.value, item.amount.currency, item.eventCode, item.success];
  return createHmac("sha256", Buffer.from(key, "hex")).update(text.join(":")).digest("base64");
}

function body(...items: readonly object[]): string {
  const notificationItems = items.map((NotificationRequestItem) => ({ NotificationRequestItem }));
  return JSON.stringify({ live: "false", notificationItems });
}

const eventDate = "2023-11-14T22:13:19+00:00";
function signed(item: Fields, hmacSignature: unknown = sign(item)): object {
  return { ...item, eventDate, paymentMethod: "visa", additionalData: { hmacSignature } };
}

const authorisation = fields(`7914073381342284::TestMerchant:${OURS}:1130:EUR:AUTHORISATION:true`);
const read = (text: string, more: Partial<AdyenConfig> = {}) =>
  readAdyenWebhook({ ...config, ...more }, text, NOW_MS);

test.each([
  [
    "7914073381342284::TestMerchant:TestPayment-1407325143704:1130:EUR:AUTHORISATION:true",
    "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=",
  ],
  [
    "7914073381342284::TestMerchant:TestPayment-1407325143704:1130:EUR:AUTHORISATION:false",
    "YrZbRrl8QM84UhV+yoHFXqoA2lrfLDJ6Grw0ypYASWE=",
  ],
  [
    "993617894906488A:993617894903480A:TestMerchant:co_01HZX:1130:EUR:CAPTURE:true",
    "AzVQpZmNX3WZfSkRHEGMS7rRjHivUdou4qBWhuNf4BE=",
  ],
  [
    "7914073381342284::TestMerchant:co_ü:1000:JPY:AUTHORISATION:true",
    "fbRywoy62bnJD7mR+5elIiUivRz3fuj12JjmIQtIUmU=",
  ],
  [
    "7914073381342284::TestMerchant:a:b\\c:1130:EUR:AUTHORISATION:true",
    "NymdpeS6dTCwROp86cJ3+TLmxB+ZjY9kcErJ0ZyiUCQ=",
  ],
])("Adyen's own vector is verified, and names no sale of ours: %s", async (text, signature) => {
  const item = fields(text);
  expect(await read(body(signed(item, signature)))).toEqual({
    is: "verified",
    routed: [],
    reports: [],
    unroutable: [
      {
        provider: "adyen",
        eventId: `${item.eventCode}/${item.pspReference}/${item.success}`,
        type: item.eventCode,
        reference: item.originalReference || item.pspReference,
      },
    ],
  });
});

test("an authorization is routed to its sale by our reference", async () => {
  const notice = {
    provider: "adyen",
    noticeId: "AUTHORISATION/7914073381342284/true",
    type: "AUTHORISATION",
    kind: "authorization",
    success: true,
    reference: "7914073381342284",
    about: "7914073381342284",
    ourReference: OURS,
    amount: { amountMinor: 1130, currency: "EUR" },
    createdAtMs: Date.parse(eventDate),
  };
  const sale = { shopId: "demo", checkoutId: "chk_eu_0123456789abcdefghjkmnpqrs" };
  expect(await read(body(signed(authorisation)))).toEqual({
    is: "verified",
    routed: [{ ...sale, notice }],
    unroutable: [],
    reports: [],
  });
});

async function noticeOf(text: string) {
  const reading = await read(body(signed(fields(text))));
  return reading.is === "verified" ? reading.routed[0]?.notice : undefined;
}

test.each([
  ["CAPTURE:true", "capture", true],
  ["CAPTURE:false", "capture", false],
  ["CAPTURE_FAILED:true", "capture", false],
  ["REFUND:true", "refund", true],
  ["REFUND_FAILED:true", "refund", false],
  ["REFUNDED_REVERSED:true", "refund", false],
  ["CANCELLATION:true", "void", true],
  ["TECHNICAL_CANCEL:false", "void", false],
  ["CANCEL_OR_REFUND:true", "void", true],
  ["EXPIRE:true", "expiry", true],
  ["OFFER_CLOSED:true", "expiry", true],
  ["CHARGEBACK:true", "dispute", true],
  ["PREARBITRATION_LOST:true", "dispute", true],
  ["MANUAL_REVIEW_ACCEPT:true", "other", true],
  ["SOMETHING_NEW:true", "other", true],
])("%s is about a %s, success %s", async (event, kind, success) => {
  const notice = await noticeOf(`MOD1:PSP1:TestMerchant:${OURS}_c1:1130:EUR:${event}`);
  expect(notice).toMatchObject({ kind, success, reference: "PSP1", about: "MOD1" });
  expect(notice?.ourReference).toBe(`${OURS}_c1`);
});

test("amounts come in our minor units", async () => {
  const of = async (money: string) =>
    (await noticeOf(`P1::TestMerchant:${OURS}:${money}:AUTHORISATION:true`))?.amount;
  expect(await of("1000:JPY")).toEqual({ amountMinor: 1000, currency: "JPY" });
  expect(await of("1000:KWD")).toEqual({ amountMinor: 1000, currency: "KWD" });
  expect(await of("1000:CLP")).toEqual({ amountMinor: 10, currency: "CLP" });
  expect(await of("10:IDR")).toEqual({ amountMinor: 1000, currency: "IDR" });
  expect(await of("-10:EUR")).toBeUndefined();
  expect(await of("10:ZZZ")).toBeUndefined();
  expect(await of("1005:CLP")).toBeUndefined();
});

test("each item of a batch is read, and by either key of a rotation", async () => {
  const second = { ...authorisation, eventCode: "CAPTURE", originalReference: "P1" };
  const third = fields("P2::TestMerchant:theirs:5:EUR:AUTHORISATION:true");
  const text = body(signed(authorisation), signed(second, sign(second, ROTATED)), signed(third));
  const reading = await read(text, { hmacKeys: [ROTATED, KEY] });
  expect(reading).toMatchObject({ is: "verified" });
  if (reading.is !== "verified") return;
  expect(reading.routed).toHaveLength(2);
  expect(reading.unroutable).toHaveLength(1);
});

const other = { ...authorisation, merchantReference: `${OURS}_c1` };
const good = sign(authorisation);
test.each([
  ["no JSON", "evt"],
  ["nothing", ""],
  ["null", "null"],
  ["a list", "[]"],
  ["no items", '{"live":"false","notificationItems":[]}'],
  ["items that are none", '{"live":"false","notificationItems":[null,1,"x",{}]}'],
  ["no signature", body({ ...authorisation, eventDate })],
  ["no additional data", body({ ...authorisation, additionalData: null })],
  ["an empty signature", body(signed(authorisation, ""))],
  ["a signature that is a list", body(signed(authorisation, [good]))],
  ["a signature cut short", body(signed(authorisation, good.slice(0, 40)))],
  ["a signature with a blank in it", body(signed(authorisation, ` ${good}`))],
  ["a signature in hex", body(signed(authorisation, Buffer.from(good, "base64").toString("hex")))],
  ["another item's signature", body(signed(other, good))],
  [
    "another amount",
    body(signed({ ...authorisation, amount: { value: 1, currency: "EUR" } }, good)),
  ],
  [
    "another currency",
    body(signed({ ...authorisation, amount: { value: 1130, currency: "USD" } }, good)),
  ],
  [
    "an amount in words",
    body({ ...signed(authorisation), amount: { value: "1130", currency: "EUR" } }),
  ],
  ["a success that is turned", body(signed({ ...authorisation, success: "false" }, good))],
  ["a success that is no text", body({ ...signed(authorisation), success: true })],
  ["another event", body(signed({ ...authorisation, eventCode: "CAPTURE" }, good))],
  [
    "an original that was put in",
    body(signed({ ...authorisation, originalReference: "P9" }, good)),
  ],
  ["another endpoint's key", body(signed(authorisation, sign(authorisation, ROTATED)))],
  [
    "the key's text for a key",
    body(signed(authorisation, createHmac("sha256", KEY).update("x").digest("base64"))),
  ],
  ["another merchant's account", body(signed({ ...authorisation, merchantAccountCode: "Evil" }))],
  ["one bad item in a batch", body(signed(authorisation), signed(other, good))],
  [
    "fields that are shifted by a colon",
    body(signed({ ...authorisation, pspReference: "7914073381342284:P2", originalReference: "" })),
  ],
])("what Adyen did not sign is refused: %s", async (_name, text) => {
  expect(await read(text)).toEqual({ is: "forged" });
});

test.each([[[]], [[""]], [["zz"]], [["44782DEF"]]])(
  "keys that are none let nothing in: %o",
  async (hmacKeys) => {
    const empty = signed(authorisation, sign(authorisation, ""));
    expect(await read(body(empty), { hmacKeys })).toEqual({ is: "forged" });
  },
);

test("what is not signed decides nothing", async () => {
  const item = fields(`MOD1:PSP1:TestMerchant:${OURS}:1130:EUR:CANCEL_OR_REFUND:true`);
  const hmacSignature = sign(item);
  const told = async (action: string) =>
    read(
      body({
        ...item,
        eventDate,
        additionalData: { hmacSignature, "modification.action": action },
      }),
    );
  expect(await told("refund")).toEqual(await told("cancel"));
});

const report = (reason: string) => ({
  ...fields("settlement_detail_report_batch_4.csv::TestMerchant::0:EUR:REPORT_AVAILABLE:true"),
  reason,
});

test.each([
  "https://ca-live.adyen.com/reports/download/MerchantAccount/TestMerchant/settlement_detail_report_batch_4.csv",
  "http://127.0.0.1:8788/reports/settlement_detail_report_batch_4.csv",
])("a report lies at Adyen's, or where this deployment calls anyway: %s", async (url) => {
  expect(await read(body(signed(report(url))))).toMatchObject({
    unroutable: [],
    reports: [{ provider: "adyen", name: "settlement_detail_report_batch_4.csv", url }],
  });
});

test.each([
  "https://evil.example.com/settlement_detail_report_batch_4.csv",
  "https://ca-live.adyen.com.evil.example.com/x.csv",
  "https://eviladyen.com/x.csv",
  "http://ca-live.adyen.com/x.csv",
  "http://127.0.0.1:9999/x.csv",
  "https://user:secret@ca-live.adyen.com/x.csv",
  "file:///etc/passwd",
  "not a url",
  "https://ca-live.adyen.com/",
])("a report that lies elsewhere is not fetched: %s", async (url) => {
  const reading = await read(body(signed(report(url))));
  expect(reading).toMatchObject({ is: "verified", routed: [], reports: [] });
});
