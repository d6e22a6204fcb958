import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem } from "node:os";
import { eventually } from "../test/eventually.ts";

const CLOCK_TICKS_PER_SECOND = 100; // USER_HZ, fixed on Linux: https://man7.org/linux/man-pages/man5/proc.5.html
const IDLE_LOOK_MS = 500;
const IDLE_MS_PER_LOOK = 20; // timers and clean-up never stop altogether
const IDLE_WITHIN_MS = 30_000;
const GIB = 1024 ** 3;

export type Machine = ReturnType<typeof describeMachine>;

export function describeMachine() {
  const processors = cpus();
  const versionOf = (name: string): string =>
    createRequire(import.meta.url)(`${name}/package.json`).version as string;
  return {
    cores: processors.length,
    processor: processors[0]?.model ?? "unknown",
    memoryGib: Math.round(totalmem() / GIB),
    system: `${process.platform} ${release()}`,
    node: process.version,
    workerd: versionOf("workerd"),
    miniflare: versionOf("miniflare"),
    wrangler: versionOf("wrangler"),
  };
}

/** The workerd processes that this process has started. */
export function ownWorkerds(): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = statOf(pid);
      return stat?.parent === process.pid && stat.name.startsWith("workerd");
    });
}

/** CPU time that these processes have used so far, in user and kernel mode. */
export function cpuMsOf(pids: readonly number[]): number {
  const ticks = pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuTicks ?? 0), 0);
  return (ticks * 1000) / CLOCK_TICKS_PER_SECOND;
}

/** Waits until these processes hardly use the processor any more. */
export async function untilIdle(pids: readonly number[]): Promise<void> {
  let beforeMs = cpuMsOf(pids);
  await eventually(
    async () => {
      const nowMs = cpuMsOf(pids);
      const usedMs = nowMs - beforeMs;
      beforeMs = nowMs;
      return usedMs;
    },
    (usedMs) => usedMs <= IDLE_MS_PER_LOOK,
    { withinMs: IDLE_WITHIN_MS, gapMs: IDLE_LOOK_MS },
  );
}

/** How much of the machine went to processes that are not the bench's: they spoil every number. */
export function othersOnMachine(pids: readonly number[]) {
  const own = [...pids, process.pid];
  const before = { machine: machineTicks(), ownMs: cpuMsOf(own) };
  return {
    share: (): number | undefined => {
      const now = machineTicks();
      if (now === undefined || before.machine === undefined) return undefined;
      const ownTicks = ((cpuMsOf(own) - before.ownMs) * CLOCK_TICKS_PER_SECOND) / 1000;
      const busy = now.busy - before.machine.busy - ownTicks;
      return Math.max(0, busy / (now.all - before.machine.all));
    },
  };
}

function machineTicks(): { busy: number; all: number } | undefined {
  if (process.platform !== "linux") return undefined;
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, count) => sum + count, 0);
  // The fourth and fifth are idle time, the fifth while waiting for the disk.
  return { busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all };
}

function statOf(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // Fields 4, 14 and 15 of the manual page, counted from the third.
    return {
      name,
      parent: Number(fields[1]),
      cpuTicks: Number(fields[11]) + Number(fields[12]),
    };
  } catch {
    return undefined; // it ended between the listing and the look
  }
}

/** Counts the syncs that a process asks the disk for while `work` runs; undefined without strace. */
export async function syncsDuring(
  pid: number | undefined,
  work: () => Promise<void>,
): Promise<number | undefined> {
  const isThere = spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0;
  if (!isThere || pid === undefined) return undefined;
  const calls = "trace=fsync,fdatasync,sync_file_range";
  const strace = spawn("strace", ["-f", "-c", "-e", calls, "-p", String(pid)]);
  const summary = textOf(strace);
  try {
    await attached(strace);
    await work();
  } finally {
    strace.kill("SIGINT"); // it detaches and prints its summary
  }
  return countIn(await summary);
}

async function attached(strace: ChildProcess): Promise<void> {
  const [chunk] = await once(strace.stderr ?? strace, "data");
  if (!String(chunk).includes("attached")) throw new Error(`strace says: ${chunk}`);
}

async function textOf(child: ChildProcess): Promise<string> {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, "close");
  return text;
}

/** Adds up the `calls` column of strace's summary. */
function countIn(summary: string): number {
  const rows = summary.matchAll(
    /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s.*?(?:sync|sync_file_range)$/gm,
  );
  return [...rows].reduce((sum, [, calls]) => sum + Number(calls), 0);
}
