import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "../scripts/machine/platform.ts";
import { type Build, checkOut, thisBuild } from "./builds.ts";
import { billPerMillion, usagePerSale } from "./costs/costs.ts";
import { bareFigures, failuresIn, figuresOf } from "./figures.ts";
import { type BenchFlags, parseBenchFlags } from "./flags.ts";
import { fill, VOLUMES, type Volumes } from "./grown.ts";
import { describeMachine, othersOnMachine, ownWorkerds } from "./machine.ts";
import {
  type Bench,
  oneClient,
  sixteenClients,
  syncsPerSale,
  twoCalls,
  warmUp,
} from "./measure.ts";
import { heapAfter } from "./profile/heap.ts";
import { asMarkdown, asText, type Results } from "./report.ts";
import { startBare, startSide } from "./sides.ts";

const OTHERS_SHARE_MAX = 0.1; // more than this moves every number by as much
const SPOILT =
  "Other processes took more than a tenth of this machine meanwhile: measure again when it is quiet.";
const RESULTS = join(import.meta.dirname, "results");
const HEAP_SALES = 1_000;
const HEAP_SALES_SHORT = 100;
const HEAP_SALES_LONG = 10_000;
const AGAIN = "this, again"; // the same build beside itself: what two figures differ by for no reason

async function main(flags: BenchFlags): Promise<void> {
  const startedMs = performance.now();
  const folder = await mkdtemp(join(tmpdir(), "tender-bench-"));
  const other = flags.against === undefined ? undefined : await checkOut(flags.against);
  try {
    const results = await measureAll(flags, folder, other && (await other.build()));
    const tookSeconds = (performance.now() - startedMs) / 1000;
    await write({ ...results, tookSeconds });
  } finally {
    await other?.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureAll(flags: BenchFlags, folder: string, other: Build | undefined) {
  // First what is short: a mistake of its own must not cost the long rounds.
  const usage = await said("what a sale uses", () =>
    usagePerSale(thisBuild("counted"), folder, flags.seconds * 1000),
  );
  const measured = await measureSides(flags, folder, other);
  const heapCounts = flags.heap
    ? [HEAP_SALES, HEAP_SALES_LONG]
    : [flags.seconds < 10 ? HEAP_SALES_SHORT : HEAP_SALES];
  const heap = await said("heap", () => heapAfter(thisBuild(), folder, heapCounts));
  // Upper bound: the whole process, while the time of objects is billed by duration instead.
  const cpuMs = measured.sides[0]?.figures.payCpuMs ?? Number.NaN;
  return { ...measured, heap, bill: billPerMillion({ ...usage, cpuMs }) };
}

async function measureSides(flags: BenchFlags, folder: string, other: Build | undefined) {
  const { rounds, seconds } = flags;
  const builds = [
    { name: "this", build: thisBuild() },
    { name: AGAIN, build: thisBuild() },
    ...(other ? [{ name: other.name, build: other }] : []),
    ...(flags.grown ? [{ name: "grown", build: thisBuild() }] : []),
  ];
  const sides = [];
  for (const { name, build } of builds) {
    sides.push(await said(`starting ${name}`, () => startSide(name, build, { folder })));
  }
  const bare = await startBare(folder, sides[0]?.simulatorUrl ?? "");
  const bench: Bench = { sides, bare, rounds, seconds };
  const stops = [...sides, bare].map(({ stop }) => stop);
  try {
    const grown = sides.find(({ name }) => name === "grown");
    const say = (what: string) => console.log(`… storing ${what}`);
    const merchant = grown && (await fill(grown, volumesFor(seconds), say));
    stops.push(async () => merchant?.stop());
    await said("warming up", () => warmUp(bench));
    return { rounds, seconds, other: kindOf(flags), ...(await measured(bench)) };
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}

/** A short run only shows that it works. */
const SHORT_S = 10;
const isShort = (seconds: number) => seconds < SHORT_S;

function volumesFor(seconds: number): Volumes {
  if (!isShort(seconds)) return VOLUMES;
  const hundredth = Object.entries(VOLUMES).map(([what, count]) => [what, count / 100]);
  return Object.fromEntries(hundredth) as Volumes;
}

const kindOf = ({ against, grown }: BenchFlags): Results["other"] =>
  grown ? "grown" : against === undefined ? undefined : "commit";

async function measured(bench: Bench) {
  const others = othersOnMachine(ownWorkerds());
  const one = await said("one client", () => oneClient(bench));
  const sixteen = await said("16 clients", () => sixteenClients(bench));
  const bare = bareFigures(one, sixteen);
  const perSecond = bare.sellingPerSecond / 3;
  const two = await said(
    `create, then pay: ${perSecond.toFixed(1)} a second, then 64 shoppers`,
    () => twoCalls(bench, perSecond),
  );
  const syncs = await said("syncs", () => syncsPerSale(bench));
  const all = { one, sixteen, two, syncs };
  return {
    ...{ at: new Date().toISOString(), machine: describeMachine(), othersShare: others.share() },
    ...{ perSecond, bare, failures: failuresIn(all) },
    sides: bench.sides.map(({ name }) => ({ name, figures: figuresOf(name, all) })),
  };
}

async function said<T>(what: string, work: () => Promise<T>): Promise<T> {
  console.log(`… ${what}`);
  return work();
}

async function write(results: Results): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const path = join(RESULTS, results.at.slice(0, 16).replace(":", "-"));
  await writeFile(`${path}.md`, asMarkdown(results));
  await writeFile(`${path}.json`, `${JSON.stringify(results, null, 2)}\n`);
  console.log(
    `\n${asText(results)}\n\nWritten to ${path}.md, after ${results.tookSeconds.toFixed(0)} s`,
  );
  if ((results.othersShare ?? 0) > OTHERS_SHARE_MAX) console.warn(SPOILT);
}

try {
  await main(parseBenchFlags(process.argv.slice(2)));
} catch (error) {
  fail(error instanceof Error ? (error.stack ?? error.message) : error, 1);
}
