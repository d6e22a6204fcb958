import { readFile, rm, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { dryRun } from "./importing/dry-run.ts";
import { decoded } from "./importing/encoding.ts";
import { bar, Progress } from "./importing/import-progress.ts";
import { productsInCsv, productsInJson, type Rows } from "./importing/import-rows.ts";
import { batchesOf, sendAll, type Target } from "./importing/import-send.ts";
import { mappingFrom } from "./importing/mappings.ts";
import type { ImportTerms, Rejected } from "./importing/product-row.ts";
import { storedProducts } from "./importing/stored-products.ts";
import { shopKeys } from "./machine/local-keys.ts";
import { fail } from "./machine/platform.ts";

// `npm run import -- products.csv`: stores every good row of a CSV or JSON file in the catalogue, and
// tells of each bad one. Broken off it goes on where it was; done again it changes nothing.

const USAGE = [
  "npm run import -- products.csv|products.json [--dry-run] [--url http://127.0.0.1:8787]",
  "  [--map shopify|woocommerce|google-merchant|mapping.json|'sku=Variant SKU,name=Title,price=Price']",
  "  [--currency EUR] [--decimal point|comma] [--time-zone Europe/Berlin] [--encoding windows-1250]",
  "  [--report FILE]",
  "The operator's key comes from TENDER_OPERATOR_KEY; without it, it is the local one.",
].join("\n");
const SHOWN_MAX = 20; // enough to see what is wrong with the file

type Options = {
  readonly file: string;
  readonly url: string;
  readonly report: string;
  readonly map: string | undefined;
  readonly encoding: string | undefined;
  readonly isDry: boolean;
  readonly terms: ImportTerms;
};

function optionsFrom(args: readonly string[]): Options {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: "string", default: "http://127.0.0.1:8787" },
      "dry-run": { type: "boolean", default: false },
      ...{ report: text, map: text, currency: text, decimal: text, encoding: text },
      "time-zone": text,
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0 || !URL.canParse(values.url)) throw new Error(USAGE);
  const { map, encoding, currency, decimal, "time-zone": timeZone } = values;
  if (decimal !== undefined && decimal !== "point" && decimal !== "comma") throw new Error(USAGE);
  return {
    ...{ file, map, encoding, isDry: values["dry-run"], url: values.url.replace(/\/+$/, "") },
    report: values.report ?? `${file}.rejected.csv`,
    terms: {
      ...(currency && { currency: currency.toUpperCase() }),
      ...(decimal && { decimal }),
      ...(timeZone && { timeZone }),
    },
  };
}

async function run(options: Options): Promise<void> {
  const rows = await rowsOf(options);
  const { url, report } = options;
  const target = { url, key: process.env.TENDER_OPERATOR_KEY ?? shopKeys.operator, fetch };
  if (options.isDry) {
    const stored = await storedProducts(
      target,
      rows.good.map(({ product }) => product.sku),
    );
    console.log(dryRun(rows.good, rows.bad, stored));
    if (rows.bad.length > 0) process.exitCode = 1;
    return;
  }
  const rejected = await store(rows, options.file, target);
  await write(report, rejected);
  tell(rejected, report);
}

/** Says on the way what was found out of the file. */
async function rowsOf({ file, map, encoding, terms }: Options): Promise<Rows> {
  const read = decoded(await readFile(file), encoding);
  const mapping = await mappingFrom(map);
  const rows = /\.json$/i.test(file)
    ? productsInJson(read.text, terms)
    : productsInCsv(read.text, mapping, terms);
  console.error(`${file}: ${[read.encoding, ...rows.found].join("; ")}.`);
  return rows;
}

async function store(rows: Rows, file: string, target: Target): Promise<readonly Rejected[]> {
  const batches = batchesOf(rows.good);
  const progress = await Progress.of(file, JSON.stringify(rows.good), target.url);
  if (progress.done > 0) console.error("Going on where the last import of this file stopped.");
  const show = () => {
    const done = batches.slice(0, progress.done).reduce((sum, batch) => sum + batch.length, 0);
    draw(bar(done, rows.good.length, rows.bad.length + progress.bad.length));
  };
  show();
  await sendAll(
    target,
    { batches, first: progress.done },
    {
      done: async (count, bad) => {
        await progress.keep(count, bad);
        show();
      },
    },
  );
  if (process.stderr.isTTY) process.stderr.write("\n");
  await progress.finish();
  return [...rows.bad, ...progress.bad].toSorted((a, b) => a.line - b.line);
}

/** Over itself on a terminal; a line each where it is kept. */
function draw(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
}

async function write(report: string, rejected: readonly Rejected[]): Promise<void> {
  if (rejected.length === 0) return rm(report, { force: true });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = rejected.map(({ line, column, sku, reason }) =>
    [line, quoted(column), quoted(sku), quoted(reason)].join(","),
  );
  await writeFile(report, `line,column,sku,reason\n${lines.join("\n")}\n`);
}

function tell(rejected: readonly Rejected[], report: string): void {
  for (const { line, column, sku, reason } of rejected.slice(0, SHOWN_MAX)) {
    const where = column === "" ? "" : `, column ${column}`;
    console.log(`line ${line}${where}${sku === "" ? "" : `, SKU ${sku}`}: ${reason}`);
  }
  if (rejected.length === 0) console.log("Every row is stored.");
  else {
    console.log(`Not stored: ${rejected.length}, each with its reason in ${report}`);
    console.log("All others are stored.");
    process.exitCode = 1;
  }
}

try {
  await run(optionsFrom(process.argv.slice(2)));
} catch (problem) {
  fail(problem, 2);
}
