import { expect, test } from "vitest";
import { capabilityRows } from "./method-capabilities.ts";

const YEAR_MS = 365 * 86_400_000;

/** Rows that were written, or compared anew, more than a year before. */
function staleRows(nowMs: number): readonly string[] {
  return capabilityRows
    .filter(({ source }) => nowMs - Date.parse(source.writtenOn) > YEAR_MS)
    .map(
      ({ name, source }) =>
        `${name}: written on ${source.writtenOn}, see ${source.pages.join(" ")}`,
    );
}

test("each row of what providers can do is from within the last year", () => {
  expect(staleRows(Date.now())).toEqual([]);
});

test("a row that is older is named, with the pages to read again", () => {
  const [row] = capabilityRows;
  const { writtenOn = "", pages = [] } = row?.source ?? {};
  const stale = staleRows(Date.parse(writtenOn) + YEAR_MS + 1);
  expect(stale).toContain(`${row?.name}: written on ${writtenOn}, see ${pages.join(" ")}`);
});

test("each row names pages of its provider and a day", () => {
  expect(capabilityRows).toHaveLength(10);
  for (const { name, source } of capabilityRows) {
    expect(source.pages.length, name).toBeGreaterThan(0);
    for (const page of source.pages) expect(URL.canParse(page), page).toBe(true);
    expect(source.writtenOn, name).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
});
