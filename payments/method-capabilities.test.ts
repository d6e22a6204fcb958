import { expect, test } from "vitest";
import { capabilityRows } from "./method-capabilities.ts";

const YEAR_MS = 365 * 86_400_000;

/** Rows that were last compared with their source more than a year before. */
function staleRows(nowMs: number): readonly string[] {
  return capabilityRows
    .filter(({ source }) => nowMs - Date.parse(source.readOn) > YEAR_MS)
    .map(({ name, source }) => `${name}: read on ${source.readOn}, see ${source.pages.join(" ")}`);
}

test("each row of what providers can do was compared with its source within the last year", () => {
  expect(staleRows(Date.now())).toEqual([]);
});

test("a row that is older is named, with the pages to read again", () => {
  const [row] = capabilityRows;
  const { readOn = "", pages = [] } = row?.source ?? {};
  const stale = staleRows(Date.parse(readOn) + YEAR_MS + 1);
  expect(stale).toContain(`${row?.name}: read on ${readOn}, see ${pages.join(" ")}`);
});

test("each row names pages of its provider and a day", () => {
  expect(capabilityRows).toHaveLength(8);
  for (const { name, source } of capabilityRows) {
    expect(source.pages.length, name).toBeGreaterThan(0);
    for (const page of source.pages) expect(URL.canParse(page), page).toBe(true);
    expect(source.readOn, name).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
});
