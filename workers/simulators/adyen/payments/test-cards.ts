/**
 * How a test payment ends: Adyen's own test cards and cardholder names, and sentinels of this simulator.
 *
 * Card data comes as `encryptedCardNumber: "test_4111111111111111"`, `encryptedExpiryMonth: "test_03"`, `encryptedExpiryYear:
 * "test_2030"`, `encryptedSecurityCode: "test_737"`: Adyen's test platform takes them unencrypted under the prefix `test_`.
 * Sources: https://docs.adyen.com/development-resources/testing/test-card-numbers
 *          https://docs.adyen.com/development-resources/testing/result-codes (holderName, RequestedTestAcquirerResponseCode)
 *
 *   card                          answer
 *   test_4111111111111111         Authorised (visa); also 4111111145551142, 5555444433331111 (mc), 370000000000002 (amex)
 *   test_5201281505129736         RedirectShopper to 3-D Secure (mc); also 5212345678901234 (mc), 4917610000000000 (visa)
 *
 *   holderName                    answer or later outcome
 *   DECLINED, NOT_ENOUGH_BALANCE  Refused with the code of `refusals` below; so do all its other names
 *   ISSUER_UNAVAILABLE            Refused, code 9: worth another try
 *   ERROR                         resultCode Error, Acquirer Error, code 4: worth another try
 *   PENDING                       Received; AUTHORISATION tells the end
 *   capture failed                CAPTURE success=true, then CAPTURE_FAILED after `refundSettleMs`
 *   refund failed                 REFUND success=true, then REFUND_FAILED after `refundSettleMs`
 *
 *   sentinels, no such names at Adyen
 *   sim slow                      Authorised; the answer takes 2 s
 *   sim reply lost                Authorised; the first answer is lost, a repeat with the same key answers
 *   sim capture refused           Authorised; CAPTURE success=false for every capture, the hold stays
 *   sim refund refused            Authorised; REFUND success=false for every refund
 *   sim chargeback                Authorised; a capture is followed by NOTIFICATION_OF_CHARGEBACK and CHARGEBACK after `refundSettleMs`
 *   sim expired                   Authorised; EXPIRE after `refundSettleMs` unless it was captured or cancelled, and every capture is refused
 *
 * `additionalData.RequestedTestAcquirerResponseCode` takes the name or the number of a row of `refusals`.
 * Without card data `storedPaymentMethodId` is asked for the same names: `stored_4111111111111111` is authorised, `stored_DECLINED` refused.
 */

export interface Refusal {
  readonly reason: string;
  readonly code: string;
  readonly result: "Refused" | "Error";
}

const refused = (reason: string, code: number): Refusal => ({
  reason,
  code: String(code),
  result: "Refused",
});

/** By the name that a test uses. Source: https://docs.adyen.com/development-resources/refusal-reasons */
export const refusals: Readonly<Record<string, Refusal>> = {
  UNKNOWN: { reason: "Unknown", code: "0", result: "Error" },
  DECLINED: refused("Refused", 2),
  REFERRAL: refused("Referral", 3),
  ERROR: { reason: "Acquirer Error", code: "4", result: "Error" },
  BLOCK_CARD: refused("Blocked Card", 5),
  CARD_EXPIRED: refused("Expired Card", 6),
  INVALID_AMOUNT: refused("Invalid Amount", 7),
  INVALID_CARD_NUMBER: refused("Invalid Card Number", 8),
  ISSUER_UNAVAILABLE: refused("Issuer Unavailable", 9),
  NOT_SUPPORTED: refused("Not supported", 10),
  NOT_3D_AUTHENTICATED: refused("3D Not Authenticated", 11),
  NOT_ENOUGH_BALANCE: refused("Not enough balance", 12),
  ACQUIRER_FRAUD: refused("Acquirer Fraud", 14),
  CANCELLED: refused("Cancelled", 15),
  SHOPPER_CANCELLED: refused("Shopper Cancelled", 16),
  INVALID_PIN: refused("Invalid Pin", 17),
  PIN_TRIES_EXCEEDED: refused("Pin tries exceeded", 18),
  FRAUD: refused("FRAUD", 20),
  CVC_DECLINED: refused("CVC Declined", 24),
};

export const notAuthenticated = refused("3D Not Authenticated", 11);
export const shopperDeclined = refused("Refused", 2);

type Brand = "visa" | "mc" | "amex";

export const cards: Readonly<
  Record<string, { readonly brand: Brand; readonly wants3ds: boolean }>
> = {
  "4111111111111111": { brand: "visa", wants3ds: false },
  "4111111145551142": { brand: "visa", wants3ds: false },
  "5555444433331111": { brand: "mc", wants3ds: false },
  "370000000000002": { brand: "amex", wants3ds: false },
  "5201281505129736": { brand: "mc", wants3ds: true },
  "5212345678901234": { brand: "mc", wants3ds: true },
  "4917610000000000": { brand: "visa", wants3ds: true },
};

export type Quirk =
  | "slow"
  | "reply_lost"
  | "capture_refused"
  | "refund_refused"
  | "capture_failed"
  | "refund_failed"
  | "chargeback"
  | "expired"
  | "received";

export const quirks: Readonly<Record<string, Quirk>> = {
  PENDING: "received",
  "capture failed": "capture_failed",
  "refund failed": "refund_failed",
  "sim slow": "slow",
  "sim reply lost": "reply_lost",
  "sim capture refused": "capture_refused",
  "sim refund refused": "refund_refused",
  "sim chargeback": "chargeback",
  "sim expired": "expired",
};

/** What the test asked for. */
export interface Scene {
  readonly brand: Brand;
  readonly wants3ds: boolean;
  readonly refusal: Refusal | null;
  readonly quirk: Quirk | null;
}

/** Null when no test card has this number. */
export function sceneOf(number: string, holderName: string, requested: string): Scene | null {
  const card = Object.hasOwn(cards, number) ? cards[number] : undefined;
  if (!card) return null;
  // "DECLINED : 06 : ERROR" brings the scheme's own words along.
  const name = holderName.split(" : ")[0]?.trim() ?? "";
  const refusal = refusalOf(requested) ?? refusalOf(name);
  const quirk = Object.hasOwn(quirks, name) ? quirks[name] : undefined;
  return { ...card, refusal, quirk: quirk ?? null };
}

function refusalOf(name: string): Refusal | null {
  if (name === "") return null;
  if (Object.hasOwn(refusals, name)) return refusals[name] ?? null;
  return Object.values(refusals).find(({ code }) => code === name) ?? null;
}

/** `stored_4111111111111111`, `stored_DECLINED`: null when the id is not of this form. */
export function storedScene(id: string): Scene | null {
  const [, rest] = /^stored_(.+)$/.exec(id) ?? [];
  if (rest === undefined) return null;
  return sceneOf(rest, "", "") ?? sceneOf("4111111111111111", rest.replaceAll("_", " "), rest);
}

export const SLOW_ANSWER_MS = 2_000; // longer than any healthy call, shorter than a client's timeout
