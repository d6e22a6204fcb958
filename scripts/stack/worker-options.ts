import { join } from "node:path";
import type { V4WorkerOptions, V4WorkerOptionsShape } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { buildAssets } from "../building/assets.ts";
import { bundle, type WorkerSource } from "../building/bundle.ts";
import { quietEnv, root } from "../machine/platform.ts";

type Vars = Readonly<Record<string, string>>;

/** A Worker as wrangler builds it, for miniflare; with its assets where it has some. */
export async function workerOptions(worker: WorkerSource, vars: Vars): Promise<V4WorkerOptions> {
  // First of all: wrangler builds no Worker whose assets are missing.
  const directory = worker.hasAssets ? await buildAssets() : undefined;
  const modules = await bundle(worker);
  const { modulesRules: _, assets, ...options } = configuredOptions(worker);
  const bindings = { ...options.bindings, ...vars };
  const served = assets && directory ? { assets: { ...assets, directory } } : {};
  return { ...options, ...served, name: worker.name, modules, bindings };
}

type ConfiguredOptions = V4WorkerOptionsShape & { modulesRules?: unknown };

/** What its wrangler file says. */
export function configuredOptions(worker: WorkerSource): ConfiguredOptions {
  Object.assign(process.env, quietEnv());
  const config = unstable_readConfig({ config: join(worker.tree ?? root, worker.config) });
  // Secrets are injected here; those that wrangler would look for in the environment are not wanted.
  const readable = { ...config, secrets: undefined };
  return unstable_getMiniflareWorkerOptions(readable).workerOptions as ConfiguredOptions;
}
