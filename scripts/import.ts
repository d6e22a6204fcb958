import { readFile, rm, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { bar, Progress } from "./importing/import-progress.ts";
import { productsInCsv, productsInJson, type Rejected } from "./importing/import-rows.ts";
import { batchesOf, sendAll } from "./importing/import-send.ts";
import { shopKeys } from "./machine/local-keys.ts";
import { fail } from "./machine/platform.ts";

// `npm run import -- products.csv`: stores every good row of a CSV or JSON file in the catalogue, and
// tells of each bad one. Broken off it goes on where it was; done again it changes nothing.

const USAGE =
  "npm run import -- products.csv|products.json [--url http://127.0.0.1:8787] [--report FILE]\n" +
  "The operator's key comes from TENDER_OPERATOR_KEY; without it, it is the local one.";
const SHOWN_MAX = 20; // enough to see what is wrong with the file

type Options = { readonly file: string; readonly url: string; readonly report: string };

function optionsFrom(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: "string", default: "http://127.0.0.1:8787" },
      report: { type: "string" },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0 || !URL.canParse(values.url)) throw new Error(USAGE);
  const url = values.url.replace(/\/+$/, "");
  return { file, url, report: values.report ?? `${file}.rejected.csv` };
}

async function run({ file, url, report }: Options): Promise<readonly Rejected[]> {
  const text = await readFile(file, "utf8");
  const rows = file.endsWith(".json") ? productsInJson(text) : productsInCsv(text);
  const batches = batchesOf(rows.good);
  const progress = await Progress.of(file, text, url);
  if (progress.done > 0) console.error("Going on where the last import of this file stopped.");
  const show = () => {
    const done = batches.slice(0, progress.done).reduce((sum, batch) => sum + batch.length, 0);
    draw(bar(done, rows.good.length, rows.bad.length + progress.bad.length));
  };
  const key = process.env.TENDER_OPERATOR_KEY ?? shopKeys.operator;
  show();
  await sendAll(
    { url, key, fetch },
    { batches, first: progress.done },
    {
      done: async (count, bad) => {
        await progress.keep(count, bad);
        show();
      },
    },
  );
  if (process.stderr.isTTY) process.stderr.write("\n");
  const rejected = [...rows.bad, ...progress.bad].toSorted((a, b) => a.line - b.line);
  await write(report, rejected);
  await progress.finish();
  return rejected;
}

/** Over itself on a terminal; a line each where it is kept. */
function draw(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
}

async function write(report: string, rejected: readonly Rejected[]): Promise<void> {
  if (rejected.length === 0) return rm(report, { force: true });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = rejected.map(({ line, sku, reason }) => `${line},${quoted(sku)},${quoted(reason)}`);
  await writeFile(report, `line,sku,reason\n${lines.join("\n")}\n`);
}

try {
  const options = optionsFrom(process.argv.slice(2));
  const rejected = await run(options);
  for (const { line, sku, reason } of rejected.slice(0, SHOWN_MAX)) {
    console.log(`line ${line} ${sku}: ${reason}`);
  }
  if (rejected.length === 0) console.log("Every row is stored.");
  else {
    console.log(`Not stored: ${rejected.length}, each with its reason in ${options.report}`);
    console.log("All others are stored.");
    process.exitCode = 1;
  }
} catch (problem) {
  fail(problem, 2);
}
