import { expect, test } from "vitest";
import { isRefusal, type Refusal } from "../schema/outcome.ts";
import { quote } from "./quote.ts";
import { rateOf } from "./tax.ts";
import { ratesAt } from "./tax-table.ts";
import { cart, minor, quoted, rate, sourcesOf, TIMES } from "./testing/quote-fixtures.ts";
import { isVatNumber } from "./vat-number.ts";

const germany = rate();
const books = rate({ taxClass: "books", ratePpm: 70_000 });
const france = rate({ country: "FR", ratePpm: 200_000 });
const at = (day: string, rows = [germany, books], place = { country: "DE" }) =>
  known(ratesAt(rows, place, day)).map(({ taxClass, ratePpm }) => `${taxClass} ${ratePpm}`);

function known<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`Refused: ${answer.refused}`);
  return answer;
}

test("of dated rates the latest that has begun holds, and none before the first or after its end", () => {
  const lowered = rate({ ratePpm: 160_000, validFrom: "2026-07-01", validUntil: "2026-12-31" });
  const rows = [germany, lowered];
  expect(at("2025-12-31", rows)).toEqual([]);
  expect(at("2026-06-30", rows)).toEqual(["standard 190000"]);
  expect(at("2026-07-01", rows)).toEqual(["standard 160000"]);
  expect(at("2026-12-31", rows)).toEqual(["standard 160000"]);
  expect(at("2027-01-01", rows)).toEqual(["standard 190000"]);
});

test("states are told apart, and one without a rate has none", () => {
  const us = { country: "US", inclusive: false };
  const rows = [
    rate({ ...us, ratePpm: 0, treatment: "no_tax" }),
    rate({ ...us, state: "MN", ratePpm: 68_750 }),
  ];
  const in_ = (state?: string) =>
    at("2026-11-01", rows, { country: "US", ...(state && { state }) });
  expect(in_("MN")).toEqual(["standard 68750"]);
  expect(in_("ZZ")).toEqual([]);
  expect(ratesAt(rows, { country: "US" }, "2026-11-01")).toEqual({
    refused: "state_needed",
    detail: { country: "US", field: "state" },
  });
});

test("a class without a rate is refused where others are taxed, and free where nothing is", async () => {
  const shelf = (rates: Parameters<typeof sourcesOf>[0]["rates"]) =>
    sourcesOf({ products: { tea: { price: 500, taxClass: "food" } }, rates });
  expect(await quote(shelf([germany, books]), cart({ tea: 1 }), TIMES)).toEqual({
    refused: "tax_rate_unknown",
    detail: { country: "DE", taxClass: "food", skus: ["tea"] },
  });
  const untaxed = rate({ country: "HK", ratePpm: 0, inclusive: false, treatment: "no_tax" });
  expect(rateOf([untaxed], "food")).toBe(untaxed);
});

test("two classes are two taxes, each rounded by its lines; the quote names the dated rates", async () => {
  const products = { mug: 1299, novel: { price: 1750, taxClass: "books" } };
  const answer = quoted(
    await quote(
      sourcesOf({ products, rates: [germany, books] }),
      cart({ mug: 1, novel: 1 }),
      TIMES,
    ),
  );
  expect(
    answer.taxes.map(({ taxClass, ratePpm, amount }) => [taxClass, ratePpm, amount.amountMinor]),
  ).toEqual([
    // 490 over 1299 + 1750: 209 + 281.
    [undefined, 190_000, 207 + 33],
    ["books", 70_000, 114 + 18],
  ]);
  expect(answer.versions?.taxes).toBe("standard@2026-01-01 books@2026-01-01");
});

test("what a rate leaves out is said", async () => {
  const note = "State level only";
  const rates = [rate({ country: "US", state: "MN", inclusive: false, note })];
  const where = cart({ mug: 1 }, { country: "US", state: "MN" });
  const answer = quoted(await quote(sourcesOf({ products: { mug: 1000 }, rates }), where, TIMES));
  expect(answer.taxes).toMatchObject([{ note }]);
});

test("where a country lets fractions fall, they fall", async () => {
  const rates = [rate({ ratePpm: 100_000, rounding: "down" })];
  const shelf = sourcesOf({ products: { mug: 1980 }, rates, shipping: [{ amount: eur(700) }] });
  expect(minor(await quote(shelf, cart({ mug: 1 }), TIMES))[2]).toBe(180 + 63); // 63.6
});

const abroad = (vatNumber: string, country = "FR") =>
  quote(
    sourcesOf({ products: { mug: 1299 }, rates: [germany, france] }),
    cart({ mug: 1 }, { country, vatNumber }),
    TIMES,
  );

test("a business in another member state pays net prices and the tax itself", async () => {
  const answer = quoted(await abroad("FR 40 303 265 045"));
  expect(minor(answer)).toEqual([1082, 0, 0, 1082 + 408]);
  expect(answer.taxes).toMatchObject([
    { ratePpm: 0, note: expect.stringMatching(/Reverse charge/) },
  ]);
});

test("a business in the seller's own state is taxed like anybody", async () => {
  expect(minor(await abroad("DE123456789", "DE"))).toEqual([1299, 0, 207 + 78, 1789]);
});

test("a number that is not of the destination's form is refused, never taken for a private buyer", async () => {
  for (const number of ["FR1", "DE123456789", "FR4030326504X", "nonsense"]) {
    expect(await abroad(number), number).toEqual({
      refused: "vat_number_invalid",
      detail: { country: "FR" },
    });
  }
});

test("numbers have the forms of their countries; Greece writes EL", () => {
  expect(isVatNumber("GR", "EL123456789")).toBe(true);
  expect(isVatNumber("GR", "GR123456789")).toBe(false);
  expect(isVatNumber("NL", "NL123456789B01")).toBe(true);
  expect(isVatNumber("AT", "ATU12345678")).toBe(true);
  expect(isVatNumber("US", "US123456789")).toBe(false);
});

function eur(amountMinor: number) {
  return { amountMinor, currency: "EUR" };
}
