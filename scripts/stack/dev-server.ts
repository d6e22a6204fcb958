import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { WorkerSource } from "../building/bundle.ts";
import { HOST, quietEnv, root, untilHealthy } from "../machine/platform.ts";

export type DevServer = {
  readonly name: string;
  readonly url: string;
  /** Resolves when it answers; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves with a sentence when it ends, however it ends. */
  readonly ended: Promise<string>;
  /** From here on what it says is shown; its errors always are. */
  show(): void;
  stop(): Promise<void>;
};

type DevServerOptions = {
  readonly port: number;
  readonly persistTo: string;
  readonly vars: Readonly<Record<string, string>>;
};

// The launcher in wrangler/bin would not pass a signal on.
const WRANGLER = join(root, "node_modules/wrangler/wrangler-dist/cli.js");
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 5000;

/** One Worker under `wrangler dev`, as a child in this process's group. */
export function startDevServer(worker: WorkerSource, options: DevServerOptions): DevServer {
  const { port, persistTo, vars } = options;
  const url = `http://${HOST}:${port}`;
  const child = spawn(
    process.execPath,
    [
      ...["--no-warnings", WRANGLER, "dev", "--config", join(root, worker.config)],
      ...["--ip", HOST, "--port", String(port), "--persist-to", persistTo],
      ...["--inspector-port", "0", "--show-interactive-dev-session", "false"],
      ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ],
    // Required secrets are looked for in the environment too: there must stand the same.
    { cwd: root, env: quietEnv(vars), stdio: ["ignore", "pipe", "pipe"] },
  );
  const show = holdOutput(child);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) =>
      resolve(`${worker.name} could not be started: ${error.message}`),
    );
    child.once("exit", (code, signal) => resolve(`${worker.name} ended (${signal ?? code}).`));
  });
  const died = ended.then((sentence) => Promise.reject(new Error(sentence)));
  died.catch(() => undefined); // it is only of interest while waiting for "ready"
  return {
    name: worker.name,
    url,
    ready: Promise.race([untilHealthy(url, READY_WITHIN_MS), died]),
    ended,
    show,
    stop: () => stopChild(child, ended),
  };
}

/** Errors are shown as they come; the chatter waits until it is asked for. */
function holdOutput(child: ChildProcess): () => void {
  let shown = false;
  child.stderr?.pipe(process.stderr);
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    if (shown) process.stdout.write(text);
  });
  return () => {
    shown = true;
  };
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}
