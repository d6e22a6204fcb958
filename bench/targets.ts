import type { BareFigures, Figures } from "./figures.ts";

/** A row of the report's table: what a figure is, and what was promised of it. */
export type Row = {
  readonly what: string;
  readonly of: (figures: Figures, bare: BareFigures) => number;
  readonly unit: "ms" | "/s" | "times" | "" | "s";
  readonly isBetter: "less" | "more";
  /** Of the figure itself. */
  readonly limit?: number;
  /** Of its ratio to the other commit's. */
  readonly ratioLimit?: number;
};

export const rows: readonly Row[] = [
  {
    what: "CPU a sale, 16 clients",
    of: (own) => own.cpuMs,
    unit: "ms",
    isBetter: "less",
    ratioLimit: 0.5,
  },
  {
    what: "Sales a second, 16 clients, until stored",
    of: (own) => own.storedPerSecond,
    unit: "/s",
    isBetter: "more",
    ratioLimit: 2,
  },
  {
    what: "Sales a second, 16 clients, while selling",
    of: (own) => own.sellingPerSecond,
    unit: "/s",
    isBetter: "more",
  },
  {
    what: "… of the bare Worker's",
    of: (own, bare) => own.sellingPerSecond / bare.sellingPerSecond,
    unit: "times",
    isBetter: "more",
    limit: 0.65,
  },
  {
    what: "One client, create + pay in one call: p50",
    of: (own) => own.oneClientP50Ms,
    unit: "ms",
    isBetter: "less",
    ratioLimit: 0.65,
  },
  {
    what: "… of the bare Worker's",
    of: (own, bare) => own.oneClientP50Ms / bare.oneClientP50Ms,
    unit: "times",
    isBetter: "less",
    limit: 1.3,
  },
  { what: "… its p95", of: (own) => own.oneClientP95Ms, unit: "ms", isBetter: "less" },
  { what: "16 clients: p50", of: (own) => own.p50Ms, unit: "ms", isBetter: "less" },
  { what: "16 clients: p95", of: (own) => own.p95Ms, unit: "ms", isBetter: "less" },
  {
    what: "… of the bare Worker's",
    of: (own, bare) => own.p95Ms / bare.p95Ms,
    unit: "times",
    isBetter: "less",
    limit: 1.6,
  },
  { what: "Syncs a sale", of: (own) => own.syncs, unit: "", isBetter: "less", limit: 15 },
  {
    what: "Pay, open loop at a third of the bare rate: p50",
    of: (own) => own.payP50Ms,
    unit: "ms",
    isBetter: "less",
  },
  { what: "Pay, open loop: p95", of: (own) => own.payP95Ms, unit: "ms", isBetter: "less" },
  {
    what: "… of its p50",
    of: (own) => own.payP95Ms / own.payP50Ms,
    unit: "times",
    isBetter: "less",
    limit: 4,
  },
  {
    what: "Cart to captured, open loop: p95",
    of: (own) => own.cartToCapturedP95Ms,
    unit: "ms",
    isBetter: "less",
  },
  {
    what: "Feeds' lag at the open loop's end",
    of: (own) => own.lagSeconds,
    unit: "s",
    isBetter: "less",
    limit: 3,
  },
  {
    what: "Capacity, create then pay, webhooks on",
    of: (own) => own.capacityPerSecond,
    unit: "/s",
    isBetter: "more",
    ratioLimit: 2,
  },
  {
    what: "CPU a sale, create then pay, webhooks on",
    of: (own) => own.payCpuMs,
    unit: "ms",
    isBetter: "less",
  },
];

/** With much stored, no figure may be worse than this many times the empty one's. */
export const GROWN_RATIO_MAX = 1.2;
export const HEAP_RATIO_MAX = 1.2;
export const HEAP_MIB_MAX = 64;
export const USD_PER_MILLION_MAX = 40;

export function isKept(value: number, limit: number | undefined, isBetter: Row["isBetter"]) {
  if (limit === undefined || Number.isNaN(value)) return undefined;
  return isBetter === "less" ? value <= limit : value >= limit;
}
