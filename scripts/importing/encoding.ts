/** A file's text, and the encoding that it was read in. */
export type Decoded = { readonly text: string; readonly encoding: string };

/** What stands in a text for bytes that are none of its encoding's. */
export const UNREADABLE = "\uFFFD";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/;
export const HOW_TO_MEND = "a character in it cannot be read: save the file anew as UTF-8";

/** No byte of it was lost, and none became a control character by a wrong encoding. */
export function isReadable(text: string): boolean {
  return !text.includes(UNREADABLE) && !CONTROL.test(text);
}

/**
 * Reads UTF-8, UTF-16 and Windows-1252, with a byte order mark or without. Where UTF-8 is broken in
 * a few places, these read as `UNREADABLE`: who reads the rows refuses those that have it.
 *
 * Throws: RangeError for an encoding that nobody knows.
 * Source: https://encoding.spec.whatwg.org/
 */
export function decoded(bytes: Uint8Array, told?: string): Decoded {
  const encoding = told === undefined ? encodingOf(bytes) : new TextDecoder(told).encoding;
  return { text: new TextDecoder(encoding).decode(bytes), encoding: nameOf(encoding) };
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return utf16Of(bytes.subarray(0, 4096)) ?? (isUtf8(bytes) ? "utf-8" : "windows-1252");
}

/** Without a mark: every other byte of what is mostly Latin letters is zero. */
function utf16Of(bytes: Uint8Array): string | undefined {
  const zeros = (odd: number) => bytes.filter((byte, at) => byte === 0 && at % 2 === odd).length;
  const many = bytes.length / 8;
  if (zeros(1) > many && zeros(0) === 0) return "utf-16le";
  return zeros(0) > many && zeros(1) === 0 ? "utf-16be" : undefined;
}

/**
 * Whole, or broken in fewer places than it has letters of two bytes and more: Windows-1252 has such
 * pairs as good as never ("Ã¤" is none's word), and its accented letters are all broken UTF-8.
 */
function isUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder("utf-8").decode(bytes);
  const broken = text.split(UNREADABLE).length - 1;
  if (broken === 0) return true;
  const others = [...text].filter((letter) => letter > "\u007F" && letter !== UNREADABLE).length;
  return others > broken;
}

const names: Readonly<Record<string, string>> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  "windows-1252": "Windows-1252",
};

function nameOf(encoding: string): string {
  return names[encoding] ?? encoding;
}
