import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { fail, root } from "./machine/platform.ts";
import { type Result, reportPath, resultTable, runTiers, type Tier } from "./tiers/tiers.ts";

/**
 * The volumes that a test run has no time for; their report is dated, and committed. What mostly waits, for time-outs and
 * outages to pass, runs beside what computes.
 */
const proofLanes: readonly (readonly Tier[])[] = [
  [
    {
      name: "300 sales for each way in which a provider fails to answer",
      project: "stories",
      files: ["test/stories/provider-storms.test.ts"],
      env: { SALES_PER_FAULT: "300" },
    },
    {
      name: "300 sales in ten minutes without each provider",
      project: "stories",
      files: ["test/stories/stripe-outage.test.ts", "test/stories/adyen-outage.test.ts"],
      env: { SALES_PER_FAULT: "300", OUTAGE_MS: "600000" },
    },
    {
      name: "three minutes each without Postgres, with one that stands still, and without D1",
      project: "stories",
      files: ["test/stories/postgres.test.ts", "test/stories/d1.test.ts"],
      env: { OUTAGE_MS: "180000" },
    },
  ],
  [
    {
      name: "100,000 ordinary numbers of each kind, 100,000 cards in every spelling",
      project: "unit",
      files: ["workers/edge/gate/card-numbers.test.ts"],
      env: { NUMBERS: "100000" },
    },
    { name: "every state with two troubles", project: "model", env: { MODEL_TROUBLES: "2" } },
    { name: "20 kills, 400 sales", project: "kills", env: { KILLS: "20", SALES: "400" } },
    {
      name: "20 kills, 400 sales, orders in Postgres",
      project: "kills",
      env: { KILLS: "20", SALES: "400", STORE: "postgres" },
    },
    {
      name: "100,000 messages, 1,000,000 orders",
      project: "hyperdrive",
      env: { MESSAGES: "100000", ORDERS: "1000000" },
    },
  ],
];

const GIB = 1024 ** 3;

// `npm run proof` runs all tiers, `npm run proof -- kills messages` those with such a word in their names.
const words = process.argv.slice(2);
const isWanted = ({ name }: Tier) =>
  words.length === 0 || words.some((word) => name.includes(word));
const wanted = proofLanes.map((tiers) => tiers.filter(isWanted));
if (wanted.flat().length === 0)
  fail(`No tier of the proof has "${words.join('" or "')}" in its name.`, 2);

await runTiers(wanted, async (results) => {
  const now = new Date();
  const folder = join(root, "docs/proof");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${now.toISOString().slice(0, 10)}.md`);
  const facts = await Promise.all(results.map(factsOf));
  await appendFile(file, reportOf(results, facts, now)); // a day's runs stand one below the other
  console.log(`Written to ${file}`);
});

/** What the tests of a tier say of themselves: seeds, volumes, how often faults struck. */
async function factsOf({ tier, counts }: Result): Promise<string> {
  if (!("project" in tier)) return "";
  if (!existsSync(reportPath(tier)))
    return `- ${tier.name}: left no report, and counts as ${counts?.failed} failed`;
  const json = await readFile(reportPath(tier), "utf8");
  const { testResults } = JSON.parse(json) as {
    testResults: { assertionResults: { title: string; status: string; meta?: object }[] }[];
  };
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, meta = {} }) => status !== "passed" || Object.keys(meta).length > 0)
    .map(({ title, status, meta }) => `- ${status}: ${title}\n  ${JSON.stringify(meta)}`)
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
    "Kills, storms and outages end with the auditor over all invariants: no violation, nothing unfinished within the minute.",
    "",
  ].join("\n");
}
