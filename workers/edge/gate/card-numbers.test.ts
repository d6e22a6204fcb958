import { createHash } from "node:crypto";
import creditCardType from "credit-card-type";
import fc from "fast-check";
import { Metadata, parsePhoneNumberFromString } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/max/metadata";
import { expect, test } from "vitest";
import { findCards } from "./card-guard.ts";
import { cardSchemes } from "./card-schemes.ts";

/** Numbers of each kind; `npm run proof` asks for a hundred thousand. */
const NUMBERS = Number(process.env.NUMBERS ?? "2000");
const SEED = Number(process.env.SEED ?? "13");
const TIMEOUT_MS = 30_000 + NUMBERS * 10;
const sampled = <T>(arbitrary: fc.Arbitrary<T>, numRuns = NUMBERS): T[] =>
  fc.sample(arbitrary, { numRuns, seed: SEED });
const digits = (min: number, max = min) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max })
    .map((list) => list.join(""));

const refusesIn = (field: string, value: unknown, beside: object = {}): boolean =>
  findCards({ customer: { ...beside, [field]: value } }).holdsCard;

type Case = readonly [field: string, value: unknown, beside?: object];
const refusedOf = (cases: readonly Case[]) =>
  cases.filter(([field, value, beside]) => refusesIn(field, value, beside)).slice(0, 20);

// What is no card.

const TYPES = ["FIXED_LINE", "MOBILE", "TOLL_FREE", "VOIP", "SHARED_COST", "PREMIUM_RATE"] as const;
type Plan = {
  readonly type: (name: string) => { pattern(): string; possibleLengths(): number[] } | undefined;
  readonly callingCode: () => string;
};
type Country = Parameters<Metadata["selectNumberingPlan"]>[0];
const plans = new Metadata(metadata);

function patternsOf(country: Country): fc.Arbitrary<string>[] {
  plans.selectNumberingPlan(country);
  const plan = plans.numberingPlan as unknown as Plan & object;
  return TYPES.flatMap((name) => {
    const pattern = plan.type(name)?.pattern();
    return pattern ? [fc.stringMatching(new RegExp(`^(?:${pattern})$`))] : [];
  });
}

/** Longer ones stand in its data and cannot be dialled from abroad. Source: ITU-T E.164, 6.2.1 */
const PHONE_DIGITS_MAX = 15;
const DINERS_DIGITS_MIN = 14;
const countries = Object.keys(metadata.countries) as Country[];

function phonesOf(country: Country): fc.Arbitrary<Case> {
  const national = fc.oneof(...patternsOf(country));
  plans.selectNumberingPlan(country);
  const code = String((plans.numberingPlan as unknown as Plan & object).callingCode());
  const written = (number: string, style: number): string => {
    const phone = parsePhoneNumberFromString(`+${code}${number}`, metadata);
    if (style === 0 || !phone) return `+${code}${number}`;
    if (style === 1) return phone.formatInternational();
    if (style === 2) return phone.formatNational();
    // Without a plus and of fourteen digits, a few could as well be a Diners card, and count as one.
    const isShort = code.length + number.length < DINERS_DIGITS_MIN;
    return style === 4 && isShort ? `${code}${number}` : `00${code} ${number}`;
  };
  return fc
    .tuple(
      national.filter((number) => code.length + number.length <= PHONE_DIGITS_MAX),
      fc.integer({ min: 0, max: 4 }),
    )
    .map(([number, style]) => ["phone", written(number, style), { country }]);
}

test.each(["DE", "BR", "AR", "ID", "AT"] as const)(
  "no telephone of %s is taken for a card",
  (country) => {
    expect(refusedOf(sampled(phonesOf(country)))).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "no telephone of any country is taken for a card",
  () => {
    const each = Math.ceil(NUMBERS / countries.length);
    const cases = countries.flatMap((country) => sampled(phonesOf(country), each));
    expect(cases.length).toBeGreaterThanOrEqual(NUMBERS);
    expect(refusedOf(cases)).toEqual([]);
  },
  TIMEOUT_MS,
);

/** GS1's check digit behind what comes before it. */
function withGs1Digit(body: string): string {
  const sum = [...body]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const uuid = fc.uuid({ version: [1, 4, 7] });
const hex64 = digits(20).map((text) =>
  createHash("sha256").update(text).digest("hex").toUpperCase(),
);
const timeMs = fc.integer({ min: 1_500_000_000_000, max: 2_500_000_000_000 });
/** With codes of two letters: of the EU, and the forms of Britain, Norway and Switzerland. */
const vatForms = [
  ...["ATU\\d{8}", "BE[01]\\d{9}", "BG\\d{9,10}", "CY\\d{8}[A-Z]", "CZ\\d{8,10}", "DE\\d{9}"],
  ...["DK\\d{8}", "EE\\d{9}", "EL\\d{9}", "ES[A-Z]\\d{7}[0-9A-Z]", "FI\\d{8}", "FR\\d{11}"],
  ...["HR\\d{11}", "HU\\d{8}", "IE\\d{7}[A-Z]{1,2}", "IT\\d{11}", "LT\\d{12}", "LU\\d{8}"],
  ...["LV\\d{11}", "MT\\d{8}", "NL\\d{9}B\\d{2}", "PL\\d{10}", "PT\\d{9}", "RO\\d{2,10}"],
  ...["SE\\d{10}01", "SI\\d{8}", "SK\\d{10}", "XI\\d{9}", "GB\\d{12}", "NO\\d{9}MVA", "CHE\\d{9}"],
];

const ordinary: readonly (readonly [kind: string, cases: fc.Arbitrary<Case>])[] = [
  ["EAN of 13 digits", digits(12).map((body) => ["sku", withGs1Digit(body)])],
  ["GTIN of 14 digits", digits(13).map((body) => ["sku", withGs1Digit(body)])],
  ["UPC of 12 digits", digits(11).map((body) => ["sku", withGs1Digit(body)])],
  ["customer id", digits(6, 14).map((id) => ["customerId", id])],
  ["customer id that is a UUID", uuid.map((id) => ["customerId", id])],
  ["order number", digits(6, 14).map((id) => ["movementId", id])],
  ["id of a movement", uuid.map((id) => ["movementId", id])],
  ["idempotency key", uuid.map((id) => ["idempotency-key", id])],
  ["postal code", digits(3, 10).map((code) => ["postalCode", code])],
  [
    "VAT number",
    fc
      .oneof(...vatForms.map((form) => fc.stringMatching(new RegExp(`^${form}$`))))
      .map((number) => ["vatNumber", number]),
  ],
  ["time in milliseconds", timeMs.map((ms) => ["at", ms])],
  ["time in milliseconds, as text", timeMs.map((ms) => ["line2", String(ms)])],
  ["time", timeMs.map((ms) => ["validFrom", new Date(ms).toISOString()])],
  [
    "id of an attempt at Adyen",
    fc.tuple(uuid, timeMs, hex64).map(([id, ms, hex]) => ["checkoutAttemptId", `${id}${ms}${hex}`]),
  ],
];

test.each(ordinary)(
  "no %s is taken for a card in its field",
  (_kind, cases) => {
    expect(refusedOf(sampled(cases))).toEqual([]);
  },
  TIMEOUT_MS,
);

test("a barcode that could be a card is left to the catalogue, and named to it", () => {
  const diners = { lines: [{ sku: "30569309025904" }] };
  expect(findCards(diners).holdsCard).toBe(true); // no barcode's check digit
  const sku =
    sampled(
      digits(12).map((rest) => withGs1Digit(`3${rest}`)),
      2000,
    ).find((gtin) => refusesIn("name", gtin)) ?? "";
  expect(findCards({ lines: [{ sku }] })).toEqual({ holdsCard: false, doubtfulSkus: [sku] });
  expect(findCards({ lines: [{ sku: "5449000000996" }] }).doubtfulSkus).toEqual([]);
  expect(findCards({ lines: [{ sku: "4242424242424242" }] }).holdsCard).toBe(true);
});

// What is a card.

/** Luhn's check digit behind what comes before it. */
function withLuhnDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const numberFrom = (begin: string, length: number) =>
  digits(length - begin.length - 1).map((rest) => withLuhnDigit(`${begin}${rest}`));

const between = ([first, last]: readonly [string, string]) =>
  fc
    .integer({ min: Number(first), max: Number(last) })
    .map((begin) => String(begin).padStart(first.length, "0"));

const cards: fc.Arbitrary<string> = fc.oneof(
  ...cardSchemes.map(({ begins, lengths }) =>
    fc
      .tuple(
        fc.oneof(...begins.map((each) => between(typeof each === "string" ? [each, each] : each))),
        fc.constantFrom(...lengths),
      )
      .chain(([begin, length]) => numberFrom(begin, length)),
  ),
);

const grouped = (sign: string) => (number: string) =>
  (number.length === 15 || number.length === 14
    ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)]
    : (number.match(/.{1,4}/g) ?? [])
  ).join(sign);
const inScript = (zero: number) => (number: string) =>
  number.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const signs = [" ", "  ", "-", ".", "_", "/", "·", "\n", "\r\n", "\t", " - ", "\u2013", "\u2009"];
const unseen = ["\u200b", "\u00ad", "\ufeff", "\u2060", "\u200d"];
const spellings: readonly ((number: string) => string)[] = [
  (number) => number,
  ...[...signs, "\u00a0", ",", "*", "|", ":", "+"].map(grouped),
  ...unseen.map(grouped),
  (number) => [...number].join(" "),
  (number) => [...number].join("\u200b"),
  ...[0x0660, 0x06f0, 0x0966, 0xff10, 0x1d7ce].map(inScript), // Arabic, Persian, Hindi, full-width, bold
  (number) => encodeURIComponent(grouped(" ")(number)),
  (number) => encodeURIComponent(encodeURIComponent(grouped(" ")(number))),
  (number) => number.replaceAll(/\d/g, (digit) => `%3${digit}`),
  (number) => number.replaceAll(/\d/g, (digit) => `&#${48 + Number(digit)};`),
  (number) => grouped("&nbsp;")(number),
  (number) => `my card is ${number}, thanks`,
  (number) => `card:${grouped(" ")(number)} 12/28 123`,
  (number) => `12/28 ${number}`,
  (number) => `50% off%4x ${number}`,
  (number) => `https://shop.test/back?card=${number}&x=1`,
  (number) => `x${number}x`,
];
const freeText = [
  ...["name", "line1", "line2", "city", "state", "postalCode", "email", "phone", "holderName"],
  ...["brand", "fundingSource", "sdkData", "encryptedExpiryMonth", "returnUrl", "userAgent"],
  ...["shippingOption", "reason", "acceptHeader", "cpf", "app", "0", "code", "stripe"],
];

test(
  "a card number of any scheme is seen in every field of free text, however it is spelled",
  () => {
    const missed: string[] = [];
    sampled(cards).forEach((number, index) => {
      const field = freeText[index % freeText.length] ?? "";
      for (const spell of spellings) {
        const text = spell(number);
        if (!refusesIn(field, text, { country: "DE" })) missed.push(`${field}: ${text}`);
      }
    });
    expect(missed.slice(0, 20)).toEqual([]);
  },
  TIMEOUT_MS * 2,
);

test(
  "a card number is no telephone of any country, no SKU, no number and no name",
  () => {
    const missed = sampled(cards).filter((number, index) => {
      const country = countries[index % countries.length];
      const { holdsCard, doubtfulSkus } = findCards([
        { sku: number },
        { sku: grouped(" ")(number) },
      ]);
      return !(
        refusesIn("phone", number, { country }) &&
        (number.length === DINERS_DIGITS_MIN || refusesIn("phone", `+${number}`, { country })) &&
        refusesIn("phone", `0 ${grouped(" ")(number)}`, { country }) &&
        (number.length > 15 || refusesIn("amount", Number(number))) &&
        findCards({ [number]: 1 }).holdsCard &&
        (holdsCard || doubtfulSkus.length > 0)
      );
    });
    expect(missed.slice(0, 20)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a card number of fifteen and more digits is seen in the fields of ids too",
  () => {
    const long = sampled(cards).filter((number) => number.length > 14);
    const fields = [
      "customerId",
      "movementId",
      "idempotency-key",
      "checkoutAttemptId",
      "vatNumber",
    ];
    const missed = fields.flatMap((field) => long.filter((number) => !refusesIn(field, number)));
    expect(missed.slice(0, 20)).toEqual([]);
    expect(refusesIn("customerId", "cus_4242424242424242")).toBe(true);
  },
  TIMEOUT_MS,
);

/** Lengths of Braintree's data that are left out here; see `cardSchemes`. */
const leftOut: Readonly<Record<string, readonly number[]>> = {
  unionpay: [14, 15],
  maestro: [12, 13, 14, 15],
};

test("every scheme that Braintree knows is seen at every length of its data, but for those left out", () => {
  for (const type of Object.values(creditCardType.types)) {
    const { patterns, lengths } = creditCardType.getTypeInfo(type);
    for (const length of lengths.filter((each) => !leftOut[type]?.includes(each))) {
      for (const pattern of patterns) {
        const [first, last] = [pattern].flat().map(String);
        const begins = between([first ?? "", last ?? first ?? ""]);
        const numbers = sampled(
          begins.chain((begin) => numberFrom(begin, length)),
          20,
        );
        const missed = numbers.filter((number) => !refusesIn("name", number));
        expect(missed, `${type}, ${length} digits`).toEqual([]);
      }
    }
  }
});
