import { expect, test } from "vitest";
import { localKeys } from "../../../scripts/machine/local-keys.ts";
import { findCards, withoutTestCards } from "./card-guard.ts";

const holdsCardNumber = (body: unknown) => findCards(body).holdsCard;

test.each([
  ["Visa", "4242424242424242"],
  ["Visa of 19 digits", "4000000000000000006"],
  ["Mastercard", "5555555555554444"],
  ["Mastercard, 2 series", "2223003122003222"],
  ["American Express", "378282246310005"],
  ["Discover", "6011111111111117"],
  ["Diners", "30569309025904"],
  ["JCB", "3566002020360505"],
  ["UnionPay", "6200000000000005"],
  ["Maestro", "6759649826438453"],
])("%s is a card number", (_scheme, number) => {
  expect(holdsCardNumber(number)).toBe(true);
});

test.each([
  "4242 4242 4242 4242",
  "4242-4242-4242-4242",
  "4242.4242.4242.4242",
  "4242_4242_4242_4242",
  "4242  4242  4242  4242",
  "4242\t4242\n4242\r\n4242",
  "4242\u00a04242\u00a04242\u00a04242", // no-break blanks, as copied from a page
  "４２４２４２４２４２４２４２４２", // full-width digits
  "3782 822463 10005",
  "card:4242424242424242;",
  "my card is 4242424242424242, thanks",
  "x4242424242424242x",
  "4242 4242 4242 4242 12/28", // the expiry behind it must not hide it
  "4242 4242 4242 4242 12 28 123",
  "order 12 4242 4242 4242 4242",
  "12/28 4242424242424242 123",
])("a card number is seen in %j", (text) => {
  expect(holdsCardNumber(text)).toBe(true);
});

test("a card number is seen as a number, in a name, and however deep", () => {
  expect(holdsCardNumber(4242424242424242)).toBe(true);
  expect(holdsCardNumber(4.242424242424242e15)).toBe(true);
  expect(holdsCardNumber({ "4242424242424242": 1 })).toBe(true);
  expect(holdsCardNumber({ a: [{ b: { c: ["no", "4242 4242 4242 4242"] } }] })).toBe(true);
});

test.each([
  "4222222222222", // Visa of 13 digits is no longer issued
  "5449000000996", // a barcode
  "+49 171 1234567 89",
  "4242424242424241", // wrong check digit
  "424242424242", // 12 digits
  "42424242424242424242", // 20
  "1234567890123452", // right check digit, but no scheme's
  "9999999999999995",
  "+49 30 901820",
  "+49 (0)30 / 901820-12",
  "+1 (415) 555-0132",
  "+44 20 7946 0958",
  "+86 138 0013 8000",
  "2026-11-23T06:09:08.123Z",
  "2026-11-23 06:09:08",
  "1700000000000", // a time in milliseconds
  "192.168.178.201",
  "pm_1MqLiJLkdIwHu7ixUEgbFdYl",
  "pm_card_visa",
  "chk_eu_0123456789abcdefghjkmnpqrs",
  "5b1f8c0e-7d1c-4a6e-9f55-0242ac120002",
  "DE89 3704 0044 0532 0130 00", // an IBAN
  "978-3-16-148410-0", // an ISBN
  "12345 Berlin",
  "",
])("no card number is seen in %j", (text) => {
  expect(holdsCardNumber(text)).toBe(false);
});

test("what is no text holds no card number", () => {
  for (const value of [null, undefined, true, 0, -4242424242424242, 1.5, Number.NaN, [], {}]) {
    expect(holdsCardNumber(value)).toBe(false);
  }
});

test("a body full of digits is looked through in no time", () => {
  const digits = "4242 ".repeat(13_000).replaceAll("4242", "4241");
  expect(holdsCardNumber(digits)).toBe(false);
});

const adyenBody = (encryptedCardNumber: unknown, more: object = {}) => ({
  payment: { method: "card", tokens: { adyen: { type: "scheme", encryptedCardNumber, ...more } } },
});
const env = { ...localKeys, STRIPE_API_BASE: "", ADYEN_API_BASE: "", ADYEN_LIVE_PREFIX: "" };
const guarded = (body: unknown, more: Partial<typeof env> = {}) =>
  holdsCardNumber(withoutTestCards({ ...env, ...more }, body));

test("the test value of Adyen's encrypted card number passes, in its own place alone", () => {
  expect(guarded(adyenBody("test_4111111111111111"))).toBe(false);
  expect(guarded(adyenBody("test_4111111111111111"), { ADYEN_LIVE_PREFIX: "live" })).toBe(true);
  expect(guarded({ note: "test_4111111111111111" })).toBe(true);
  expect(guarded(adyenBody("x", { holderName: "test_4111111111111111" }))).toBe(true);
  expect(guarded({ payment: { tokens: { stripe: "test_4111111111111111" } } })).toBe(true);
});

test.each([
  "4111111111111111",
  "test_4111 1111 1111 1111",
  "test_4111111111111111 ",
  "live_4111111111111111",
  4111111111111111,
])("anything but that value is a card number there too: %j", (value) => {
  expect(guarded(adyenBody(value))).toBe(true);
});

test("what stands beside the exempt value is looked at as ever", () => {
  const body = { ...adyenBody("test_4111111111111111"), note: "4242424242424242" };
  expect(guarded(body)).toBe(true);
  expect(guarded(null)).toBe(false);
  expect(guarded({ payment: null })).toBe(false);
});
