import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { simulators } from "../building/bundle.ts";
import { claimPort, freePort, HOST, untilHealthy } from "../machine/platform.ts";
import type { SimulatorFlags } from "./simulator-flags.ts";
import { simulatorVars, storageFolder } from "./stack.ts";
import { workerOptions } from "./worker-options.ts";

const HEALTHY_WITHIN_MS = 30_000; // a machine that does other work besides is slow

/**
 * The simulators without the platform. On miniflare and a socket of their own: the proxy of `wrangler dev` repeats a GET
 * whose connection broke and answers a POST with 500, so that faults which lose an answer would not be met.
 */
export async function startSimulators(flags: SimulatorFlags): Promise<{ stop(): Promise<void> }> {
  const { port, persistTo } = flags;
  await claimPort(port, "it takes this one alone");
  const worker = await workerOptions(simulators, varsOf(flags));
  const workers = [{ ...worker, unsafeDirectSockets: [{ host: HOST, port }] }];
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      ...{ host: HOST, port: await freePort(), logRequests: false, workers },
    }),
    resourcePersistencePath: storageFolder(persistTo),
  });
  try {
    await miniflare.ready;
    await untilHealthy(`http://${HOST}:${port}`, HEALTHY_WITHIN_MS);
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
  return { stop: () => miniflare.dispose() };
}

/** Nobody hears of payments unless the flags say who. */
export function varsOf({ port, webhooks, vars }: SimulatorFlags) {
  const silent = { STRIPE_WEBHOOK_URL: "", ADYEN_WEBHOOK_URL: "" };
  const places = { url: webhooks ?? "", simulatorUrl: `http://${HOST}:${port}` };
  return simulatorVars(webhooks === undefined ? { ...silent, ...vars } : vars, places);
}
