import { join, resolve } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { type RegionCode, regionCodes, regions } from "../../schema/regions.ts";
import { someAssets } from "../building/assets.ts";
import { product, simulators, type WorkerSource } from "../building/bundle.ts";
import { localKeys } from "../machine/local-keys.ts";
import { claimPort, freePort, HOST, untilHealthy } from "../machine/platform.ts";
import { migrate } from "../seed/migrate-d1.ts";
import { seedCatalogue, seedStock } from "../seed/seed.ts";
import { areSimulated, onDemand, simulated, simulatorPortAt, spared } from "./simulated.ts";
import { configuredOptions, workerOptions } from "./worker-options.ts";

export type StackOptions = {
  /** 0 takes any free port. */
  readonly port?: number;
  /** The port after the product's, unless said. 0 takes any free port. */
  readonly simulatorPort?: number;
  readonly persistTo?: string;
  readonly vars?: Readonly<Record<string, string>>;
  /** Default: yes, unless every provider's base URL points elsewhere. */
  readonly simulators?: boolean;
  readonly logRequests?: boolean;
  /** Databases, migrated, of the regions whose orders stand in Postgres. */
  readonly postgres?: PostgresUrls;
  /**
   * Whether the storefront's files are served too. Here they stand before every call of the API, as Workers of
   * miniflare's own that share its thread; Cloudflare serves them elsewhere. Default: yes.
   */
  readonly storefront?: boolean;
  /** What is served: this repository's product, unless said. */
  readonly serves?: Served;
  /** Opens V8's inspector of the product's isolate there. */
  readonly inspectorPort?: number;
};

/** A build of the product, and what fills its stores. */
export type Served = {
  readonly worker: WorkerSource;
  readonly migrate: typeof migrate;
  readonly seedCatalogue: typeof seedCatalogue;
  readonly seedStock: typeof seedStock;
};

const ourselves: Served = { worker: product, migrate, seedCatalogue, seedStock };

export type PostgresUrls = { readonly [Region in RegionCode]?: string };

export type Stack = {
  readonly url: string;
  /** Undefined where the providers stand elsewhere. */
  readonly simulatorUrl: string | undefined;
  readonly miniflare: Miniflare;
  stop(): Promise<void>;
};

const HEALTHY_WITHIN_MS = 30_000; // a machine that does other work besides is slow
const NOWHERE = `http://${HOST}:9`; // the discard port: never the real provider by omission

/**
 * The whole local platform in one process: both Workers as wrangler builds them, on miniflare,
 * migrated, seeded and answering. Storage is the folder that `wrangler dev --persist-to` uses.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { serves = ourselves, storefront = true, inspectorPort } = options;
  const places = await placesFor(options);
  const { vars, hyperdrives } = postgresBindings(options);
  const source = { ...serves.worker, hasAssets: storefront };
  if (!storefront) await someAssets(source.tree);
  const worker = await workerOptions(source, productVars(vars, places));
  const workers: V4WorkerOptions[] = [{ ...worker, hyperdrives }];
  if (places.simulatorPort !== undefined) {
    const worker = await workerOptions(simulators, simulatorVars(options.vars, places));
    workers.push({ ...worker, unsafeDirectSockets: [{ host: HOST, port: places.simulatorPort }] });
  }
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: HOST,
      port: places.port,
      logRequests: options.logRequests ?? false,
      workers,
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
    }),
    unsafeTriggerHandlers: true, // no cron fires here by itself: /cdn-cgi/local/scheduled runs it
    resourcePersistencePath: storageFolder(options.persistTo),
  });
  try {
    await migrateAndSeed(miniflare, serves);
    await untilHealthy(places.url, HEALTHY_WITHIN_MS);
    await serves.seedStock(places.url);
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
  return { ...places, miniflare, stop: () => miniflare.dispose() };
}

/** What wrangler.toml does not say by itself: which regions' orders stand in which Postgres. */
function postgresBindings({ vars, postgres = {} }: StackOptions) {
  const stores: Record<string, string> = {};
  const hyperdrives: Record<string, string> = {};
  for (const code of regionCodes) {
    const url = postgres[code];
    if (url === undefined) continue;
    stores[regions[code].bindings.orderStore] = "postgres";
    hyperdrives[regions[code].bindings.postgres] = url;
  }
  return { vars: { ...stores, ...vars }, hyperdrives };
}

/** Where the data of `--persist-to DIR` lies; the same place that wrangler uses. */
export function storageFolder(persistTo = ".tender/state"): string {
  return join(resolve(persistTo), "v3");
}

/**
 * Migrates and seeds the stores of a folder. Without the Worker itself: an overdue alarm would
 * fire here, where no provider answers.
 */
export async function prepareStorage(persistTo: string): Promise<void> {
  const { d1Databases = {} } = configuredOptions(product);
  const stub = "export default { fetch: () => new Response() }";
  const worker = {
    name: product.name,
    modules: [{ type: "ESModule" as const, path: "index.js", contents: stub }],
    d1Databases,
  };
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({ host: HOST, port: 0, logRequests: false, workers: [worker] }),
    resourcePersistencePath: storageFolder(persistTo),
  });
  try {
    await migrateAndSeed(miniflare, ourselves);
  } finally {
    await miniflare.dispose();
  }
}

async function migrateAndSeed(miniflare: Miniflare, serves: Served): Promise<void> {
  await miniflare.ready;
  const catalogue = await miniflare.getD1Database("CATALOG", product.name);
  await serves.migrate(catalogue, "migrations/catalog");
  await serves.seedCatalogue(catalogue);
  for (const code of regionCodes) {
    const orders = await miniflare.getD1Database(regions[code].bindings.orders, product.name);
    await serves.migrate(orders, "migrations/orders");
  }
}

type Urls = Pick<Stack, "url" | "simulatorUrl">;
type Places = Urls & {
  readonly port: number;
  readonly simulatorPort: number | undefined;
};

async function placesFor(options: StackOptions): Promise<Places> {
  const port = (options.port ?? 8787) || (await freePort());
  await claimPort(port);
  const url = `http://${HOST}:${port}`;
  if (!(options.simulators ?? areSimulated(options.vars) !== "none")) {
    return { url, port, simulatorUrl: undefined, simulatorPort: undefined };
  }
  const wanted = options.simulatorPort ?? (options.port === 0 ? 0 : port + 1);
  const simulatorPort = await simulatorPortAt(wanted, options.vars);
  await claimPort(simulatorPort);
  return { url, port, simulatorUrl: `http://${HOST}:${simulatorPort}`, simulatorPort };
}

type Vars = Readonly<Record<string, string>>;

export function productVars(overrides: Vars | undefined, { simulatorUrl }: Urls): Vars {
  const bases = Object.entries({ ...simulated, ...spared }).map(([name, path]) => {
    const otherwise = name in simulated ? NOWHERE : "";
    return [name, simulatorUrl ? `${simulatorUrl}${path}` : otherwise];
  });
  const vars = { ...localKeys, ...Object.fromEntries(bases), ...overrides };
  return { ...vars, ...onDemand(vars, simulatorUrl) };
}

/** The simulators sign with the secret that the product verifies, and know where to call back. */
export function simulatorVars(overrides: Vars | undefined, places: Urls): Vars {
  const vars = productVars(overrides, places);
  return {
    STRIPE_WEBHOOK_URL: vars.STRIPE_WEBHOOK_URL ?? `${places.url}/v1/webhooks/stripe`,
    STRIPE_WEBHOOK_SECRET: vars.STRIPE_WEBHOOK_SECRET ?? localKeys.STRIPE_WEBHOOK_SECRET,
    ADYEN_WEBHOOK_URL: vars.ADYEN_WEBHOOK_URL ?? `${places.url}/v1/webhooks/adyen`,
    ADYEN_HMAC_KEY: vars.ADYEN_HMAC_KEY ?? localKeys.ADYEN_HMAC_KEY,
    ADYEN_MERCHANT_ACCOUNT: vars.ADYEN_MERCHANT_ACCOUNT ?? localKeys.ADYEN_MERCHANT_ACCOUNT,
  };
}
