import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "./platform.ts";
import { proofLanes, type Result, reportPath, resultTable, runTiers } from "./tiers.ts";

// `npm run proof`: full volumes, up to an hour. Its report is dated, and committed.
const GIB = 1024 ** 3;

await runTiers(proofLanes, async (results) => {
  const now = new Date();
  const folder = join(root, "docs/proof");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${now.toISOString().slice(0, 10)}.md`);
  const facts = await Promise.all(results.map(factsOf));
  await writeFile(file, reportOf(results, facts, now));
  console.log(`Written to ${file}`);
});

/** What the tests of a tier say of themselves: seeds, volumes, how often faults struck. */
async function factsOf({ tier }: Result): Promise<string> {
  if (!("project" in tier)) return "";
  const json = await readFile(reportPath(tier), "utf8");
  const { testResults } = JSON.parse(json) as {
    testResults: { assertionResults: { title: string; meta?: object }[] }[];
  };
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ title, meta }) => `- ${title}\n  ${JSON.stringify(meta ?? {})}`)
    .join("\n");
}

function reportOf(results: readonly Result[], facts: readonly string[], now: Date): string {
  const processors = cpus();
  const machine = [
    `${processors.length} × ${processors[0]?.model ?? "unknown processor"}`,
    `${Math.round(totalmem() / GIB)} GiB`,
    `${process.platform} ${release()}`,
    `Node ${process.version}`,
  ];
  return [
    `# Proof of ${now.toISOString()}`,
    "",
    `Machine: ${machine.join(", ")}.`,
    "",
    "```",
    resultTable(results),
    "```",
    "",
    ...facts,
    "",
    "Each tier of kills ends with the auditor over all invariants: no violation, nothing unfinished within 60 s.",
    "",
  ].join("\n");
}
