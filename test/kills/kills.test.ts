import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { freePort, pause } from "../../scripts/machine/platform.ts";
import { startPostgres } from "../../scripts/stack/local-postgres.ts";
import { auditAtRest, readDumps } from "../audit/read-dumps.ts";
import { type Body, Storefront } from "../clients/storefront.ts";
import { eventually, poll } from "../eventually.ts";
import { seeded } from "./seeded.ts";
import { ServeProcess } from "./serve-process.ts";
import { type Sale, shop } from "./shoppers.ts";

/** `npm run proof` asks for more of both. */
const KILLS = Number(process.env.KILLS ?? 5);
const SALES = Number(process.env.SALES ?? 100);
/** Where the orders stand: "postgres", or D1. */
const STORE = process.env.STORE ?? "d1";
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

const SHOPPERS = 8;
const REST_MS = 60_000; // "at rest" in the invariants
const JITTER_MS = 60; // as long as a sale takes, so that a kill strikes any of its moments

/** Slow enough for kills to strike while calls to the provider are under way, and never quite well. */
const provider = {
  latencyMs: { authorize: 30, capture: 30 },
  faults: [
    { operation: "any", kind: "drop_after", probability: 0.05 },
    { operation: "any", kind: "error_500", probability: 0.03 },
    { operation: "any", kind: "hang", probability: 0.02 },
    { operation: "any", kind: "rate_limit", probability: 0.04 },
  ],
  webhooks: { mode: "duplicate", delayMs: 700 },
};

const PROVIDERS = ["stripe", "adyen"];

async function control(serve: ServeProcess, settings: object): Promise<void> {
  for (const name of PROVIDERS) {
    const response = await fetch(`${serve.simulatorUrl}/_simulator/${name}/control`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(settings),
    });
    if (!response.ok) throw new Error(`The simulator refused: ${await response.text()}`);
  }
}

/** How often the providers misbehaved; the simulators count, and their counts survive the kills. */
async function faultsStruck(serve: ServeProcess): Promise<Record<string, number>> {
  const struck: Record<string, number> = {};
  for (const name of PROVIDERS) {
    const response = await fetch(`${serve.simulatorUrl}/_simulator/${name}/calls`);
    const { faults } = (await response.json()) as { faults: Record<string, number> };
    for (const [kind, count] of Object.entries(faults)) struck[kind] = (struck[kind] ?? 0) + count;
  }
  return struck;
}

/** By the shopper's name. */
type Sales = Map<string, Sale>;

/** How far the run is: sales are let in share by share, so that every kill meets sales under way. */
type Run = {
  readonly admitted: () => number;
  readonly sales: Sales;
  readonly storefront: Storefront;
};

const SHARE = Math.ceil(SALES / (KILLS + 1));

/** Kills and restarts once in each share of the sales, at a random moment of it. */
async function killWhileSelling(serve: ServeProcess, sales: Sales, admit: () => void) {
  const random = seeded(SEED);
  for (let kills = 1; kills <= KILLS; kills += 1) {
    const due = (kills - 1) * SHARE + random() * (SHARE - SHOPPERS);
    await poll(
      async () => sales.size,
      (done) => done >= due,
      { withinMs: REST_MS, gapMs: 2 },
    );
    await pause(random() * JITTER_MS);
    await serve.kill();
    admit();
    await serve.start();
    await control(serve, { ...provider, seed: kills });
  }
}

/** Every shopper of the run, some at a time; the same shopper makes the same calls with the same keys. */
async function sellToAll({ admitted, sales, storefront }: Run): Promise<void> {
  let next = 0;
  const shoppers = Array.from({ length: SHOPPERS }, async () => {
    for (let number = next++; number < SALES; number = next++) {
      await eventually(
        async () => admitted(),
        (count) => number < count,
        { withinMs: REST_MS, gapMs: 5 },
      );
      const name = `shopper-${number}`;
      sales.set(name, await shop(storefront, name, seeded(SEED + number)));
    }
  });
  await Promise.all(shoppers);
}

/** The sales that did not end the second time as they did the first, with all that was answered. */
function changesOf(sales: Sales, again: Sales, { told }: Storefront) {
  const changed = [...sales].filter(([name, sale]) => !isDeepStrictEqual(sale, again.get(name)));
  return changed.map(([name, sale]) => {
    const answers = told
      .filter(({ key }) => key.startsWith(`${name}-`))
      .map(({ key, status, body }) => {
        const { code, status: ofSale } = (body ?? {}) as Body;
        return { key, status, code, ofSale };
      });
    return { name, first: sale, again: again.get(name), answers };
  });
}

test(`${SALES} sales through ${KILLS} kills: nothing is lost and nobody pays twice`, async ({
  task,
}) => {
  console.log(`SEED=${SEED}`);
  const folder = await mkdtemp(join(tmpdir(), "tender-kills-"));
  const postgres = STORE === "postgres" ? await startPostgres() : undefined;
  const flags = postgres ? ["--postgres", `eu=${postgres.url("orders")}`] : [];
  const serve = new ServeProcess(await freePort(2), folder, flags);
  onTestFinished(async () => {
    await serve.kill();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await serve.start();
  await control(serve, provider);

  const storefront = new Storefront(serve.url);
  const sales: Sales = new Map();
  let admittedCount = SHARE;
  const admit = () => {
    admittedCount += SHARE;
  };
  await Promise.all([
    killWhileSelling(serve, sales, admit),
    sellToAll({ sales, storefront, admitted: () => admittedCount }),
  ]);
  const struck = await faultsStruck(serve);
  await control(serve, { faults: [], latencyMs: {}, webhooks: { mode: "normal" } });
  const atRest = await auditAtRest(serve, storefront.told, { withinMs: REST_MS });

  console.log(`faults struck: ${JSON.stringify(struck)}`);
  Object.assign(task.meta, { seed: SEED, store: STORE, kills: KILLS, sales: SALES, struck });
  expect(sales.size).toBe(SALES);
  expect(Object.keys(struck)).toEqual(expect.arrayContaining(["drop_after", "rate_limit"]));
  const unanswered = storefront.told.filter(({ status }) => status === 0);
  expect(unanswered.length).toBeGreaterThanOrEqual(KILLS); // the kills struck calls, not pauses
  expect(atRest).toMatchObject({ violations: [], unfinished: [] });

  // Everybody clicks once more: the same keys, hence the same answers, and nothing new.
  const again: Sales = new Map();
  await sellToAll({ sales: again, storefront, admitted: () => SALES });
  expect(changesOf(sales, again, storefront)).toEqual([]);
  const afterwards = await auditAtRest(serve, storefront.told, { withinMs: REST_MS });
  expect(afterwards).toMatchObject({ violations: [], unfinished: [] });

  const { orders, ledger } = await readDumps(serve);
  const sold = [...sales.values()].filter(({ outcome }) => outcome === "sold");
  expect(new Set(orders.map(({ checkoutId }) => checkoutId))).toEqual(
    new Set(sold.map(({ checkoutId }) => checkoutId)),
  );
  expect(orders.filter(({ status }) => status === "fulfillment_requested")).toHaveLength(
    sold.length,
  );
  expect(ledger.filter(({ amountReceived }) => amountReceived > 0)).toHaveLength(sold.length);
});
