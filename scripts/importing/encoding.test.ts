import { expect, test } from "vitest";
import { decoded } from "./encoding.ts";

const TEXT = "sku;name\nmug;Große Tasse für 5 €, „fein“\n";

function utf16(text: string, { swapped = false, mark = false } = {}): Uint8Array {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, "utf16le");
  return swapped ? bytes.swap16() : bytes;
}

/** Source: https://encoding.spec.whatwg.org/index-windows-1252.txt */
function windows1252(text: string): Uint8Array {
  const special: Readonly<Record<string, number>> = { "€": 0x80, "„": 0x84, "“": 0x93 };
  return Uint8Array.from(text, (letter) => special[letter] ?? letter.charCodeAt(0));
}

test.each([
  ["UTF-8", Buffer.from(TEXT)],
  ["UTF-8", Buffer.from(`\uFEFF${TEXT}`)],
  ["UTF-16", utf16(TEXT, { mark: true })],
  ["UTF-16", utf16(TEXT, { mark: true, swapped: true })],
  ["UTF-16", utf16(TEXT)],
  ["UTF-16", utf16(TEXT, { swapped: true })],
  ["Windows-1252", windows1252(TEXT)],
])("%s is found out", (encoding, bytes) => {
  expect(decoded(bytes)).toEqual({ encoding, text: TEXT });
});

test("UTF-8 that is broken in one place stays UTF-8, and shows the place", () => {
  const bytes = Buffer.concat([Buffer.from(TEXT), Buffer.from([0x70, 0xe4, 0x6e, 0x0a])]);
  expect(decoded(bytes)).toEqual({ encoding: "UTF-8", text: `${TEXT}p\uFFFDn\n` });
});

test("an encoding that is told counts, and one that nobody knows is refused", () => {
  const bytes = Uint8Array.from([0x9e, 0xf8]);
  expect(decoded(bytes, "windows-1250")).toEqual({ encoding: "windows-1250", text: "žř" });
  expect(() => decoded(bytes, "klingon")).toThrow(RangeError);
});
