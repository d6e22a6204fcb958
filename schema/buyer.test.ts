import { expect, test } from "vitest";
import { LineNote, OrderNote } from "./buyer.ts";

test.each([
  ["a letter", "a"],
  ["an accented letter", "e\u0301"],
  ["a family", "👨‍👩‍👧‍👦"],
  ["a flag", "🇩🇪"],
])("%s counts as one character of a note", (_name, character) => {
  const fits = character.length <= 8 ? 500 : Math.floor((8 * 500) / character.length);
  expect(LineNote.safeParse(character.repeat(fits)).success).toBe(true);
  expect(LineNote.safeParse(character.repeat(501)).success).toBe(false);
});

test("a note that piles marks on its characters without end is refused", () => {
  expect(OrderNote.safeParse("\u0301".repeat(8001)).success).toBe(false);
});
