import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { DAY_MS, quietEnv, root } from "../machine/platform.ts";

/** A Worker of this repository: what it is made of, and its wrangler file. */
export type WorkerSource = {
  readonly name: string;
  /** Where the repository stands that it is built of; this one, unless said. */
  readonly tree?: string;
  /** Another main module than its wrangler file names. */
  readonly main?: string;
  /** Unminified, so that a profile can tell its functions' files. */
  readonly isReadable?: boolean;
  readonly config: string;
  readonly folders: readonly string[];
  /** It serves files, which scripts/building/assets.ts builds. */
  readonly hasAssets?: boolean;
};

export const product: WorkerSource = {
  name: "tender",
  config: "wrangler.toml",
  folders: ["schema", "pricing", "payments", "orders", "durable-objects", "workers"],
  hasAssets: true,
};

export const simulators: WorkerSource = {
  name: "tender-simulators",
  config: "workers/simulators/wrangler.toml",
  folders: ["schema", "workers/simulators"],
};

export type BuiltModule = {
  readonly type: "ESModule" | "CompiledWasm" | "Text" | "Data";
  readonly path: string;
  readonly contents: Uint8Array<ArrayBuffer>;
};

const run = promisify(execFile);
export const buildRoot = join(root, ".tender/build");
const KEEP_BUILDS_MS = DAY_MS; // long enough for a test run that started on an older source

/** The modules that wrangler would deploy, main module first. Built once per content of the sources. */
export async function bundle(worker: WorkerSource): Promise<BuiltModule[]> {
  const folder = join(buildRoot, `${worker.name}-${await sourceHash(worker)}`);
  if (!existsSync(folder)) await build(worker, folder);
  return readModules(folder);
}

/** Builds beside the place and renames into it: whoever builds at the same time, a folder is whole or absent. */
async function build(worker: WorkerSource, folder: string): Promise<void> {
  const draft = `${folder}.draft-${process.pid}-${performance.now()}`;
  await mkdir(buildRoot, { recursive: true });
  const tree = worker.tree ?? root;
  const wrangler = join(tree, "node_modules/wrangler/bin/wrangler.js");
  const args = ["deploy", "--dry-run", "--outdir", draft, "--config", join(tree, worker.config)];
  if (worker.main) args.splice(1, 0, join(tree, worker.main));
  if (worker.isReadable) args.push("--minify=false");
  try {
    await run(process.execPath, [wrangler, ...args], { cwd: tree, env: quietEnv() });
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw new Error(`wrangler could not build ${worker.config}:\n${outputOf(error)}`);
  }
  try {
    await rename(draft, folder);
  } catch {
    await rm(draft, { recursive: true, force: true }); // another process was first, with the same content
  }
  await removeOldBuilds();
}

function outputOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
  return `${stdout}${stderr}`.trim() || String(error);
}

async function readModules(folder: string): Promise<BuiltModule[]> {
  const names = await filesUnder(folder);
  const modules = await Promise.all(
    names.map(async (path) => {
      const type = moduleType(path);
      const contents = new Uint8Array(await readFile(join(folder, path)));
      return type ? { type, path, contents } : undefined;
    }),
  );
  return modules
    .filter((module) => module !== undefined)
    .sort((a, b) => Number(isMain(b)) - Number(isMain(a)));
}

/** wrangler calls the built main module as its source; everything else it names by content. */
const isMain = ({ path }: { readonly path: string }) => /^(index|worker)\.js$/.test(path);

function moduleType(path: string): BuiltModule["type"] | undefined {
  if (/\.m?js$/.test(path)) return "ESModule";
  if (path.endsWith(".wasm")) return "CompiledWasm";
  if (/\.(txt|html|sql)$/.test(path)) return "Text";
  if (path.endsWith(".bin")) return "Data";
  return undefined;
}

async function sourceHash(worker: WorkerSource): Promise<string> {
  const tree = worker.tree ?? root;
  const paths = ["package-lock.json", "tsconfig.json", worker.config];
  for (const folder of worker.folders) {
    for (const path of await filesUnder(join(tree, folder))) {
      if (!path.endsWith(".test.ts")) paths.push(join(folder, path));
    }
  }
  const hash = createHash("sha256").update(`${worker.main} ${worker.isReadable}`);
  for (const path of paths.sort()) {
    hash.update(`${path}\0`).update(await readFile(join(tree, path)));
  }
  return hash.digest("hex").slice(0, 16);
}

export async function filesUnder(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function removeOldBuilds(): Promise<void> {
  for (const name of await readdir(buildRoot)) {
    const path = join(buildRoot, name);
    const ageMs = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0, // gone already: another process cleans too
    );
    if (ageMs > KEEP_BUILDS_MS) await rm(path, { recursive: true, force: true });
  }
}
