import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "../../scripts/building/bundle.ts";
import { fail, freePort } from "../../scripts/machine/platform.ts";
import { table } from "../../scripts/machine/table.ts";
import type { Counts } from "../../test/counting/counts.ts";
import { type Build, checkOut, thisBuild, type Variant } from "../builds.ts";
import { closedLoop, type Sell } from "../load.ts";
import { AS_IN_LIFE, AT_ONCE } from "../measure.ts";
import { providerIs } from "../sales.ts";
import { type Side, startSide } from "../sides.ts";
import { msByFile, type Profile } from "./cpu-by-file.ts";
import { inspect } from "./inspector.ts";

// `npm run bench:profile`: where the product's own isolate spends its time, file by file, and each SQL
// statement of a sale; created and paid in one call, then in two with webhooks. One client sells.

const WARM_SALES = 50;
const SALES_DEFAULT = "200";
const SAMPLE_US = 200;
const FILES_SHOWN = 30;

const ways = [
  {
    what: "one call, no webhooks",
    provider: AT_ONCE,
    sell: ({ sales }: Side): Sell => sales.sellInOneCall,
  },
  {
    what: "two calls, with webhooks",
    provider: { ...AS_IN_LIFE, authorizeMs: 0, captureMs: 0 },
    sell: ({ sales }: Side): Sell => sales.sellInTwoCalls,
  },
];
type Way = (typeof ways)[number];

async function sell(side: Side, way: Way, count: number): Promise<void> {
  await providerIs(side.simulatorUrl, way.provider);
  const end = side.sales.soldCount + count;
  const until = () => side.sales.soldCount >= end;
  await closedLoop(way.sell(side), { clients: 1, until });
  await side.sales.drained();
}

async function profiled(build: Build, folder: string, sales: number): Promise<void> {
  const inspectorPort = await freePort();
  const side = await startSide(`${build.name} readable`, build, { folder, inspectorPort });
  const bundled = await bundledText(build);
  const inspector = await inspect(inspectorPort, build.served.worker.name);
  try {
    await side.sales.look();
    await inspector.call("Profiler.enable");
    await inspector.call("Profiler.setSamplingInterval", { interval: SAMPLE_US });
    for (const way of ways) {
      await sell(side, way, WARM_SALES);
      await inspector.call("Profiler.start");
      await sell(side, way, sales);
      const { profile } = await inspector.call<{ profile: Profile }>("Profiler.stop");
      console.log(`\nCPU of ${build.name}, ${way.what}: ms a sale of ${sales}\n`);
      console.log(filesTable(msByFile(profile, bundled), sales));
    }
  } finally {
    inspector.close();
    await side.stop();
  }
}

async function bundledText({ served }: Build): Promise<string> {
  const [main] = await bundle(served.worker);
  return new TextDecoder().decode(main?.contents);
}

function filesTable(files: readonly [string, number][], sales: number): string {
  const sum = (rows: readonly [string, number][]) => rows.reduce((total, [, ms]) => total + ms, 0);
  const rest = files.slice(FILES_SHOWN);
  return table([
    ["File", "ms a sale"],
    ...[...files.slice(0, FILES_SHOWN), [`${rest.length} more`, sum(rest)] as const].map(
      ([file, ms]) => [file, (ms / sales).toFixed(2)],
    ),
    ["JavaScript in all", (sum(files) / sales).toFixed(2)],
  ]);
}

async function statements(build: Build, folder: string, sales: number): Promise<void> {
  const side = await startSide(`${build.name} counted`, build, { folder });
  try {
    await side.sales.look();
    for (const way of ways) {
      await sell(side, way, WARM_SALES);
      await fetch(`${side.url}/counts/start`);
      await sell(side, way, sales);
      const counts = (await (await fetch(`${side.url}/counts`)).json()) as Counts;
      console.log(`\nSQL of ${build.name}, ${way.what}: a sale of ${sales}\n`);
      console.log(statementsTable(counts, sales));
    }
  } finally {
    await side.stop();
  }
}

function statementsTable({ sql, sqlRowsRead, sqlRowsWritten }: Counts, sales: number): string {
  const each = (value: number | undefined) => ((value ?? 0) / sales).toFixed(2);
  const rows = Object.entries(sql).sort(([, a], [, b]) => b - a);
  return table([
    ["Statement", "times", "rows read", "rows written"],
    ...rows.map(([name, times]) => [
      name,
      each(times),
      each(sqlRowsRead[name]),
      each(sqlRowsWritten[name]),
    ]),
  ]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      against: { type: "string" },
      sales: { type: "string", default: SALES_DEFAULT },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), "tender-profile-"));
  const other = values.against === undefined ? undefined : await checkOut(values.against);
  const builds = async (variant: Variant) => [
    thisBuild(variant),
    ...(other ? [await other.build(variant)] : []),
  ];
  try {
    for (const build of await builds("readable")) {
      await profiled(build, folder, Number(values.sales));
    }
    for (const build of await builds("counted")) {
      await statements(build, folder, Number(values.sales));
    }
  } finally {
    await other?.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  fail(error, 1);
}
