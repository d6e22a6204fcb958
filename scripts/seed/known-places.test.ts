import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { customsExceptions } from "../../pricing/customs/customs-territories.ts";
import { territories } from "../../pricing/tax/territories.ts";
import { knownPlaces } from "./known-places.ts";

const page = await readFile("docs/pricing.md", "utf8");

test("the table of countries in docs/pricing.md is what the code knows: npm run known-places", () => {
  expect(page).toContain(`<!-- known places -->\n${knownPlaces()}\n<!-- end -->`);
});

test("every territory that is taxed or declared apart stands in the page, with what is not known", () => {
  const names = [...territories, ...customsExceptions].map(({ name }) => name);
  expect([...new Set(names)].filter((name) => !page.includes(name))).toEqual([]);
});
