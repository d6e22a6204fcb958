import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeMachine, othersOnMachine } from "./machine.ts";
import {
  type Bench,
  cpuPerSale,
  oneClient,
  openLoopWithProvider,
  syncsPerSale,
  throughput,
  warmUp,
} from "./measure.ts";
import { asMarkdown, asTable, budgetRows, type Results } from "./report.ts";
import { TenderSales } from "./sales.ts";
import { startWorlds } from "./worlds.ts";

const OTHERS_SHARE_MAX = 0.1; // more than this moves every number by as much
const SPOILT =
  "Other processes took more than a tenth of this machine meanwhile: measure again when it is quiet.";
const RESULTS = join(import.meta.dirname, "results");

async function measure(bench: Bench): Promise<Results> {
  await said("warming up", () => warmUp(bench));
  const others = othersOnMachine(bench.worlds.pids);
  const results = {
    at: new Date().toISOString(),
    machine: describeMachine(),
    oneClient: await said("one client", () => oneClient(bench)),
    sixteen: await said("16 clients", () => cpuPerSale(bench, () => throughput(bench, 16, 2))),
    sixtyFour: await said("64 clients", () => throughput(bench, 64, 1)),
    openLoop: await said("20 sales a second", () =>
      cpuPerSale(bench, () => openLoopWithProvider(bench)),
    ),
    syncsPerSale: await said("syncs", () => syncsPerSale(bench)),
  };
  return { ...results, othersShare: others.share() };
}

async function said<T>(what: string, work: () => Promise<T>): Promise<T> {
  console.log(`… ${what}`);
  return work();
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tender-bench-"));
  const worlds = await startWorlds(folder);
  try {
    const results = await measure({ worlds, tender: new TenderSales(worlds) });
    await mkdir(RESULTS, { recursive: true });
    const path = join(RESULTS, results.at.slice(0, 10));
    await writeFile(`${path}.md`, asMarkdown(results));
    await writeFile(`${path}.json`, `${JSON.stringify(results, null, 2)}\n`);
    if ((results.othersShare ?? 0) > OTHERS_SHARE_MAX) console.warn(SPOILT);
    console.log(`\n${asTable(budgetRows(results))}\n\nWritten to ${path}.md`);
  } finally {
    await worlds.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
