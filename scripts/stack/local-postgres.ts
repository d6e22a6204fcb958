import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { freePort, HOST } from "../machine/platform.ts";
import { isOpenToAll, postgresPrograms, postgresUser } from "./postgres-programs.ts";

/** A real Postgres 18 on this machine, from npm: nothing to install, gone when it is stopped. */
export type Postgres = {
  /** Of one of its databases. */
  url(database: string): string;
  stop(): Promise<void>;
};

type PostgresOptions = {
  /** Kept between starts. Without one it lives in a temporary folder until it is stopped. */
  readonly folder?: string;
  readonly port?: number;
};

const run = promisify(execFile);
const READY = "ready to accept connections";

/** Starts a server, and makes its data folder first where there is none. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const { initdb, postgres } = await postgresPrograms();
  const folder = await folderFor(options.folder);
  const data = join(folder, "data");
  if (!existsSync(join(data, "PG_VERSION"))) {
    await ownedFolder(data);
    const args = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"];
    await run(initdb, args, postgresUser);
  }
  const port = options.port || (await freePort());
  const child = spawn(postgres, serverArgs(data, port), {
    ...postgresUser,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await untilReady(child);
  return {
    url: (database) => `postgres://postgres:local@${HOST}:${port}/${database}`,
    stop: async () => {
      await shutDown(child);
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function serverArgs(data: string, port: number): string[] {
  return [
    ...["-D", data, "-p", String(port)],
    ...["-c", `listen_addresses=${HOST}`, "-c", "unix_socket_directories="],
  ];
}

function untilReady(child: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Postgres did not start:\n${said}`)));
    child.stderr?.on("data", (chunk: Buffer) => {
      if (said.includes(READY)) return; // read on, so that it never waits for a reader
      said += chunk.toString();
      if (said.includes(READY)) resolve();
    });
  });
}

/** SIGINT: it breaks its connections off, writes all down and ends. */
async function shutDown(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await exit;
}

/** Where "nobody" cannot go down to the wanted folder, one of the temporary folder stands for it. */
async function folderFor(wanted: string | undefined): Promise<string> {
  if (wanted === undefined) {
    const made = await mkdtemp(join(tmpdir(), "tender-postgres-"));
    await ownedFolder(made);
    return made;
  }
  const parent = dirname(resolve(wanted));
  await mkdir(parent, { recursive: true });
  const name = createHash("sha256").update(resolve(wanted)).digest("hex").slice(0, 16);
  const isReachable = postgresUser.uid === undefined || (await isOpenToAll(join(parent, "x")));
  const folder = isReachable ? resolve(wanted) : join(tmpdir(), `tender-postgres-data-${name}`);
  await ownedFolder(folder);
  return folder;
}

async function ownedFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  const { uid, gid } = postgresUser;
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
}
