import { RESEND_AFTER_MS, SECOND_MS } from "../schema/durations.ts";
import { pause } from "../scripts/machine/platform.ts";
import { closedLoop, type Load, openLoop, percentile } from "./load.ts";
import { cpuMsOf, syncsDuring, untilIdle } from "./machine.ts";
import { bareSale, type Provider, providerIs, type TenderSales } from "./sales.ts";
import type { Worlds } from "./worlds.ts";

/** Long enough for a steady state, short enough for three minutes in all. */
const WARM_MS = 3_000;
const ONE_CLIENT_MS = 5_000;
const TENDER_ROUND_MS = 10_000;
const BARE_ROUND_MS = 6_000;
const OPEN_LOOP_MS = 15_000;
const SYNCS_MS = 4_000;
const IDLE_SAMPLE_MS = 3_000;
/** A sale's alarm comes back once, for its outbox; what that costs is the sale's too. */
const LAST_ALARM_MS = RESEND_AFTER_MS + 2 * SECOND_MS;

/** The bare Worker takes no webhooks, so none are sent where the two are compared. */
const AT_ONCE: Provider = { authorizeMs: 0, captureMs: 0, sendsWebhooks: false };
const AS_IN_LIFE: Provider = { authorizeMs: 400, captureMs: 300, sendsWebhooks: true };
const SALES_PER_SECOND = 20;

export type Bench = { readonly worlds: Worlds; readonly tender: TenderSales };

export async function warmUp({ worlds, tender }: Bench): Promise<void> {
  await providerIs(worlds, AT_ONCE);
  await tender.look();
  await closedLoop(tender.sellInOneCall, { clients: 4, forMs: WARM_MS });
  await closedLoop(bareSale(worlds), { clients: 4, forMs: WARM_MS });
  await atRest({ worlds, tender });
}

/** Outboxes empty and every process idle, so that no measure pays for the one before it. */
async function atRest({ worlds, tender }: Bench): Promise<number> {
  const drainedMs = await tender.drained();
  await untilIdle(worlds.pids);
  return drainedMs;
}

export async function oneClient({ worlds, tender }: Bench) {
  const own = await closedLoop(tender.sellInOneCall, { clients: 1, forMs: ONE_CLIENT_MS });
  await atRest({ worlds, tender });
  const bare = await closedLoop(bareSale(worlds), { clients: 1, forMs: ONE_CLIENT_MS });
  return { tender: latenciesOf(own), bare: latenciesOf(bare) };
}

/** Tender and the bare Worker in turn, so that the machine's moods meet both. */
export async function throughput(bench: Bench, clients: number, roundsMax: number) {
  const rounds = [];
  for (let number = 0; number < roundsMax; number += 1) rounds.push(await round(bench, clients));
  return throughputOf(clients, rounds);
}

type Round = Awaited<ReturnType<typeof round>>;

async function round(bench: Bench, clients: number) {
  const { worlds, tender } = bench;
  const own = await closedLoop(tender.sellInOneCall, { clients, forMs: TENDER_ROUND_MS });
  const ownMs = (await atRest(bench)) - own.startedMs;
  const bare = await closedLoop(bareSale(worlds), { clients, forMs: BARE_ROUND_MS });
  await untilIdle(worlds.pids);
  return { own, ownMs, bare };
}

function throughputOf(clients: number, rounds: readonly Round[]) {
  const sum = (pick: (round: Round) => number) =>
    rounds.reduce((total, round) => total + pick(round), 0);
  const tenderPerSecond = (1000 * sum(({ own }) => own.soldCount)) / sum(({ ownMs }) => ownMs);
  const barePerSecond = (1000 * sum(({ bare }) => bare.soldCount)) / sum(({ bare }) => bare.tookMs);
  return {
    clients,
    tenderPerSecond,
    barePerSecond,
    ratio: tenderPerSecond / barePerSecond,
    tender: latenciesOf(...rounds.map(({ own }) => own)),
    bare: latenciesOf(...rounds.map(({ bare }) => bare)),
  };
}

export async function openLoopWithProvider(bench: Bench) {
  const { worlds, tender } = bench;
  await providerIs(worlds, AS_IN_LIFE);
  tender.payMs.length = 0;
  const load = await openLoop(tender.sellInTwoCalls, {
    perSecond: SALES_PER_SECOND,
    forMs: OPEN_LOOP_MS,
  });
  await atRest(bench);
  await providerIs(worlds, AT_ONCE);
  // What is not the provider's own latency is the platform's, the calls' way there and back too.
  const platformMs = tender.payMs.map((ms) => ms - AS_IN_LIFE.authorizeMs);
  const capturedMs = await tender.cartToCapturedMs(load.startedMs);
  return {
    ...latenciesOf(load),
    platformP50Ms: percentile(platformMs, 0.5),
    platformP95Ms: percentile(platformMs, 0.95),
    cartToCapturedP95Ms: percentile(capturedMs, 0.95),
  };
}

/** What this work and its sales' last alarms cost Tender's processor, without what idling costs. */
export async function cpuPerSale<T>(bench: Bench, work: () => Promise<T>) {
  const { worlds, tender } = bench;
  const idlePerMs = (await cpuDuring(worlds, () => pause(IDLE_SAMPLE_MS))).cpuPerMs;
  const soldBefore = tender.startedMs.size;
  const busy = await cpuDuring(worlds, async () => {
    const result = await work();
    await pause(LAST_ALARM_MS);
    return result;
  });
  const sold = tender.startedMs.size - soldBefore;
  return { ...busy.result, cpuMsPerSale: (busy.cpuMs - idlePerMs * busy.tookMs) / sold };
}

async function cpuDuring<T>({ tender }: Worlds, work: () => Promise<T>) {
  const startMs = performance.now();
  const cpuBeforeMs = cpuMsOf(tender.pids);
  const result = await work();
  const cpuMs = cpuMsOf(tender.pids) - cpuBeforeMs;
  const tookMs = performance.now() - startMs;
  return { result, cpuMs, tookMs, cpuPerMs: cpuMs / tookMs };
}

/** Syncs per sale, one client after the other, so that commits of two sales never share one. */
export async function syncsPerSale({ worlds, tender }: Bench): Promise<number | undefined> {
  let sold = 0;
  const syncs = await syncsDuring(worlds.tender.pids[0], async () => {
    const load = await closedLoop(tender.sellInOneCall, { clients: 1, forMs: SYNCS_MS });
    sold = load.soldCount;
    await tender.drained();
    await pause(LAST_ALARM_MS);
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
