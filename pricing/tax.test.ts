import { expect, test } from "vitest";
import { isRefusal, type Refusal } from "../schema/outcome.ts";
import { quote } from "./quote.ts";
import { isVatNumber } from "./tax/vat-number.ts";
import { rateOf } from "./tax.ts";
import { ratesAt } from "./tax-table.ts";
import { cart, minor, quoted, rate, sourcesOf, TIMES } from "./testing/quote-fixtures.ts";

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
    detail: { country: "US", field: "shippingAddress.state" },
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

test("shipping is taxed as the goods it goes with, split over their rates by value", async () => {
  // Article 78 (b) of 2006/112/EC: 6.90 over 10.70 and 23.80 are 2.14 and 4.76.
  const products = { novel: { price: 1070, taxClass: "books" }, vase: 2380 };
  const shelf = sourcesOf({ products, rates: [germany, books], shipping: [{ amount: eur(690) }] });
  const answer = quoted(await quote(shelf, cart({ novel: 1, vase: 1 }), TIMES));
  expect(answer.shipping.tax).toEqual(eur(14 + 76));
  expect(answer.taxes.map(({ taxClass, amount }) => [taxClass, amount.amountMinor])).toEqual([
    ["books", 70 + 14],
    [undefined, 380 + 76],
  ]);
});

test("goods that cost nothing share their shipping evenly", async () => {
  const products = { novel: { price: 0, taxClass: "books" }, vase: 0 };
  const shelf = sourcesOf({ products, rates: [germany, books], shipping: [{ amount: eur(214) }] });
  const answer = quoted(await quote(shelf, cart({ novel: 1, vase: 1 }), TIMES));
  expect(answer.shipping.tax).toEqual(eur(7 + 17)); // 107 at 7 %, 107 at 19 %: 17.08
});

test("where shipping's tax is not known to follow, it is the standard one; some states have none", async () => {
  const products = { rice: { price: 1080, taxClass: "food" } };
  const rates = [
    rate({ country: "JP", ratePpm: 100_000 }),
    rate({ country: "JP", ratePpm: 80_000, taxClass: "food" }),
    rate({ country: "US", state: "CA", ratePpm: 72_500, inclusive: false }),
    rate({ country: "US", state: "CA", ratePpm: 72_500, inclusive: false, taxClass: "food" }),
  ];
  const shelf = sourcesOf({ products, rates, shipping: [{ amount: eur(550) }] });
  const japan = quoted(await quote(shelf, cart({ rice: 1 }, { country: "JP" }), TIMES));
  expect([japan.lines[0]?.tax, japan.shipping.tax]).toEqual([eur(80), eur(50)]);
  const inCalifornia = { country: "US", state: "CA" };
  const california = quoted(await quote(shelf, cart({ rice: 1 }, inCalifornia), TIMES));
  expect(california.shipping.tax).toEqual(eur(0));
});

test("Japan rounds once a rate and invoice, by the shop's rounding; others a line", async () => {
  const products = { pen: 105, pin: 105, pad: 105 };
  const tax = async (country: string, rounding: "down" | "half_away") => {
    const rates = [rate({ country, ratePpm: 100_000, rounding })];
    const shelf = sourcesOf({ products, rates, shipping: [{ amount: eur(0) }] });
    const { tax, taxRounding, lines } = quoted(
      await quote(shelf, cart({ pen: 1, pin: 1, pad: 1 }, { country }), TIMES),
    );
    return [tax.amountMinor, taxRounding, lines.map((line) => line.tax?.amountMinor)];
  };
  // 315 * 10/110 = 28.64; a line's 9.55 rounds to 10. Source: the National Tax Agency's Q&A on
  // qualified invoices: once for each rate, by any method. What is left goes to the lower SKU.
  expect(await tax("JP", "half_away")).toEqual([29, "invoice", [10, 9, 10]]);
  expect(await tax("JP", "down")).toEqual([28, "invoice", [9, 9, 10]]);
  expect(await tax("AU", "half_away")).toEqual([30, "line", [10, 10, 10]]);
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

test("numbers are written as people write them", () => {
  for (const [country, number] of [
    ["NL", "nl 1234.56.789.b01"],
    ["BE", "BE 0123.456.749"],
    ["BE", "BE 1012.345.678"],
    ["FR", "fr 7B 123-456-789"],
    ["AT", "ATU 123 456 78"],
    ["DE", "DE\u00a0129/273/398"],
    ["ES", "ES-X1234567L"],
    ["IE", "IE 1234567FA"],
    ["IE", "IE 1S23456L"],
    ["XI", "xi 123 4567 89"],
    ["XI", "XIGD123"],
  ] as const) {
    expect(isVatNumber(country, number), number).toBe(true);
  }
  for (const [country, number] of [
    ["NL", "NL123456789X01"], // the tenth is a B
    ["BE", "BE2123456789"],
    ["FR", "FRIO123456789"], // neither I nor O
    ["XI", "GB123456789"],
    ["GB", "GB123456789"], // left the union's area
    ["DE", "129273398"], // without its prefix
  ] as const) {
    expect(isVatNumber(country, number), number).toBe(false);
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
