import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { HOST, root } from "../../scripts/machine/platform.ts";
import { eventually } from "../eventually.ts";

const START_MS = 60_000; // the first start builds the Worker
const STOP_MS = 10_000;

/**
 * `npm run serve` as a process group of its own, so that a kill leaves nothing of it running. It
 * takes the port and the one after it.
 */
export class ServeProcess {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;
  #output = "";

  constructor(port: number, folder: string, flags: readonly string[] = []) {
    this.#port = port;
    this.#folder = folder;
    this.#flags = flags;
    this.url = `http://${HOST}:${port}`;
    this.simulatorUrl = `http://${HOST}:${port + 1}`;
  }

  /** Starts over whatever the folder holds; answers when the product and the simulators do. */
  async start(): Promise<void> {
    const args = ["--port", String(this.#port), "--persist-to", this.#folder, ...this.#flags];
    const child = spawn(process.execPath, [join(root, "scripts/serve.ts"), ...args], {
      cwd: root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    const isUp = await eventually(
      async () => child.exitCode !== null || (await this.#answers()),
      (settled) => settled,
      { withinMs: START_MS },
    ).catch(() => false);
    if (!isUp || child.exitCode !== null) throw new Error(`serve did not start: ${this.#output}`);
  }

  /** SIGKILL to every process of the group; answers when both ports are closed. */
  async kill(): Promise<void> {
    const pid = this.#child?.pid;
    this.#child = undefined;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group is gone already: the ports will say so.
    }
    await eventually(
      async () => (await isListening(this.#port)) || (await isListening(this.#port + 1)),
      (listening) => !listening,
      { withinMs: STOP_MS, gapMs: 20 },
    );
  }

  async #answers(): Promise<boolean> {
    // It says so itself once it is migrated and seeded; a port alone says less.
    return this.#output.includes("serves on") && (await isListening(this.#port));
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
