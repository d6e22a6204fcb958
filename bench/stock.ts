import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { bundle, type WorkerSource } from "../scripts/building/bundle.ts";
import { HOST, root } from "../scripts/machine/platform.ts";
import { storageFolder } from "../scripts/stack/stack.ts";
import { describeMachine, othersOnMachine, ownWorkerds } from "./machine.ts";

const CELLS = [1, 2, 4, 8];
const CROWDS = [10, 100_000];
const HOLDS = 4_000; // some seconds of one object's work
const ROUNDS = 3; // the best of them: the machine is shared

const worker: WorkerSource = {
  name: "stock-bench",
  config: "bench/stock/wrangler.toml",
  folders: ["bench/stock", "schema", "durable-objects"],
};

async function start(folder: string) {
  process.env.X_LOCAL_OBSERVABILITY = "false";
  const modules = await bundle(worker);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, worker.config));
  const { modulesRules: _, ...configured } = workerOptions;
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: HOST,
      port: 0,
      logRequests: false,
      workers: [{ ...configured, name: worker.name, modules }],
    }),
    resourcePersistencePath: storageFolder(folder),
  });
  const url = await miniflare.ready;
  const call = async (path: string, query: Record<string, string | number>) => {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [name, String(value)]),
    );
    const response = await fetch(`${url.origin}/${path}?${parameters}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as { holdsByCell: number[] };
  };
  return { call, stop: () => miniflare.dispose() };
}

type Call = Awaited<ReturnType<typeof start>>["call"];

/** The best of some rounds: holds a second of this one thread, and where they went. */
async function holdsPerSecond(call: Call, sku: string, cells: number) {
  let perSecond = 0;
  let holdsByCell: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    ({ holdsByCell } = await call("hold", { sku, cells, count: HOLDS }));
    perSecond = Math.max(perSecond, (1000 * HOLDS) / (performance.now() - startMs));
  }
  return { cells, perSecond, holdsByCell };
}

async function measure(call: Call) {
  const others = othersOnMachine(ownWorkerds());
  const spread = [];
  for (const cells of CELLS) {
    const sku = `spread-${cells}`;
    await call("receive", { sku, cells, count: 1_000_000 });
    await call("hold", { sku, cells, count: 500 }); // warm
    spread.push(await holdsPerSecond(call, sku, cells));
  }
  const crowded = [];
  for (const count of CROWDS) {
    const sku = `crowd-${count}`;
    await call("receive", { sku, cells: 1, count: 1_000_000 });
    await call("crowd", { sku, cells: 1, count });
    await call("hold", { sku, cells: 1, count: 500 });
    crowded.push({ count, ...(await holdsPerSecond(call, sku, 1)) });
  }
  return { spread, crowded, othersShare: others.share() };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

type Results = Awaited<ReturnType<typeof measure>>;

function asMarkdown({ spread, crowded, othersShare }: Results, at: string): string {
  const alone = spread[0]?.perSecond ?? 0;
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  const rows = spread.map(({ cells, perSecond, holdsByCell }) => {
    const busiest = Math.max(...holdsByCell) / HOLDS;
    const columns = [cells, whole(perSecond), holdsByCell.join(" "), percent(busiest)];
    return `| ${[...columns, `**${whole(alone / busiest)}**`].join(" | ")} |`;
  });
  return [
    `# Stock, ${at.slice(0, 10)}`,
    "",
    `${machineLine()}. ${HOLDS} holds of one piece by 16 shoppers, best of ${ROUNDS}.`,
    `Other processes used ${percent(othersShare ?? 0)} of the machine meanwhile: above a tenth, measure again.`,
    "",
    "## Spread over cells",
    "",
    "One local thread serves all objects, so cells cannot add speed here: *measured* is what that thread did in all. On",
    "Cloudflare each cell is an object of its own. *Projected* is the measured rate of one object alone, divided by the share",
    "of the busiest cell; it is arithmetic, not a measurement.",
    "",
    "| Cells | Measured, holds/s in all | Holds by cell | Busiest cell | Projected, holds/s |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "## A hold among many",
    "",
    "| Open holds | Measured, holds/s of one object |",
    "|---|---|",
    ...crowded.map(({ count, perSecond }) => `| ${whole(count)} | ${whole(perSecond)} |`),
    "",
    "That a hold reads and writes the same rows in both is a test: `durable-objects/inventory/statements.test.ts`.",
    "",
  ].join("\n");
}

function machineLine(): string {
  const { cores, processor, memoryGib, system, workerd } = describeMachine();
  return `${cores} cores of ${processor}, ${memoryGib} GiB, ${system}, workerd ${workerd}`;
}

const folder = await mkdtemp(join(tmpdir(), "tender-stock-bench-"));
const { call, stop } = await start(folder);
try {
  const at = new Date().toISOString();
  const results = await measure(call);
  const path = join(import.meta.dirname, "results", `stock-${at.slice(0, 10)}.md`);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, asMarkdown(results, at));
  console.log(`${asMarkdown(results, at)}\nWritten to ${path}`);
} finally {
  await stop();
  await rm(folder, { recursive: true, force: true });
}
