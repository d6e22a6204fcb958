import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeMachine } from "./machine.ts";
import {
  type Bench,
  oneClient,
  openLoopWithProvider,
  syncsPerSale,
  throughput,
  warmUp,
} from "./measure.ts";
import { asMarkdown, asTable, budgetRows, type Results } from "./report.ts";
import { TenderSales } from "./sales.ts";
import { startWorlds } from "./worlds.ts";

const RESULTS = join(import.meta.dirname, "results");

async function measure(bench: Bench): Promise<Results> {
  await said("warming up", () => warmUp(bench));
  return {
    at: new Date().toISOString(),
    machine: describeMachine(),
    oneClient: await said("one client", () => oneClient(bench)),
    closedLoops: [
      await said("16 clients", () => throughput(bench, 16)),
      await said("64 clients", () => throughput(bench, 64)),
    ],
    openLoop: await said("20 sales a second", () => openLoopWithProvider(bench)),
    syncsPerSale: await said("syncs", () => syncsPerSale(bench)),
  };
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
    console.log(`\n${asTable(budgetRows(results))}\n\nWritten to ${path}.md`);
  } finally {
    await worlds.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
