import { type Load, percentile } from "./load.ts";
import type { oneClient, sixteenClients, syncsPerSale, twoCalls } from "./measure.ts";

/** Everything that is measured of one side. `Bare` are the bare Worker's, of the same rounds. */
export type Figures = {
  readonly oneClientP50Ms: number;
  readonly oneClientP95Ms: number;
  readonly sellingPerSecond: number;
  readonly storedPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly cpuMs: number;
  readonly syncs: number;
  readonly payP50Ms: number;
  readonly payP95Ms: number;
  readonly payCpuMs: number;
  readonly capacityPerSecond: number;
  readonly cartToCapturedP95Ms: number;
  readonly lagSeconds: number;
};
export type BareFigures = Pick<
  Figures,
  "oneClientP50Ms" | "oneClientP95Ms" | "sellingPerSecond" | "p50Ms" | "p95Ms"
>;

export type Measured = {
  readonly one: Awaited<ReturnType<typeof oneClient>>;
  readonly sixteen: Awaited<ReturnType<typeof sixteenClients>>;
  readonly two: Awaited<ReturnType<typeof twoCalls>>;
  readonly syncs: Awaited<ReturnType<typeof syncsPerSale>>;
};

type Rounds = readonly { readonly load: Load; readonly storedMs: number }[];

export function figuresOf(name: string, { one, sixteen, two, syncs }: Measured): Figures {
  const rounds = sixteen.loads.get(name) ?? [];
  const open = two.results.get(name);
  const of = (number: number | undefined) => number ?? Number.NaN;
  return {
    ...speedOf(one.get(name) ?? [], rounds),
    storedPerSecond: rate(rounds, ({ storedMs }) => storedMs),
    cpuMs: of(sixteen.cpuMsPerSale.get(name)),
    syncs: of(syncs.get(name)),
    payP50Ms: of(open?.platformP50Ms),
    payP95Ms: of(open?.platformP95Ms),
    payCpuMs: of(two.cpuMsPerSale.get(name)),
    capacityPerSecond: of(open?.capacityPerSecond),
    cartToCapturedP95Ms: of(open?.cartToCapturedP95Ms),
    lagSeconds: of(open?.lagSeconds),
  };
}

export function bareFigures(one: Measured["one"], sixteen: Measured["sixteen"]): BareFigures {
  return speedOf(one.get("bare") ?? [], sixteen.loads.get("bare") ?? []);
}

function speedOf(one: Rounds, sixteen: Rounds): BareFigures {
  const alone = one.flatMap(({ load }) => load.latenciesMs);
  const crowded = sixteen.flatMap(({ load }) => load.latenciesMs);
  return {
    oneClientP50Ms: percentile(alone, 0.5),
    oneClientP95Ms: percentile(alone, 0.95),
    sellingPerSecond: rate(sixteen, ({ load }) => load.tookMs),
    p50Ms: percentile(crowded, 0.5),
    p95Ms: percentile(crowded, 0.95),
  };
}

function rate(rounds: Rounds, tookMs: (round: Rounds[number]) => number): number {
  const sum = (pick: (round: Rounds[number]) => number) =>
    rounds.reduce((total, round) => total + pick(round), 0);
  return (1000 * sum(({ load }) => load.soldCount)) / sum(tookMs);
}

/** Sales that failed, of whatever load. */
export function failuresIn({ one, sixteen, two }: Measured): string[] {
  const rounds = [...one.values(), ...sixteen.loads.values()].flat();
  const loads = [...rounds.map(({ load }) => load), ...two.results.values()];
  return loads.flatMap(({ failures }) => failures);
}
