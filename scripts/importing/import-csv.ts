/** A row of a CSV text with the line it begins on, or why that line is none. */
export type CsvRow =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly wrong: string };

/** One field and what ends it: a comma, a line's end, or the file's. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * Row by row, so that a row which is none costs itself alone: it ends with its line, and the next one
 * begins. Empty lines and a byte order mark are passed over.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc4180
 */
export function* csvRows(text: string): Generator<CsvRow> {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const row = rowAt(text, at);
    if (row.fields === undefined) yield { line, wrong: "a quote is out of place" };
    else if (row.fields.length > 1 || row.fields[0] !== "") yield { line, fields: row.fields };
    line += text.slice(at, row.end).split("\n").length - 1;
    at = row.end;
  }
}

function rowAt(text: string, start: number) {
  const fields: string[] = [];
  let end = start;
  for (;;) {
    FIELD.lastIndex = end;
    const [whole = "", quoted, plain, stop] = FIELD.exec(text) ?? [];
    if (stop === undefined) {
      const lineEnd = text.indexOf("\n", start);
      return { fields: undefined, end: lineEnd === -1 ? text.length : lineEnd + 1 };
    }
    end += whole.length;
    fields.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (stop !== ",") return { fields, end };
  }
}
