import type { Machine } from "./machine.ts";
import type { oneClient, openLoopWithProvider, throughput } from "./measure.ts";

export type Results = {
  readonly at: string;
  readonly machine: Machine;
  readonly oneClient: Awaited<ReturnType<typeof oneClient>>;
  readonly closedLoops: readonly Awaited<ReturnType<typeof throughput>>[];
  readonly openLoop: Awaited<ReturnType<typeof openLoopWithProvider>>;
  readonly syncsPerSale: number | undefined;
};

type Row = { what: string; budget: string; measured: string; kept: boolean | undefined };

const ms = (value: number) => `${value.toFixed(1)} ms`;

/** The budgets of the design, each with what this run measured. */
export function budgetRows(results: Results): Row[] {
  const { oneClient, openLoop } = results;
  const at16 = results.closedLoops.find(({ clients }) => clients === 16);
  const most = (what: string, budgetMs: number, measuredMs: number): Row => ({
    what,
    budget: `≤ ${budgetMs} ms`,
    measured: ms(measuredMs),
    kept: measuredMs <= budgetMs,
  });
  return [
    most(
      "Platform time of pay, open loop 20/s, provider 400 + 300 ms: p95",
      25,
      openLoop.platformP95Ms,
    ),
    most("Cart to captured under that load: p95", 1000, openLoop.cartToCapturedP95Ms),
    most("One client, create + pay in one request: p50", 10, oneClient.tender.p50Ms),
    {
      what: "Throughput against the bare Worker, 16 clients",
      budget: "≥ 0.7 now, 0.9 the aim",
      measured: at16?.ratio.toFixed(2) ?? "–",
      kept: (at16?.ratio ?? 0) >= 0.7,
    },
    most("CPU per card sale of two SKUs", 6, at16?.cpuMsPerSale ?? Number.NaN),
    {
      what: "Syncs per card sale of two SKUs, its new object's included",
      budget: "may only fall",
      measured: results.syncsPerSale?.toFixed(1) ?? "not counted: strace is not there",
      kept: undefined,
    },
  ];
}

const verdict = (kept: boolean | undefined) => (kept === undefined ? "" : kept ? "kept" : "missed");

export function asTable(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows
    .map(
      ({ what, budget, measured, kept }) =>
        `${what.padEnd(width)}  ${measured.padEnd(12)}  ${budget.padEnd(24)} ${verdict(kept)}`,
    )
    .join("\n");
}

export function asMarkdown(results: Results): string {
  const { machine, oneClient, openLoop } = results;
  const budgets = budgetRows(results).map(
    ({ what, budget, measured, kept }) =>
      `| ${what} | ${budget} | ${measured} | ${verdict(kept)} |`,
  );
  const loops = results.closedLoops.map(
    (loop) =>
      `| ${loop.clients} | ${loop.tenderPerSecond.toFixed(0)} | ${loop.barePerSecond.toFixed(0)} | ` +
      `${loop.ratio.toFixed(2)} | ${ms(loop.tender.p50Ms)} / ${ms(loop.tender.p95Ms)} | ` +
      `${ms(loop.bare.p50Ms)} / ${ms(loop.bare.p95Ms)} | ${ms(loop.cpuMsPerSale)} |`,
  );
  return `# Bench of ${results.at}

${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, ${machine.system}, storage on disk.
Node ${machine.node}, workerd ${machine.workerd}, miniflare ${machine.miniflare}, wrangler ${machine.wrangler}.
Local traces off (\`X_LOCAL_OBSERVABILITY=false\`). Load generator and simulators share the machine.
How to read this: [docs/bench.md](../../docs/bench.md).

| What | Budget | Measured | |
|---|---|---|---|
${budgets.join("\n")}

Closed loop, sales of two SKUs, create + pay in one request, provider at 0 ms:

| Clients | Tender sales/s | Bare sales/s | Ratio | Tender p50 / p95 | Bare p50 / p95 | Tender CPU per sale |
|---|---|---|---|---|---|---|
${loops.join("\n")}

One client: Tender ${ms(oneClient.tender.p50Ms)} p50, ${ms(oneClient.tender.p95Ms)} p95; bare ${ms(oneClient.bare.p50Ms)} p50, ${ms(oneClient.bare.p95Ms)} p95.
Open loop, 20 sales/s, create then pay: platform time of pay ${ms(openLoop.platformP50Ms)} p50, ${ms(openLoop.platformP95Ms)} p95, ${openLoop.soldCount} sales.
${failuresOf(results)}`;
}

function failuresOf({ oneClient, closedLoops, openLoop }: Results): string {
  const loads = [oneClient.tender, oneClient.bare, openLoop];
  const all = [...loads, ...closedLoops.flatMap(({ tender, bare }) => [tender, bare])];
  const failures = all.flatMap(({ failures }) => failures);
  if (failures.length === 0) return "No sale failed.\n";
  return `Sales failed, among them:\n\n${failures.map((failure) => `- ${failure}`).join("\n")}\n`;
}
