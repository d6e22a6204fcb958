import * as z from "zod";

/** What no text of ours needs, however many marks stand on its characters. */
const UNITS_PER_CHARACTER = 8;
const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Text of up to so many characters as people count them: a flag or an accented letter is one. */
export const textUpTo = (max: number) =>
  z
    .string()
    .max(max * UNITS_PER_CHARACTER)
    .refine((text) => lengthOf(text) <= max, `longer than ${max} characters`);

/** The same, with more than blanks in it. */
export const filledTextUpTo = (max: number) =>
  textUpTo(max).refine((text) => text.trim() !== "", "it is empty");

function lengthOf(text: string): number {
  return [...characters.segment(text)].length;
}
