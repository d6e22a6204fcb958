import { RESEND_AFTER_MS, SECOND_MS } from "../schema/durations.ts";
import { pause } from "../scripts/machine/platform.ts";
import { closedLoop, type Load, openLoop, percentile } from "./load.ts";
import { cpuMsOf, ownWorkerds, syncsDuring, untilIdle } from "./machine.ts";
import { bareSale, feedLagSeconds, type Provider, providerIs } from "./sales.ts";
import type { Bare, Side } from "./sides.ts";

const IDLE_SAMPLE_MS = 3_000;
/** A sale's alarm comes back once, for its outbox; what that costs is the sale's too. */
const LAST_ALARM_MS = RESEND_AFTER_MS + 2 * SECOND_MS;
const CLIENTS = 16;
/** With a provider that takes 400 ms, enough of them to keep any build of today busy. */
const SHOPPERS = 64;

/** The bare Worker takes no webhooks, so none are sent where the two are compared. */
export const AT_ONCE: Provider = { authorizeMs: 0, captureMs: 0, sendsWebhooks: false };
export const AS_IN_LIFE: Provider = { authorizeMs: 400, captureMs: 300, sendsWebhooks: true };

export type Bench = {
  readonly sides: readonly Side[];
  readonly bare: Bare;
  readonly rounds: number;
  readonly seconds: number;
};

type BySide<T> = ReadonlyMap<string, T>;
const allOf = (bench: Bench, provider: Provider) =>
  Promise.all(bench.sides.map(({ simulatorUrl }) => providerIs(simulatorUrl, provider)));

export async function warmUp(bench: Bench): Promise<void> {
  await allOf(bench, AT_ONCE);
  const forMs = Math.min(4_000, bench.seconds * SECOND_MS);
  for (const side of bench.sides) {
    await side.sales.look();
    await closedLoop(side.sales.sellInOneCall, { clients: 4, forMs });
    await atRest(side);
  }
  await closedLoop(bareSale(bench.bare), { clients: 4, forMs });
  await untilIdle(ownWorkerds());
}

/** Outboxes empty and every process idle, so that no measure pays for the one before it. */
async function atRest({ sales }: Side): Promise<number> {
  const drainedMs = await sales.drained();
  await untilIdle(ownWorkerds());
  return drainedMs;
}

/**
 * Every side and the bare Worker in turn, so that the machine's moods meet all; the order turns round
 * with each round.
 */
export async function oneClient(bench: Bench) {
  const forMs = (bench.seconds * SECOND_MS) / 3;
  return inTurn(bench, async (sell, side) => {
    const load = await closedLoop(sell, { clients: 1, forMs });
    if (side) await atRest(side);
    return { load, storedMs: 0 };
  });
}

/** Sales a second of 16 clients, and what each cost the processor, its last alarm included. */
export async function sixteenClients(bench: Bench) {
  const cpu = await cpuMeter(bench.sides);
  const loads = await inTurn(bench, (sell, side) => soldAndStored(sell, side, CLIENTS, bench));
  await pause(LAST_ALARM_MS);
  return { loads, cpuMsPerSale: cpu.perSale() };
}

async function soldAndStored(
  sell: () => Promise<void>,
  side: Side | undefined,
  clients: number,
  { seconds }: Bench,
) {
  const load = await closedLoop(sell, { clients, forMs: seconds * SECOND_MS });
  const end = side ? await atRest(side) : load.startedMs + load.tookMs;
  if (!side) await untilIdle(ownWorkerds());
  return { load, storedMs: end - load.startedMs };
}

type Round = { readonly load: Load; readonly storedMs: number };

async function inTurn(
  bench: Bench,
  work: (sell: () => Promise<void>, side: Side | undefined) => Promise<Round>,
): Promise<BySide<readonly Round[]>> {
  const { sides, bare, rounds } = bench;
  const takers = [
    ...sides.map((side) => ({ name: side.name, sell: side.sales.sellInOneCall, side })),
    { name: "bare", sell: bareSale(bare), side: undefined },
  ];
  const results = new Map<string, Round[]>(takers.map(({ name }) => [name, []]));
  for (let number = 0; number < rounds; number += 1) {
    for (const { name, sell, side } of number % 2 === 0 ? takers : takers.toReversed()) {
      results.get(name)?.push(await work(sell, side));
    }
  }
  return results;
}

/** The processor's time of each side from now on, without what idling costs. */
async function cpuMeter(sides: readonly Side[]) {
  await pause(LAST_ALARM_MS); // those of earlier sales are theirs
  const look = () =>
    sides.map(({ pids, sales }) => ({ cpuMs: cpuMsOf(pids), sold: sales.soldCount }));
  const idle = look();
  const idleStartMs = performance.now();
  await pause(IDLE_SAMPLE_MS);
  const idleMs = performance.now() - idleStartMs;
  const before = look();
  const startMs = performance.now();
  return {
    perSale: (): BySide<number> => {
      const tookMs = performance.now() - startMs;
      const after = look();
      return new Map(
        sides.map(({ name }, at) => {
          const used = (after[at]?.cpuMs ?? 0) - (before[at]?.cpuMs ?? 0);
          const idling = ((before[at]?.cpuMs ?? 0) - (idle[at]?.cpuMs ?? 0)) * (tookMs / idleMs);
          return [name, (used - idling) / ((after[at]?.sold ?? 0) - (before[at]?.sold ?? 0))];
        }),
      );
    },
  };
}

/** Create, then pay, with a provider as in life: at a steady rate, and as many as it can take. */
export async function twoCalls(bench: Bench, perSecond: number) {
  await allOf(bench, AS_IN_LIFE);
  const cpu = await cpuMeter(bench.sides);
  const results = new Map<string, OpenLoop>();
  for (const side of bench.sides) results.set(side.name, await steadily(bench, side, perSecond));
  for (const side of bench.sides) {
    const { load, storedMs } = await soldAndStored(
      side.sales.sellInTwoCalls,
      side,
      SHOPPERS,
      bench,
    );
    const steady = results.get(side.name);
    const capacityPerSecond = (SECOND_MS * load.soldCount) / storedMs;
    if (steady) results.set(side.name, { ...steady, capacityPerSecond });
  }
  await pause(LAST_ALARM_MS);
  await allOf(bench, AT_ONCE);
  return { results, cpuMsPerSale: cpu.perSale() };
}

export type OpenLoop = Awaited<ReturnType<typeof steadily>>;

async function steadily(bench: Bench, side: Side, perSecond: number) {
  const { sales, url } = side;
  sales.payMs.length = 0;
  const load = await openLoop(sales.sellInTwoCalls, {
    perSecond,
    forMs: bench.seconds * SECOND_MS,
  });
  const lagSeconds = await feedLagSeconds(url);
  await atRest(side);
  // What is not the provider's own latency is the platform's, the calls' way there and back too.
  const platformMs = sales.payMs.map((ms) => ms - AS_IN_LIFE.authorizeMs);
  return {
    failures: load.failures,
    platformP50Ms: percentile(platformMs, 0.5),
    platformP95Ms: percentile(platformMs, 0.95),
    cartToCapturedP95Ms: percentile(await sales.cartToCapturedMs(load.startedMs), 0.95),
    lagSeconds,
    capacityPerSecond: Number.NaN,
  };
}

/** Syncs per sale, one client after the other, so that commits of two sales never share one. */
export async function syncsPerSale(bench: Bench): Promise<BySide<number>> {
  const results = new Map<string, number>();
  for (const { name, sales, pids } of bench.sides) {
    const before = sales.soldCount;
    const syncs = await syncsDuring(pids[0], async () => {
      const forMs = (bench.seconds * SECOND_MS) / 5;
      await closedLoop(sales.sellInOneCall, { clients: 1, forMs });
      await sales.drained();
      await pause(LAST_ALARM_MS);
    });
    results.set(name, (syncs ?? Number.NaN) / (sales.soldCount - before));
  }
  return results;
}
