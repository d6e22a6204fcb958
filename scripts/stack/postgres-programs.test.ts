import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { isOpenToAll, packageFolder, postgresPrograms, postgresUser } from "./postgres-programs.ts";

const run = promisify(execFile);
const COPYING_MS = 30_000; // 60 MB there, back and away, beside other tests

async function temporaryFolder(mode: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tender-programs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, mode);
  return folder;
}

/** As an installation under a umask of 077 leaves it. */
async function close(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => !one.isSymbolicLink())) {
    const isEntered = entry.isDirectory() || entry.parentPath.endsWith("/bin");
    await chmod(join(entry.parentPath, entry.name), isEntered ? 0o700 : 0o600);
  }
}

test("Postgres' user makes a cluster with the programs of a package that it cannot reach", {
  timeout: COPYING_MS,
}, async () => {
  const copies = await temporaryFolder(0o755);
  const closed = await temporaryFolder(0o700);
  await cp(packageFolder(), closed, { recursive: true, verbatimSymlinks: true });
  await close(closed);

  const { initdb } = await postgresPrograms(closed, copies);

  const data = join(await temporaryFolder(0o777), "data");
  const made = await run(initdb, ["-D", data, "-U", "postgres", "--no-sync"], postgresUser);
  expect(made.stdout).toContain("Success.");
});

test("for root they are one whole copy, whoever asks at once; others run the package's own", async () => {
  const copies = await temporaryFolder(0o755);
  const closed = await temporaryFolder(0o700);
  await mkdir(join(closed, "native/bin"), { recursive: true });
  await writeFile(join(closed, "package.json"), '{"version":"18.0.0"}');
  for (const name of ["initdb", "postgres"]) await writeFile(join(closed, "native/bin", name), "");

  const asked = [1, 2, 3].map(() => postgresPrograms(closed, copies));
  const [first, ...others] = await Promise.all(asked);

  const isRoot = postgresUser.uid !== undefined;
  expect(others).toEqual([first, first]);
  expect(await readdir(copies)).toEqual(isRoot ? ["tender-postgres-18.0.0"] : []);
  expect(await isOpenToAll(String(first?.postgres))).toBe(isRoot);
});
