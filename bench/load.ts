/** One sale; throws when it was not sold. */
export type Sell = () => Promise<void>;

export type Load = {
  readonly soldCount: number;
  readonly failures: readonly string[];
  readonly latenciesMs: readonly number[];
  readonly startedMs: number;
  readonly tookMs: number;
};

const FAILURES_KEPT = 5; // enough to see what went wrong

type Tally = { latenciesMs: number[]; failures: string[] };

async function timed(sell: Sell, tally: Tally): Promise<void> {
  const startMs = performance.now();
  try {
    await sell();
    tally.latenciesMs.push(performance.now() - startMs);
  } catch (fault) {
    if (tally.failures.length < FAILURES_KEPT) tally.failures.push(String(fault));
  }
}

function loadOf({ latenciesMs, failures }: Tally, startedMs: number): Load {
  const tookMs = Date.now() - startedMs;
  return { soldCount: latenciesMs.length, failures, latenciesMs, startedMs, tookMs };
}

type ClosedLoop = { readonly clients: number } & (
  | { readonly forMs: number }
  | { readonly until: () => boolean }
);

/** Each client begins its next sale when its last one is answered. */
export async function closedLoop(sell: Sell, limits: ClosedLoop): Promise<Load> {
  const { clients } = limits;
  const tally: Tally = { latenciesMs: [], failures: [] };
  const startedMs = Date.now();
  const isOver = "until" in limits ? limits.until : () => Date.now() >= startedMs + limits.forMs;
  const client = async () => {
    while (!isOver()) await timed(sell, tally);
  };
  await Promise.all(Array.from({ length: clients }, client));
  return loadOf(tally, startedMs);
}

/** A sale begins every so often whether or not the ones before it are done. */
export async function openLoop(
  sell: Sell,
  { perSecond, forMs }: { readonly perSecond: number; readonly forMs: number },
): Promise<Load> {
  const tally: Tally = { latenciesMs: [], failures: [] };
  const startedMs = Date.now();
  const count = Math.round((forMs / 1000) * perSecond);
  const sales = Array.from({ length: count }, async (_, index) => {
    await new Promise((due) => setTimeout(due, (index * 1000) / perSecond));
    await timed(sell, tally);
  });
  await Promise.all(sales);
  return loadOf(tally, startedMs);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
