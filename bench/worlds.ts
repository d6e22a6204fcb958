import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { bundle, type WorkerSource } from "../scripts/building/bundle.ts";
import { freePort, HOST, root } from "../scripts/machine/platform.ts";
import { startStack, storageFolder } from "../scripts/stack/stack.ts";
import { ownWorkerds } from "./machine.ts";

export type World = {
  readonly url: string;
  /** The workerd that serves this world, and nothing else. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
};

export type Worlds = {
  readonly tender: World;
  readonly bare: World;
  readonly simulatorUrl: string;
  /** Every workerd of the bench, the simulators' too. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
};

const bareWorker: WorkerSource = {
  name: "bare",
  config: "bench/bare/wrangler.toml",
  folders: ["bench/bare"],
};

/**
 * Three processes: the simulators (of a stack whose product idles), Tender, and the bare Worker.
 * Both that are measured call the same simulators over HTTP and store on the same disk.
 */
export async function startWorlds(folder: string): Promise<Worlds> {
  // Local traces cost half of the throughput and do not exist in production.
  process.env.X_LOCAL_OBSERVABILITY = "false";
  const tenderPort = await freePort();
  const STRIPE_WEBHOOK_URL = `http://${HOST}:${tenderPort}/v1/webhooks/stripe`;
  const provider = await startStack({
    port: 0,
    persistTo: join(folder, "provider"),
    vars: { STRIPE_WEBHOOK_URL },
  });
  const simulatorUrl = provider.simulatorUrl ?? "";
  const tender = await withPids(() =>
    startStack({
      port: tenderPort,
      persistTo: join(folder, "tender"),
      vars: { STRIPE_API_BASE: simulatorUrl, ADYEN_API_BASE: `${simulatorUrl}/adyen` },
    }),
  );
  const bare = await withPids(() => startBare(join(folder, "bare"), simulatorUrl));
  const stop = async () => {
    await Promise.all([provider.stop(), tender.stop(), bare.stop()]);
  };
  return { tender, bare, simulatorUrl, pids: ownWorkerds(), stop };
}

async function withPids(start: () => Promise<Omit<World, "pids">>): Promise<World> {
  const before = new Set(ownWorkerds());
  const { url, stop } = await start();
  return { url, stop, pids: ownWorkerds().filter((pid) => !before.has(pid)) };
}

async function startBare(folder: string, simulatorUrl: string): Promise<Omit<World, "pids">> {
  const modules = await bundle(bareWorker);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, bareWorker.config));
  const { modulesRules: _, ...configured } = workerOptions;
  const bindings = { STRIPE_API_BASE: simulatorUrl };
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      host: HOST,
      port: 0,
      logRequests: false,
      workers: [{ ...configured, name: bareWorker.name, modules, bindings }],
    }),
    resourcePersistencePath: storageFolder(folder),
  });
  const url = await miniflare.ready;
  return { url: url.origin, stop: () => miniflare.dispose() };
}
