import { mkdir, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "./platform.ts";
import { proofTiers, type Result, resultTable, runTiers } from "./tiers.ts";

// `npm run proof`: full volumes, up to an hour. Its report is dated, and committed.
const GIB = 1024 ** 3;

await runTiers(proofTiers, async (results) => {
  const now = new Date();
  const folder = join(root, "docs/proof");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${now.toISOString().slice(0, 10)}.md`);
  await writeFile(file, reportOf(results, now));
  console.log(`Written to ${file}`);
});

function reportOf(results: readonly Result[], now: Date): string {
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
    "Each tier ends with the auditor over all invariants: no violation, nothing unfinished within 60 s.",
    "",
  ].join("\n");
}
