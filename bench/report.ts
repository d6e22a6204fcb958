import { table } from "../scripts/machine/table.ts";
import { type Bill, billTotal } from "./costs/costs.ts";
import { prices } from "./costs/price-list.ts";
import type { BareFigures, Figures } from "./figures.ts";
import type { Machine } from "./machine.ts";
import {
  GROWN_RATIO_MAX,
  HEAP_MIB_MAX,
  HEAP_RATIO_MAX,
  isKept,
  type Row,
  rows,
  USD_PER_MILLION_MAX,
} from "./targets.ts";

export type Heap = { readonly sales: number; readonly mib: number };

export type Results = {
  readonly at: string;
  readonly machine: Machine;
  readonly othersShare: number | undefined;
  readonly rounds: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** This build, twice; then the other commit or this build with much stored, if asked for. */
  readonly sides: readonly { readonly name: string; readonly figures: Figures }[];
  readonly other: "commit" | "grown" | undefined;
  readonly bare: BareFigures;
  readonly heap: readonly Heap[];
  readonly bill: Bill;
  readonly failures: readonly string[];
  readonly tookSeconds: number;
};

const shown = (value: number, unit: Row["unit"]): string => {
  if (Number.isNaN(value)) return "—";
  if (unit === "times") return `${value.toFixed(2)} ×`;
  return `${value.toFixed(1)}${unit === "" || unit === "/s" ? unit : ` ${unit}`}`;
};

/** A row of columns: the sides', the spread of the same build, the ratio to the other, the promise. */
export function figureTable(results: Results): string[][] {
  const { sides, bare, other } = results;
  const head = ["What", ...sides.map(({ name }) => name), "same build differs by"];
  const named = other ? [other === "grown" ? "grown / this" : `this / ${sides[2]?.name}`] : [];
  return [
    [...head, ...named, "Target", ""],
    ...rows.map((row) => {
      const values = sides.map(({ figures }) => row.of(figures, bare));
      const [first = Number.NaN, again = Number.NaN, third = Number.NaN] = values;
      const mean = (first + again) / 2;
      const ratio = other === "grown" ? third / mean : mean / third;
      return [
        ...[row.what, ...values.map((value) => shown(value, row.unit))],
        mean > 0 ? `${((100 * Math.abs(first - again)) / mean).toFixed(0)} %` : "—",
        ...(other ? [shown(ratio, "times")] : []),
        ...promise(row, { mean, ratio, other }),
      ];
    }),
  ];
}

type Judged = { readonly mean: number; readonly ratio: number; readonly other: Results["other"] };

function promise(row: Row, { mean, ratio, other }: Judged): [string, string] {
  const sign = row.isBetter === "less" ? "≤" : "≥";
  if (other === "grown") {
    const limit = row.isBetter === "less" ? GROWN_RATIO_MAX : 1 / GROWN_RATIO_MAX;
    return [`${sign} ${limit.toFixed(2)} × empty`, verdict(isKept(ratio, limit, row.isBetter))];
  }
  const own = isKept(mean, row.limit, row.isBetter);
  const compared = other ? isKept(ratio, row.ratioLimit, row.isBetter) : undefined;
  const words = [
    ...(row.limit === undefined ? [] : [`${sign} ${row.limit}`]),
    ...(row.ratioLimit === undefined ? [] : [`${sign} ${row.ratioLimit} × e269917's`]),
  ];
  return [words.join(", "), verdict(own ?? compared)];
}

const verdict = (kept: boolean | undefined) => (kept === undefined ? "" : kept ? "kept" : "missed");

export function heapLines({ heap }: Results): string[] {
  const lines = heap.map(({ sales, mib }) => `${mib.toFixed(1)} MiB after ${sales} sales`);
  const [first, last] = [heap[0], heap.at(-1)];
  if (!first || !last || first === last) return lines;
  const ratio = last.mib / first.mib;
  const kept = ratio <= HEAP_RATIO_MAX && last.mib < HEAP_MIB_MAX;
  return [...lines, `${ratio.toFixed(2)} times as much (≤ ${HEAP_RATIO_MAX}): ${verdict(kept)}`];
}

export function billTable({ bill }: Results): string[][] {
  const total = billTotal(bill);
  return [
    ["A sale uses", "", "USD per million sales"],
    ...bill.map(({ item, perSale, usd }) => [
      prices[item].unit,
      perSale < 0.1 ? perSale.toPrecision(2) : perSale.toFixed(2),
      usd.toFixed(2),
    ]),
    [
      "in all",
      "",
      `${total.toFixed(2)} (≤ ${USD_PER_MILLION_MAX}: ${verdict(total <= USD_PER_MILLION_MAX)})`,
    ],
  ];
}

export function asText(results: Results): string {
  return [
    table(figureTable(results)),
    `Heap of our isolate: ${heapLines(results).join("; ")}.`,
    table(billTable(results)),
    failuresOf(results),
  ].join("\n\n");
}

const markdown = ([head = [], ...body]: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

export function asMarkdown(results: Results): string {
  const { machine, rounds, seconds, bare } = results;
  const rounded = (value: number) => value.toFixed(1);
  return `# Bench of ${results.at}

${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, ${machine.system}, storage on disk.
Node ${machine.node}, workerd ${machine.workerd}, miniflare ${machine.miniflare}, wrangler ${machine.wrangler}.
${rounds} rounds of ${seconds} s, ${results.tookSeconds.toFixed(0)} s in all. Load generator and simulators share the machine;
other processes had ${percent(results.othersShare)} of it. Neither side serves files, logs requests or keeps traces.
How to read this: [docs/bench.md](../../docs/bench.md).

${markdown(figureTable(results))}

The bare Worker: one client ${rounded(bare.oneClientP50Ms)} / ${rounded(bare.oneClientP95Ms)} ms (p50 / p95); 16 clients
${rounded(bare.sellingPerSecond)} sales a second, ${rounded(bare.p50Ms)} / ${rounded(bare.p95Ms)} ms. The open loop ran at ${rounded(results.perSecond)} sales a second.

Heap of our isolate: ${heapLines(results).join("; ")}.

${markdown(billTable(results))}

${failuresOf(results)}
`;
}

const percent = (share: number | undefined) =>
  share === undefined ? "an unknown share" : `${(share * 100).toFixed(0)} %`;

function failuresOf({ failures }: Results): string {
  if (failures.length === 0) return "No sale failed.";
  return `Sales failed, among them:\n\n${failures.map((failure) => `- ${failure}`).join("\n")}`;
}
