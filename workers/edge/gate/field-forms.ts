import type { CountryCode } from "libphonenumber-js/min";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { isCardNumber } from "./card-schemes.ts";

type Form = (text: string, beside: Readonly<Record<string, unknown>>) => boolean;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
/** Shops number their customers and movements; a card's number of 15 and more digits is none of these. */
const SHORT_NUMBER = /^\d{1,14}$/;
/** As Adyen's analytics give it: a UUID, milliseconds, and 32 bytes in hexadecimal, without anything between. */
const ATTEMPT_ID = new RegExp(`${UUID.source.slice(0, -1)}(?:\\d{13}[0-9A-F]{64})?$`, "i");
const VAT_NUMBER = /^[A-Z]{2} ?[0-9A-Z+*]{2,12}$/i;
const isId: Form = (text) => UUID.test(text) || SHORT_NUMBER.test(text);

/**
 * Fields that have a form of their own. Where a text has it, the field's form says what it is, and not the
 * chance that one in ten numbers passes a card's check. Asked only of texts that look like a card.
 */
export const fieldForms: Readonly<Record<string, Form>> = {
  phone: isPhone,
  customerId: isId,
  movementId: isId,
  "idempotency-key": isId,
  checkoutAttemptId: (text) => ATTEMPT_ID.test(text),
  vatNumber: (text) => VAT_NUMBER.test(text),
};

const PHONE = /^[+\d\s()./-]+$/;
const PHONE_DIGITS_MAX = 15; // ITU-T E.164

const FROM_ABROAD = /^\s*(?:\+|00)/; // no card is written with it

/**
 * A telephone as libphonenumber knows it. Digits that are a card's from the first to the last are one, unless they
 * are written with a country's code: fourteen digits that begin with 38 or 39 may be a Diners card or the Balkans.
 */
function isPhone(text: string, { country }: Readonly<Record<string, unknown>>): boolean {
  const digits = text.replace("(0)", "").replaceAll(/\D/g, "").replace(/^0+/, "");
  if (!PHONE.test(text) || digits.length > PHONE_DIGITS_MAX) return false;
  if (FROM_ABROAD.test(text)) return isDialled(digits);
  if (isCardNumber(digits)) return false;
  const home = typeof country === "string" ? (country as CountryCode) : undefined;
  return isDialled(digits) || parsePhoneNumberFromString(text, home)?.isValid() === true;
}

/** All of the digits: libphonenumber would drop a zero that is too much. */
function isDialled(digits: string): boolean {
  const phone = parsePhoneNumberFromString(`+${digits}`);
  return phone?.isValid() === true && phone.number === `+${digits}`;
}

/** Twelve to fourteen digits with GS1's check digit. Source: https://www.gs1.org/services/how-calculate-check-digit-manually */
export function isGtin(text: string): boolean {
  if (!/^\d{12,14}$/.test(text)) return false;
  const total = [...text]
    .reverse()
    .reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return total % 10 === 0;
}
