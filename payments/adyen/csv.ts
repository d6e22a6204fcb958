/**
 * The rows of a CSV text: fields in quotes may hold commas, line breaks and doubled quotes; lines
 * end in LF or CRLF; a byte order mark and empty lines are passed over.
 *
 * Throws: when a quote stands where none may, or is never closed: nothing of such a file is believed.
 * Source: https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let end = text.startsWith("\uFEFF") ? 1 : 0;
  while (end < text.length) {
    FIELD.lastIndex = end;
    const [whole = "", quoted, plain, stop] = FIELD.exec(text) ?? [];
    if (stop === undefined) throw new Error(`No CSV: a quote is out of place at ${end}`);
    end += whole.length;
    row.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (stop === "," && end < text.length) continue;
    if (stop === ",") row.push(""); // the last field of the file is empty
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** One field and what ends it: a comma, a line's end, or the file's. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;
