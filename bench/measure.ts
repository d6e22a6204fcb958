import { closedLoop, type Load, openLoop, percentile } from "./load.ts";
import { cpuMsOf, syncsDuring } from "./machine.ts";
import { bareSale, type Provider, providerTakes, type TenderSales } from "./sales.ts";
import type { Worlds } from "./worlds.ts";

/** Long enough for a steady state, short enough for three minutes in all. */
const WARM_MS = 3_000;
const ONE_CLIENT_MS = 5_000;
const ROUND_MS = 7_000;
const OPEN_LOOP_MS = 15_000;
const SYNCS_MS = 4_000;

const AT_ONCE: Provider = { authorize: 0, capture: 0 };
const AS_IN_LIFE: Provider = { authorize: 400, capture: 300 };
const SALES_PER_SECOND = 20;

export type Bench = { readonly worlds: Worlds; readonly tender: TenderSales };

export async function warmUp({ worlds, tender }: Bench): Promise<void> {
  await providerTakes(worlds, AT_ONCE);
  await tender.look();
  await closedLoop(tender.sellInOneCall, { clients: 4, forMs: WARM_MS });
  await closedLoop(bareSale(worlds), { clients: 4, forMs: WARM_MS });
  await tender.drained();
}

export async function oneClient({ worlds, tender }: Bench) {
  const own = await closedLoop(tender.sellInOneCall, { clients: 1, forMs: ONE_CLIENT_MS });
  await tender.drained();
  const bare = await closedLoop(bareSale(worlds), { clients: 1, forMs: ONE_CLIENT_MS });
  return { tender: latenciesOf(own), bare: latenciesOf(bare) };
}

async function round({ worlds, tender }: Bench, clients: number) {
  const cpuBeforeMs = cpuMsOf(worlds.tender.pids);
  const own = await closedLoop(tender.sellInOneCall, { clients, forMs: ROUND_MS });
  const drainedMs = await tender.drained();
  const cpuMs = cpuMsOf(worlds.tender.pids) - cpuBeforeMs;
  const bare = await closedLoop(bareSale(worlds), { clients, forMs: ROUND_MS });
  return { own, ownMs: drainedMs - own.startedMs, cpuMs, bare };
}

/** Tender and the bare Worker in turn, twice, so that the machine's moods meet both. */
export async function throughput(bench: Bench, clients: number) {
  const rounds = [await round(bench, clients), await round(bench, clients)];
  const sum = (pick: (round: (typeof rounds)[number]) => number) =>
    rounds.reduce((total, round) => total + pick(round), 0);
  const sold = sum(({ own }) => own.soldCount);
  const tenderPerSecond = (sold * 1000) / sum(({ ownMs }) => ownMs);
  const barePerSecond = (sum(({ bare }) => bare.soldCount) * 1000) / sum(({ bare }) => bare.tookMs);
  return {
    clients,
    tenderPerSecond,
    barePerSecond,
    ratio: tenderPerSecond / barePerSecond,
    cpuMsPerSale: sum(({ cpuMs }) => cpuMs) / sold,
    tender: latenciesOf(...rounds.map(({ own }) => own)),
    bare: latenciesOf(...rounds.map(({ bare }) => bare)),
  };
}

export async function openLoopWithProvider({ worlds, tender }: Bench) {
  await providerTakes(worlds, AS_IN_LIFE);
  tender.payMs.length = 0;
  const load = await openLoop(tender.sellInTwoCalls, {
    perSecond: SALES_PER_SECOND,
    forMs: OPEN_LOOP_MS,
  });
  await tender.drained();
  await providerTakes(worlds, AT_ONCE);
  // What is not the provider's own latency is the platform's, the calls' way there and back too.
  const platformMs = tender.payMs.map((ms) => ms - AS_IN_LIFE.authorize);
  const capturedMs = await tender.cartToCapturedMs(load.startedMs);
  return {
    ...latenciesOf(load),
    platformP50Ms: percentile(platformMs, 0.5),
    platformP95Ms: percentile(platformMs, 0.95),
    cartToCapturedP95Ms: percentile(capturedMs, 0.95),
  };
}

/** Syncs per sale, one client after the other, so that commits of two sales never share one. */
export async function syncsPerSale({ worlds, tender }: Bench): Promise<number | undefined> {
  let sold = 0;
  const syncs = await syncsDuring(worlds.tender.pids[0], async () => {
    const load = await closedLoop(tender.sellInOneCall, { clients: 1, forMs: SYNCS_MS });
    sold = load.soldCount;
    await tender.drained();
  });
  return syncs === undefined || sold === 0 ? undefined : syncs / sold;
}

function latenciesOf(...loads: readonly Load[]) {
  const latenciesMs = loads.flatMap((load) => load.latenciesMs);
  return {
    soldCount: latenciesMs.length,
    failures: loads.flatMap(({ failures }) => failures),
    p50Ms: percentile(latenciesMs, 0.5),
    p95Ms: percentile(latenciesMs, 0.95),
  };
}
