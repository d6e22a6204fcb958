import { expect, test } from "vitest";
import { Sku } from "./ids.ts";
import { PromotionCode, promotionCodeOf } from "./promotion.ts";

test.each([
  ["M8/20"],
  ["R&D-7"],
  ["a|b"],
  ["#4711"],
  ["USB-C+"],
  ["Größe L"],
  ["部品 12"],
  ["50%"],
  ["a b/c & d|e#f+g"],
  ["é".repeat(64)],
  ["🇩🇪".repeat(16)],
])("%s is a SKU", (sku) => {
  expect(Sku.parse(sku)).toBe(sku);
});

test.each([
  ["nothing", ""],
  ["blanks around", " mug"],
  ["a blank at its end", "mug "],
  ["a new line", "mug\nlamp"],
  ["a zero-width character", "mu\u200bg"],
  ["half a character", "mug\ud83d"],
  ["65 characters", "x".repeat(65)],
  ["a path's own dots", ".."],
])("a SKU with %s is refused", (_name, sku) => {
  expect(Sku.safeParse(sku).success).toBe(false);
});

test("one SKU is one, however its accents are composed", () => {
  expect(Sku.parse("Gro\u0308\u00dfe")).toBe(Sku.parse("Größe"));
});

/** Source: Unicode's case folding, https://www.unicode.org/Public/UCD/latest/ucd/CaseFolding.txt */
test.each([
  ["straße", "STRASSE"],
  ["STRAẞE", "STRASSE"],
  ["été", "ÉTÉ"],
  ["e\u0301te\u0301", "ÉTÉ"],
  ["λόγος", "ΛΌΓΟΣ"],
  ["летo", "ЛЕТO"],
  ["20%off+", "20%OFF+"],
  [" spring-1 ", "SPRING-1"],
  ["夏セール", "夏セール"],
])("the code %s is kept and compared as %s", (written, code) => {
  expect(promotionCodeOf(written)).toBe(code);
  expect(PromotionCode.parse(code)).toBe(code);
});

test.each([[""], ["a b"], ["<b>"], ["x".repeat(41)]])("%j is no code", (written) => {
  expect(promotionCodeOf(written)).toBeUndefined();
});
