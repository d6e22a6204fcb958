import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { quietEnv, root } from "../machine/platform.ts";
import { table } from "../machine/table.ts";

/** A tier is a list of commands, or one project of vitest.config.ts. They run in this order. */
export type Tier =
  | { readonly name: string; readonly commands: readonly string[] }
  | {
      readonly name: string;
      readonly project: string;
      /** Only these of the project's files. */
      readonly files?: readonly string[];
      /** Asks the project for another volume. */
      readonly env?: Readonly<Record<string, string>>;
    };

const checks: readonly Tier[] = [
  { name: "lint", commands: ["biome check ."] },
  {
    name: "types",
    commands: [
      "wrangler types worker-configuration.d.ts --strict-vars=false",
      "tsc --noEmit",
      "tsc --noEmit -p workers/storefront",
    ],
  },
  { name: "unused", commands: ["knip"] },
];
const unit: Tier = { name: "unit", project: "unit" };

/** `npm run check`: what is quick. */
export const quickTiers: readonly Tier[] = [...checks, unit];

/** `npm test`: everything. */
export const allTiers: readonly Tier[] = [
  ...quickTiers,
  { name: "faults", project: "faults" },
  { name: "model", project: "model" },
  { name: "workerd", project: "workerd" },
  { name: "guards", project: "guards" },
  { name: "hyperdrive", project: "hyperdrive" },
  { name: "simulators", project: "simulators" },
  { name: "stories", project: "stories" },
  { name: "browser", project: "browser" },
  { name: "kills", project: "kills" },
];

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };
export type Result = { readonly tier: Tier; readonly ok: boolean; readonly tookMs: number } & {
  /** Undefined where a tier is no tests but a check. */
  readonly counts: Counts | undefined;
};

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

/**
 * Runs every tier, whatever failed before it, and says at the end what each did and took. Tiers of
 * one lane run one after the other, lanes beside each other.
 */
export async function runTiers(
  lanes: readonly (readonly Tier[])[],
  report?: (results: readonly Result[]) => Promise<void>,
): Promise<never> {
  const results = (await Promise.all(lanes.map(runLane))).flat();
  console.log(`\n${resultTable(results)}\n`);
  await report?.(results);
  const failed = results.filter(({ ok }) => !ok).map(({ tier }) => tier.name);
  if (failed.length > 0) console.log(`Failed: ${failed.join("; ")}.`);
  console.log(summary(results.map(({ counts }) => counts ?? NOTHING)));
  process.exit(failed.length === 0 ? 0 : 1);
}

async function runLane(tiers: readonly Tier[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const tier of tiers) {
    console.log(`\n── ${tier.name} ──`);
    results.push(await runTier(tier));
  }
  return results;
}

async function runTier(tier: Tier): Promise<Result> {
  const startedMs = performance.now();
  const { ok, counts } = "project" in tier ? await runProject(tier) : await runChecks(tier);
  return { tier, ok, counts, tookMs: performance.now() - startedMs };
}

async function runChecks(tier: { commands: readonly string[] }) {
  for (const command of tier.commands) {
    if (!(await run(command.split(" ")))) return { ok: false, counts: undefined };
  }
  return { ok: true, counts: undefined };
}

/** Where a tier of tests says what it did: two tiers may run one project. */
export function reportPath({ name }: Tier): string {
  return join(root, ".tender/reports", `${name.replaceAll(/[^a-z0-9]+/gi, "-")}.json`);
}

async function runProject(tier: Extract<Tier, { project: string }>) {
  const { project, files = [], env = {} } = tier;
  const report = reportPath(tier);
  await mkdir(dirname(report), { recursive: true });
  await rm(report, { force: true }); // an old report must not speak for this run
  const command = ["vitest", "run", "--project", project];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const ended = await run([...command, ...files, ...reporters], env);
  const counts = await readFile(report, "utf8").then(countsOf, () => undefined);
  if (!counts) {
    console.error(`The tier "${project}" left no report: it counts as a failure.`);
    return { ok: false, counts: { ...NOTHING, failed: 1 } };
  }
  const ok = ended && counts.failed === 0;
  // Something beside the tests failed, such as an unhandled rejection: no "0 failed" for that.
  return { ok, counts: ok || counts.failed > 0 ? counts : { ...counts, failed: 1 } };
}

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
};

/** Counts a vitest JSON report. A file that could not even be loaded is one failure. */
export function countsOf(json: string): Counts {
  const report = JSON.parse(json) as VitestReport;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The last line of every run, for people and for machines. */
export function summary(counts: readonly Counts[]): string {
  const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
  const skipped = sum("skipped");
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

export function resultTable(results: readonly Result[]): string {
  const rows = results.map(({ tier, ok, counts, tookMs }) => [
    tier.name,
    ok ? "ok" : "FAILED",
    counts ? summary([counts]) : "",
    `${(tookMs / 1000).toFixed(1)} s`,
  ]);
  return table([["tier", "result", "tests", "time"], ...rows]);
}

/** True when the command ended with 0. Its output goes straight to the terminal. */
function run(
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const path = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
  const child = spawn(command, args, {
    cwd: root,
    env: quietEnv({ PATH: path, ...env }),
    stdio: "inherit",
  });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(false);
    });
    child.once("exit", (code) => resolve(code === 0));
  });
}
