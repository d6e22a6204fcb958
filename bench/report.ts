import type { Machine } from "./machine.ts";
import type { oneClient, openLoopWithProvider, throughput } from "./measure.ts";

type Loop = Awaited<ReturnType<typeof throughput>>;
type Cpu = { readonly cpuMsPerSale: number };

export type Results = {
  readonly at: string;
  readonly machine: Machine;
  readonly othersShare: number | undefined;
  readonly oneClient: Awaited<ReturnType<typeof oneClient>>;
  readonly sixteen: Loop & Cpu;
  readonly sixtyFour: Loop;
  readonly openLoop: Awaited<ReturnType<typeof openLoopWithProvider>> & Cpu;
  readonly syncsPerSale: number | undefined;
};

type Row = { what: string; budget: string; measured: string; kept: boolean | undefined };

const ms = (value: number) => `${value.toFixed(1)} ms`;

/** The budgets of the design, each with what this run measured. */
export function budgetRows({ oneClient, sixteen, openLoop, syncsPerSale }: Results): Row[] {
  const most = (what: string, budgetMs: number, measuredMs: number): Row => ({
    what,
    budget: `≤ ${budgetMs} ms`,
    measured: ms(measuredMs),
    kept: measuredMs <= budgetMs,
  });
  return [
    most("Platform time of pay, open loop 20/s, 400 + 300 ms: p95", 25, openLoop.platformP95Ms),
    most("Cart to captured under that load: p95", 1000, openLoop.cartToCapturedP95Ms),
    most("One client, create + pay in one request: p50", 10, oneClient.tender.p50Ms),
    {
      what: "Throughput against the bare Worker, 16 clients",
      budget: "≥ 0.7 now, 0.9 the aim",
      measured: sixteen.ratio.toFixed(2),
      kept: sixteen.ratio >= 0.7,
    },
    most("CPU per card sale of two SKUs", 6, sixteen.cpuMsPerSale),
    {
      what: "Syncs per card sale of two SKUs, its new object's included",
      budget: "may only fall",
      measured: syncsPerSale?.toFixed(1) ?? "not counted: strace is not there",
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
  const { machine, oneClient, sixteen, sixtyFour, openLoop } = results;
  const budgets = budgetRows(results).map(
    ({ what, budget, measured, kept }) =>
      `| ${what} | ${budget} | ${measured} | ${verdict(kept)} |`,
  );
  return `# Bench of ${results.at}

${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, ${machine.system}, storage on disk.
Node ${machine.node}, workerd ${machine.workerd}, miniflare ${machine.miniflare}, wrangler ${machine.wrangler}.
Local traces off (\`X_LOCAL_OBSERVABILITY=false\`). Load generator and simulators share the machine;
other processes had ${percent(results.othersShare)} of it.
How to read this: [docs/bench.md](../../docs/bench.md).

| What | Budget | Measured | |
|---|---|---|---|
${budgets.join("\n")}

Closed loop, sales of two SKUs, create + pay in one request, provider at 0 ms without webhooks:

| Clients | Tender sales/s | Bare sales/s | Ratio | Tender p50 / p95 | Bare p50 / p95 |
|---|---|---|---|---|---|
${[sixteen, sixtyFour].map(loopRow).join("\n")}

One client: Tender ${both(oneClient.tender)}, bare ${both(oneClient.bare)} (p50 / p95).

Open loop, 20 sales/s, create then pay, provider at 400 + 300 ms with webhooks, ${openLoop.soldCount} sales:
platform time of pay ${ms(openLoop.platformP50Ms)} / ${ms(openLoop.platformP95Ms)} (p50 / p95), CPU ${ms(openLoop.cpuMsPerSale)} a sale.

${failuresOf(results)}`;
}

const percent = (share: number | undefined) =>
  share === undefined ? "an unknown share" : `${(share * 100).toFixed(0)} %`;

const both = ({ p50Ms, p95Ms }: { p50Ms: number; p95Ms: number }) => `${ms(p50Ms)} / ${ms(p95Ms)}`;

function loopRow({ clients, tenderPerSecond, barePerSecond, ratio, tender, bare }: Loop): string {
  const rates = `${tenderPerSecond.toFixed(0)} | ${barePerSecond.toFixed(0)} | ${ratio.toFixed(2)}`;
  return `| ${clients} | ${rates} | ${both(tender)} | ${both(bare)} |`;
}

function failuresOf({ oneClient, sixteen, sixtyFour, openLoop }: Results): string {
  const loads = [oneClient, sixteen, sixtyFour].flatMap(({ tender, bare }) => [tender, bare]);
  const failures = [...loads, openLoop].flatMap((load) => load.failures);
  if (failures.length === 0) return "No sale failed.\n";
  return `Sales failed, among them:\n\n${failures.map((failure) => `- ${failure}`).join("\n")}\n`;
}
