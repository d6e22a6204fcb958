import { CsvError, type Options } from "csv-parse";
import { parse } from "csv-parse/sync";

/** A row of a CSV text with the line it begins on, or why that line is none, and from which field on. */
export type CsvRow =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly wrong: string; readonly field: number };

/** A file's first row, and all others. */
export type Sheet = {
  readonly heads: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly separator: Separator;
};

const separators = { comma: ",", semicolon: ";", tab: "\t" } as const;
export type Separator = keyof typeof separators;

/** What separates the fields is found out: what a first line `sep=;` says, else what makes most of the head. */
export function sheetOf(text: string): Sheet {
  const lines = text.replace(/^\uFEFF/, "").replace(/\r(?!\n)/g, "\n");
  const told = /^sep=([,;\t])\r?\n/i.exec(lines);
  // The lines keep their numbers.
  const body = told ? `\n${lines.slice(told[0].length)}` : lines;
  const names = Object.keys(separators) as Separator[];
  const bySize = names.toSorted((a, b) => headOf(body, b).length - headOf(body, a).length);
  const separator = names.find((name) => separators[name] === told?.[1]) ?? bySize[0] ?? "comma";
  const [head, ...rows] = csvRows(body, separator);
  const heads = head && "fields" in head ? head.fields : [];
  return { heads, rows, separator };
}

function headOf(text: string, separator: Separator): readonly string[] {
  try {
    const options = { ...optionsFor(separator), skip_records_with_empty_values: true, to: 1 };
    return parse(text, options)[0] ?? [];
  } catch (problem) {
    if (problem instanceof CsvError) return [];
    throw problem;
  }
}

function optionsFor(separator: Separator): Options {
  return {
    delimiter: separators[separator],
    // Told, since else the first line's end counts for all, and rows that end otherwise run together.
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    // Text that is separated by tabs is seldom quoted: 12" is twelve inches.
    relax_quotes: separator === "tab",
    trim: true,
  };
}

/**
 * Row by row, so that a row which is none costs itself alone: it ends with its line, and the next one
 * begins. Rows in which nothing stands are passed over. `text` has no carriage return but before a
 * line feed.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc4180
 */
export function* csvRows(text: string, separator: Separator = "comma"): Generator<CsvRow> {
  const bytes = Buffer.from(text);
  let at = 0;
  let line = 1;
  while (at < bytes.length) {
    const { rows, end, error } = rowsUntilError(bytes.subarray(at), separator, line);
    yield* rows;
    line += linesIn(bytes.subarray(at, at + end));
    at += end;
    if (error === undefined) return;
    yield { line, wrong: sentenceOf(error), field: Number(error.column ?? 0) };
    const lineEnd = bytes.indexOf("\n", at);
    at = lineEnd === -1 ? bytes.length : lineEnd + 1;
    line += 1;
  }
}

/** All rows before the first that is none; `end` is how many bytes they have. */
function rowsUntilError(bytes: Buffer, separator: Separator, firstLine: number) {
  const rows: CsvRow[] = [];
  let line = firstLine;
  let end = 0;
  try {
    parse(bytes, {
      ...optionsFor(separator),
      on_record: (fields: string[], context) => {
        if (fields.some((field) => field !== "")) rows.push({ line, fields });
        line += linesIn(bytes.subarray(end, context.bytes));
        end = context.bytes;
        return null;
      },
    });
    return { rows, end, error: undefined };
  } catch (error) {
    if (error instanceof CsvError) return { rows, end, error };
    throw error;
  }
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

const BEHIND_QUOTE = "a quote is out of place: behind a closing one the field has to end";
const sentences: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened here and never closed",
  CSV_INVALID_CLOSING_QUOTE: BEHIND_QUOTE,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: BEHIND_QUOTE,
  INVALID_OPENING_QUOTE: "a quote is out of place: a field that has one is quoted as a whole",
};

function sentenceOf({ code, message }: CsvError): string {
  return sentences[code] ?? message;
}
