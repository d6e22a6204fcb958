import { expect, test } from "vitest";
import type { Authorization } from "../provider.ts";
import type { Notice } from "../webhook-notice.ts";
import {
  amount,
  callOf,
  heard,
  openAdyenForFile,
  PSP,
  reference,
  request,
  secured,
  startedAtMs,
} from "./testing/adyen-fixtures.ts";

const adyen = await openAdyenForFile();

const no = { success: false };
const half = { amountMinor: 800, currency: "EUR" };
const { card: _card, ...cardLost } = request;
const ideal = { ...cardLost, method: "ideal" } as const;
const paid: Authorization = { ...secured, method: "ideal", isCaptured: true };
const waiting: Authorization = {
  ...{ provider: "adyen", method: "ideal", amount },
  shopper: { type: "redirect", url: "https://bank.example.com/" },
};
const waitingCard: Authorization = { ...waiting, method: "card" };
const waitingPix: Authorization = { ...waiting, method: "pix", reference: PSP };

const cancel = `/payments/${PSP}/cancels`;
const reversal = `/payments/${PSP}/reversals`;
const refund = `/payments/${PSP}/refunds`;

type Case = {
  readonly of?: Authorization | undefined;
  readonly heard?: readonly Notice[];
  readonly afterMs?: number;
  /** When the last call left that could make the payment, after the first. */
  readonly lastSentAfterMs?: number;
};
const notFound = heard("TECHNICAL_CANCEL", { ...no, about: "TC", reference: "TC" });
const notFoundAgain = heard("TECHNICAL_CANCEL", { ...no, about: "TC2", reference: "TC2" });

function resolve({ of: known, heard: told = [], afterMs = 0, lastSentAfterMs = 0 }: Case) {
  const method = known?.method ?? "card";
  const lastSentAtMs = startedAtMs + lastSentAfterMs;
  const call = { ...callOf(told, { nthTry: 2, afterMs }), lastSentAtMs };
  return adyen.provider.resolveAndVoid({ ...ideal, method }, known, call);
}

const asks: readonly (readonly [string, Case, string])[] = [
  ["what is only held is cancelled", { of: secured }, cancel],
  ["what a webhook told is cancelled", { heard: [heard("AUTHORISATION")] }, cancel],
  ["what nobody knows is cancelled by our reference", {}, "/cancels"],
  ["a shopper's page is closed by our reference", { of: waiting }, "/cancels"],
  ["a QR code that waits is reversed: it may be paid by now", { of: waitingPix }, reversal],
  ["what was captured is reversed", { of: secured, heard: [heard("CAPTURE")] }, reversal],
  ["what may be captured is reversed", { of: secured, heard: [heard("CAPTURE", no)] }, reversal],
  ["one-phase money is reversed", { of: paid }, reversal],
  [
    "a cancel that failed is followed by a reversal",
    { of: secured, heard: [heard("CANCELLATION", no)] },
    reversal,
  ],
  [
    "the payment that a cancel by our reference ran into is reversed",
    { heard: [heard("TECHNICAL_CANCEL", no)] },
    reversal,
  ],
  [
    "an authorization after a cancel that found nothing is cancelled",
    { heard: [notFound, heard("AUTHORISATION")], afterMs: 60_000 },
    cancel,
  ],
  [
    "an authorization beside a cancel that ended another payment is cancelled",
    { heard: [heard("TECHNICAL_CANCEL", { reference: "OTHER" }), heard("AUTHORISATION")] },
    cancel,
  ],
  [
    "a reversal that failed before anything was taken is asked for again",
    { of: secured, heard: [heard("CANCELLATION", no), heard("CANCEL_OR_REFUND", no)] },
    reversal,
  ],
  [
    "a reversal that failed for money that was taken is followed by a refund",
    { of: secured, heard: [heard("CAPTURE"), heard("CANCEL_OR_REFUND", no)] },
    refund,
  ],
  [
    "a reversal whose refund bounced is followed by another",
    {
      of: paid,
      heard: [
        heard("CANCEL_OR_REFUND", { about: "R1" }),
        heard("REFUND_FAILED", { about: "R1" }),
        heard("AUTHORISATION"),
      ],
    },
    reversal,
  ],
  [
    "a cancel does not give back what was captured",
    { of: secured, heard: [heard("CAPTURE"), heard("CANCELLATION")] },
    reversal,
  ],
];

test.each(asks)("%s", async (_name, given, path) => {
  const status = { status: "received", pspReference: "MOD1", merchantAccount: "TestMerchant" };
  adyen.answer(status, 201);
  adyen.answer(status, 201);

  await expect(resolve(given)).rejects.toThrow(/has not told/);
  await expect(resolve(given)).rejects.toThrow(/has not told/);

  expect(adyen.asked.map((asked) => asked.path)).toEqual([path, path]);
  expect(adyen.asked[1]).toEqual(adyen.asked[0]);
});

const ends: readonly (readonly [string, Case, string])[] = [
  ["cancelled", { of: secured, heard: [heard("CANCELLATION")] }, "voided"],
  [
    "cancelled at the second try",
    { of: secured, heard: [heard("CANCELLATION", no), heard("CANCELLATION", { about: "M2" })] },
    "voided",
  ],
  ["cancelled by our reference", { heard: [heard("TECHNICAL_CANCEL")] }, "voided"],
  [
    "authorised, and cancelled by our reference, told in either order",
    { heard: [heard("TECHNICAL_CANCEL"), heard("AUTHORISATION")] },
    "voided",
  ],
  [
    "the page closed by our reference",
    { of: waiting, heard: [heard("TECHNICAL_CANCEL")] },
    "voided",
  ],
  ["reversed while held", { of: secured, heard: [heard("CANCEL_OR_REFUND")] }, "voided"],
  [
    "reversed after the capture",
    { of: secured, heard: [heard("CAPTURE"), heard("CANCEL_OR_REFUND")] },
    "refunded",
  ],
  ["one-phase money reversed", { of: paid, heard: [heard("CANCEL_OR_REFUND")] }, "refunded"],
  ["refunded in one", { of: paid, heard: [heard("REFUND")] }, "refunded"],
  [
    "refunded in parts",
    {
      of: secured,
      heard: [
        heard("CAPTURE"),
        heard("REFUND", { about: "R1", amount: half }),
        heard("REFUND", { about: "R2", amount: { amountMinor: 989, currency: "EUR" } }),
      ],
    },
    "refunded",
  ],
  ["the hold ran out", { of: secured, heard: [heard("EXPIRE")] }, "voided"],
  ["refused", { heard: [heard("AUTHORISATION", no)] }, "never_existed"],
  [
    "the shopper's bank refused",
    { of: waiting, heard: [heard("AUTHORISATION", no)] },
    "never_existed",
  ],
  ["nobody paid", { of: waitingPix, heard: [heard("OFFER_CLOSED")] }, "never_existed"],
  [
    "nobody paid what a cancel could not end",
    { of: waitingPix, heard: [heard("CANCELLATION", no), heard("OFFER_CLOSED")] },
    "never_existed",
  ],
  ["never got there", { heard: [notFound, notFoundAgain], afterMs: 15_000 }, "never_existed"],
  [
    "a card's page that nobody returned from",
    { of: waitingCard, heard: [notFound, notFoundAgain], afterMs: 15_000 },
    "never_existed",
  ],
];

test.each(ends)("it is over: %s", async (_name, given, reversed) => {
  expect(await resolve(given)).toMatchObject({ reversal: reversed });
  expect(adyen.asked).toEqual([]);
});

const notYet: readonly (readonly [string, Case])[] = [
  ["the request may still be on its way", { heard: [notFound], afterMs: 14_999 }],
  ["it was sent when the request may have been on its way", { heard: [notFound], afterMs: 15_000 }],
  [
    "what the shopper brought back may still be on its way",
    {
      ...{ of: waitingCard, heard: [notFound, notFoundAgain] },
      ...{ afterMs: 60_000, lastSentAfterMs: 45_001 },
    },
  ],
  [
    "the last of many requests may still be on its way",
    { heard: [notFound, notFoundAgain], afterMs: 600_000, lastSentAfterMs: 585_001 },
  ],
  ["it was told twice", { heard: [notFound, notFound], afterMs: 15_000 }],
  ["the shopper may still pay at the bank", { of: waiting, heard: [notFound], afterMs: 60_000 }],
];

test.each(notYet)("a cancel that found nothing is no end: %s", async (_name, given) => {
  adyen.answer({ status: "received", pspReference: "TC", merchantAccount: "TestMerchant" }, 201);
  await expect(resolve(given)).rejects.toThrow(/has not told/);
});

test("the cancel that is sent when nothing can be on its way any more is another one", async () => {
  for (const afterMs of [0, 14_999, 15_000]) {
    adyen.answer({ status: "received", pspReference: "TC" }, 201);
    await expect(resolve({ heard: [notFound], afterMs })).rejects.toThrow(/has not told/);
  }
  const [first, second, third] = adyen.asked.map(({ key }) => key);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("half a refund is half the money: the rest is refunded, by a key of its own", async () => {
  const told = [heard("CAPTURE"), heard("CANCEL_OR_REFUND", no)];
  const more = [...told, heard("REFUND", { about: "R1", amount: half })];
  for (const notices of [told, more, [...told, heard("REFUND", { ...no, about: "R2" })]]) {
    adyen.answer({ status: "received", pspReference: "MOD1" }, 201);
    await expect(resolve({ of: secured, heard: notices })).rejects.toThrow(/has not told/);
  }
  expect(adyen.asked.map(({ body }) => body.amount)).toEqual([
    { value: 1789, currency: "EUR" },
    { value: 989, currency: "EUR" },
    { value: 1789, currency: "EUR" },
  ]);
  expect(new Set(adyen.asked.map(({ key }) => key)).size).toBe(3);
});

test("two authorizations under one reference both go back", async () => {
  const second = heard("AUTHORISATION", { reference: "PSP2", about: "PSP2" });
  const told = [heard("AUTHORISATION"), second, heard("CANCELLATION")];
  adyen.answer({ status: "received", pspReference: "MOD1" }, 201);
  await expect(resolve({ of: secured, heard: told })).rejects.toThrow(/has not told/);
  expect(adyen.asked.map(({ path }) => path)).toEqual(["/payments/PSP2/cancels"]);
  const end = [...told, heard("CANCELLATION", { reference: "PSP2" })];
  expect(await resolve({ of: secured, heard: end })).toEqual({ reversal: "voided" });
});

test("every void bears our reference, so that its webhook finds the sale", async () => {
  for (const known of [secured, undefined, paid]) {
    adyen.answer({ status: "received", pspReference: "MOD1" }, 201);
    await expect(resolve({ of: known })).rejects.toThrow();
  }
  expect(adyen.asked.map(({ body }) => body.reference)).toEqual([reference, reference, reference]);
});

test("a void that is never told of is asked for by a new key; a refund is not", async () => {
  const refunding = [heard("CAPTURE"), heard("CANCEL_OR_REFUND", no)];
  for (const told of [[], refunding]) {
    for (const afterMs of [599_999, 600_000]) {
      adyen.answer({ status: "received", pspReference: "MOD1" }, 201);
      await expect(resolve({ of: secured, heard: told, afterMs })).rejects.toThrow(/has not told/);
    }
  }
  const [first, second, third, fourth] = adyen.asked;
  expect(first?.path).toBe(cancel);
  expect(second?.key).not.toBe(first?.key);
  expect(third?.path).toBe(refund);
  expect(fourth?.key).toBe(third?.key);
});

test("money that was looked up goes back by its request's method", async () => {
  const told = [heard("AUTHORISATION"), heard("CANCEL_OR_REFUND")];
  const known = await adyen.provider.lookUp(ideal, callOf([heard("AUTHORISATION")]));
  expect(known?.method).toBe("ideal");
  for (const each of [known, undefined]) {
    expect(await adyen.provider.resolveAndVoid(ideal, each, callOf(told))).toMatchObject({
      reversal: "refunded",
    });
  }
});
