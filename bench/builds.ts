import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { filesUnder, product } from "../scripts/building/bundle.ts";
import { root } from "../scripts/machine/platform.ts";
import { migrate } from "../scripts/seed/migrate-d1.ts";
import { seedCatalogue, seedStock } from "../scripts/seed/seed.ts";
import type { Served } from "../scripts/stack/stack.ts";

/** A build of the product that the bench can serve. */
export type Build = { readonly name: string; readonly served: Served };

/** How a build is made beside the one that is deployed. */
export type Variant = "deployed" | "readable" | "counted";

const COUNTING = "test/counting";

export function thisBuild(variant: Variant = "deployed"): Build {
  return { name: "this", served: { ...seeds, worker: workerOf(undefined, variant) } };
}

const seeds = { migrate, seedCatalogue, seedStock };

function workerOf(tree: string | undefined, variant: Variant) {
  const own = { ...product, ...(tree === undefined ? {} : { tree }) };
  if (variant === "readable") return { ...own, isReadable: true };
  if (variant === "deployed") return own;
  const folders = [...product.folders, COUNTING];
  return { ...own, name: product.name, folders, main: `${COUNTING}/worker.ts` };
}

export type Checkout = {
  readonly name: string;
  build(variant?: Variant): Promise<Build>;
  remove(): Promise<void>;
};

/**
 * Another commit's files in a temporary folder, built by their own wrangler file, migrated and seeded by their own
 * scripts. Served, called and measured it is by this commit's: what differs is the product alone.
 *
 * Throws: for no commit; where its packages can neither be shared nor installed.
 */
export async function checkOut(commit: string): Promise<Checkout> {
  const name = git("rev-parse", "--short", `${commit}^{commit}`).toString().trim();
  const tree = await mkdtemp(join(tmpdir(), `tender-${name}-`));
  const remove = () => rm(tree, { recursive: true, force: true });
  try {
    execFileSync("tar", ["-x", "-C", tree], { input: git("archive", name) });
    await installPackages(tree);
    return { name, build: async (variant) => buildIn(tree, name, variant), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

const git = (...args: readonly string[]) =>
  execFileSync("git", args, { cwd: root, maxBuffer: 1024 ** 3 });

async function buildIn(tree: string, name: string, variant: Variant = "deployed"): Promise<Build> {
  if (variant === "counted") await copyCounting(tree);
  return { name, served: { ...(await seedsOf(tree)), worker: workerOf(tree, variant) } };
}

/** The counting is this commit's: it wraps whatever product it stands beside. */
async function copyCounting(tree: string): Promise<void> {
  await mkdir(join(tree, COUNTING), { recursive: true });
  for (const path of await filesUnder(join(root, COUNTING))) {
    await writeFile(join(tree, COUNTING, path), await readFile(join(root, COUNTING, path)));
  }
}

/** Where these scripts stood, newest first. */
const layouts = [
  { seed: "scripts/seed/seed.ts", migrate: "scripts/seed/migrate-d1.ts" },
  { seed: "scripts/seed.ts", migrate: "scripts/migrate.ts" },
];

async function seedsOf(tree: string): Promise<typeof seeds> {
  const layout = layouts.find(({ seed }) => existsSync(join(tree, seed)));
  if (!layout) throw new Error("That commit is too old: its seeds stand where nobody looks.");
  const load = (path: string) => import(pathToFileURL(join(tree, path)).href);
  const [seed, migration] = await Promise.all([load(layout.seed), load(layout.migrate)]);
  return {
    migrate: migration.migrate as typeof migrate,
    seedCatalogue: seed.seedCatalogue as typeof seedCatalogue,
    seedStock: seed.seedStock as typeof seedStock,
  };
}

/** Ours where they hold every package that it locks, in the same version; else its own, installed. */
async function installPackages(tree: string): Promise<void> {
  const [theirs, ours] = await Promise.all([lockedIn(tree), lockedIn(root)]);
  const isHeld = Object.entries(theirs).every(
    ([path, { version }]) => path === "" || ours[path]?.version === version,
  );
  if (isHeld) await symlink(join(root, "node_modules"), join(tree, "node_modules"));
  else execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: tree, stdio: "inherit" });
}

type Locked = Readonly<Record<string, { readonly version?: string }>>;

async function lockedIn(tree: string): Promise<Locked> {
  const text = await readFile(join(tree, "package-lock.json"), "utf8");
  return (JSON.parse(text) as { packages: Locked }).packages;
}
