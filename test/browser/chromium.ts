import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const run = promisify(execFile);

/** A real Chromium from the npm package, or the one at CHROMIUM_PATH. Nothing is downloaded. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? (await sparticuz.executablePath());
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
    env: { ...process.env, ...(await missingLibraries(executablePath)) },
  });
}

/** The package brings the libraries along that a bare machine lacks (NSS above all). */
async function missingLibraries(executablePath: string): Promise<Record<string, string>> {
  if (process.platform !== "linux") return {};
  const { stdout } = await run("ldd", [executablePath]);
  if (!stdout.includes("not found")) return {};
  const folder = join(tmpdir(), `tender-chromium-libraries-${process.pid}`);
  const archive = join(folder, "al2023.tar");
  await mkdir(folder, { recursive: true });
  const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const packed = await readFile(join(dirname(main), "../../bin/al2023.tar.br"));
  await writeFile(archive, await promisify(brotliDecompress)(packed));
  await run("tar", ["-xf", archive, "-C", folder]);
  return { LD_LIBRARY_PATH: join(folder, "lib") };
}
