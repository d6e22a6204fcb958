import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { bundle, type WorkerSource } from "../scripts/building/bundle.ts";
import { freePort, HOST, root } from "../scripts/machine/platform.ts";
import { startSimulators } from "../scripts/stack/simulators-alone.ts";
import { startStack, storageFolder } from "../scripts/stack/stack.ts";
import type { Build } from "./builds.ts";
import { ownWorkerds } from "./machine.ts";
import { TenderSales } from "./sales.ts";

/** A build that is measured: its own workerd, its own storage, its own simulators in a process of theirs. */
export type Side = {
  readonly name: string;
  readonly url: string;
  readonly simulatorUrl: string;
  /** The workerd that serves this build, and nothing else. */
  readonly pids: readonly number[];
  readonly sales: TenderSales;
  readonly miniflare: Miniflare;
  stop(): Promise<void>;
};

export type Bare = Pick<Side, "url" | "pids" | "stop">;

type Opened = { readonly folder: string; readonly inspectorPort?: number };

/** Without the storefront's files, request logs and traces: none of them is in a call's way in production. */
export async function startSide(name: string, { served }: Build, opened: Opened): Promise<Side> {
  process.env.X_LOCAL_OBSERVABILITY = "false";
  const [port, simulatorPort] = [await freePort(), await freePort()];
  const simulatorUrl = `http://${HOST}:${simulatorPort}`;
  const simulators = await startSimulators({
    ...{ port: simulatorPort, persistTo: join(opened.folder, `${name} provider`) },
    ...{ webhooks: `http://${HOST}:${port}`, vars: {} },
  });
  const { result, pids } = await withPids(() =>
    startStack({
      ...{ port, serves: served, storefront: false, simulators: false },
      persistTo: join(opened.folder, name),
      vars: {
        STRIPE_API_BASE: simulatorUrl,
        ADYEN_API_BASE: `${simulatorUrl}/adyen`,
        WEBHOOK_TARGETS_LOCAL: "allowed",
      },
      ...(opened.inspectorPort === undefined ? {} : { inspectorPort: opened.inspectorPort }),
    }),
  );
  const { url, miniflare } = result;
  const stop = async () => {
    await Promise.all([result.stop(), simulators.stop()]);
  };
  const sales = await TenderSales.of(url, miniflare);
  return { name, url, simulatorUrl, pids, sales, miniflare, stop };
}

async function withPids<T>(start: () => Promise<T>) {
  const before = new Set(ownWorkerds());
  const result = await start();
  return { result, pids: ownWorkerds().filter((pid) => !before.has(pid)) };
}

const bareWorker: WorkerSource = {
  name: "bare",
  config: "bench/bare/wrangler.toml",
  folders: ["bench/bare"],
};

/** The bare Worker, calling the simulators of a side. */
export async function startBare(folder: string, simulatorUrl: string): Promise<Bare> {
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
    resourcePersistencePath: storageFolder(join(folder, "bare")),
  });
  const { result, pids } = await withPids(() => miniflare.ready);
  return { url: result.origin, pids, stop: () => miniflare.dispose() };
}
