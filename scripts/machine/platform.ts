import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";

/** The repository's root, wherever a script is called from. */
export const root = join(import.meta.dirname, "../..");
export const HOST = "127.0.0.1";
export const DAY_MS = 24 * 60 * 60 * 1000;

const PORT_WAIT_MS = 3000; // a killed predecessor's port closes within this
const PORT_POLL_MS = 50;
// Below every system's range for outgoing connections: one of those takes any port there that nobody listens on.
const PORTS = { first: 10_240, end: 32_768 };
const BLOCK_PORTS = 16;

/** wrangler and miniflare without their calls home, which only make noise offline. */
export function quietEnv(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_HIDE_BANNER: "true",
    ...more,
  };
}

/** Throws the sentence for a developer when somebody else keeps the port. */
export async function claimPort(port: number, takes = "it takes P and P+1"): Promise<void> {
  const deadlineMs = performance.now() + PORT_WAIT_MS;
  while (!(await isFree(port))) {
    if (performance.now() > deadlineMs) {
      throw new Error(
        `Port ${port} on ${HOST} is already in use. Stop what listens there, or choose another with --port P (${takes}).`,
      );
    }
    await pause(PORT_POLL_MS);
  }
}

/**
 * The first of `count` free ports side by side. No other process is given them while this one lives,
 * whether it listens there already, later, or again.
 */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    if (block.next + count > block.end) block = await ownBlock();
    const first = block.next;
    block.next += count;
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
}

/** The ports that this process gives out. */
let block = { next: 0, end: 0 };

/** Listening on a block's first port, until the process ends, is what makes the others its own. */
async function ownBlock(): Promise<typeof block> {
  for (;;) {
    const first = PORTS.first + BLOCK_PORTS * randomInt((PORTS.end - PORTS.first) / BLOCK_PORTS);
    const guard = createServer().unref();
    const isOwn = await new Promise<boolean>((resolve, reject) => {
      guard.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "EADDRINUSE" ? resolve(false) : reject(error),
      );
      guard.listen(first, HOST, () => resolve(true));
    });
    if (isOwn) return { next: first + 1, end: first + BLOCK_PORTS };
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** Asks until the answer is "ok", or throws the last thing heard. */
export async function untilHealthy(url: string, withinMs: number): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const heard = await fetch(`${url}/healthz`).then(
      async (response) => (response.ok ? "ok" : `${response.status} ${await response.text()}`),
      (error: unknown) => String(error),
    );
    if (heard === "ok") return;
    if (performance.now() > deadlineMs) throw new Error(`${url} did not become healthy: ${heard}`);
    await pause(PORT_POLL_MS);
  }
}

/** Ends a script with one sentence instead of a stack trace. */
export function fail(reason: unknown, exitCode: number): never {
  console.error(reason instanceof Error ? reason.message : String(reason));
  process.exit(exitCode);
}
