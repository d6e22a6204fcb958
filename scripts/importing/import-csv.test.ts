import { expect, test } from "vitest";
import { csvRows, sheetOf } from "./import-csv.ts";

test("a row that is no CSV costs itself alone", () => {
  const text = 'a,b\r\n"x ""y""","two\nlines"\nbro"ken,1\n\nlast,\n';
  expect([...csvRows(text)]).toEqual([
    { line: 1, fields: ["a", "b"] },
    { line: 2, fields: ['x "y"', "two\nlines"] },
    { line: 4, field: 0, wrong: expect.stringContaining("a quote is out of place") },
    { line: 6, fields: ["last", ""] },
  ]);
});

test("a quote that is never closed does not swallow the rows after it", () => {
  expect([...csvRows('a,b\nx,"open\nb,c\nc,d')]).toEqual([
    { line: 1, fields: ["a", "b"] },
    { line: 2, field: 1, wrong: "a quote is opened here and never closed" },
    { line: 3, fields: ["b", "c"] },
    { line: 4, fields: ["c", "d"] },
  ]);
});

test("behind a closing quote the field ends, blanks apart", () => {
  expect([...csvRows('a, "b" ,c\n"Blue" mug,1,2\nd,"e"f,2\n')]).toEqual([
    { line: 1, fields: ["a", "b", "c"] },
    { line: 2, field: 0, wrong: expect.stringContaining("the field has to end") },
    { line: 3, field: 1, wrong: expect.stringContaining("the field has to end") },
  ]);
});

test("lines may end in three ways, in one file too, and each is counted once", () => {
  expect([...csvRows("a,b\r\n1,2\n3,4\r\n")].map((row) => row.line)).toEqual([1, 2, 3]);
  expect(sheetOf("a;b\r1;2\r3;4").rows).toEqual([
    { line: 2, fields: ["1", "2"] },
    { line: 3, fields: ["3", "4"] },
  ]);
});

test.each([
  ["comma", "sku,name,price\na,b,c"],
  ["semicolon", '\uFEFFsku;"name, of it";price\na;b;1,5'],
  ["tab", "sku\tname, short\tprice; net\na\tb\tc"],
  ["comma", '"sku;old","name;new"\na,b'],
  ["semicolon", "sep=;\nsku,name;price\na;b"],
  ["comma", "sku\na"],
])("a %s is found out", (separator, text) => {
  expect(sheetOf(text).separator).toBe(separator);
});

test("text separated by tabs has quotes that mean inches", () => {
  const { heads, rows } = sheetOf('id\ttitle\n1\t24" screen\n2\t"quoted\there"\n');
  expect(heads).toEqual(["id", "title"]);
  expect(rows).toMatchObject([{ fields: ["1", '24" screen'] }, { fields: ["2", "quoted\there"] }]);
});

test("a line sep=; keeps the numbers of those behind it", () => {
  expect(sheetOf("sep=;\r\nsku;name\r\na;b\r\n").rows).toEqual([{ line: 3, fields: ["a", "b"] }]);
});
