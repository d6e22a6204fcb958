import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { build } from "vite";
import { root } from "../machine/platform.ts";
import { buildRoot, filesUnder } from "./bundle.ts";

const source = join(root, "workers/storefront");
/** Where wrangler.toml looks for them. */
const publishedIn = (tree: string) => join(tree, "dist/assets");

/**
 * Everything that is served as a file: the storefront, and swagger-ui for the reference page. Built
 * once per content of the sources, and put where wrangler.toml says. Answers the built folder.
 */
export async function buildAssets(): Promise<string> {
  const folder = join(buildRoot, `assets-${await sourceHash()}`);
  if (!existsSync(folder)) await buildInto(folder);
  await publish(folder, publishedIn(root));
  return folder;
}

/** For a build that serves none of them: wrangler builds no Worker whose folder of assets is missing. */
export async function someAssets(tree = root): Promise<void> {
  const folder = join(buildRoot, "no-assets");
  await mkdir(folder, { recursive: true });
  if (!existsSync(publishedIn(tree))) await publish(folder, publishedIn(tree));
}

/** Builds beside the place and renames into it: a folder is whole or absent. */
async function buildInto(folder: string): Promise<void> {
  const draft = `${folder}.draft-${process.pid}-${performance.now()}`;
  await build({
    configFile: false,
    root: source,
    logLevel: "warn",
    build: {
      outDir: draft,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0, // pictures are files of their own, kept by browsers
    },
  });
  // One page that knows all its addresses.
  for (const page of ["checkout", "withdraw"]) {
    await copyFile(join(draft, "index.html"), join(draft, `${page}.html`));
  }
  const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
    await copyFile(join(swagger, name), join(draft, "docs", name));
  }
  try {
    await rename(draft, folder);
  } catch {
    await rm(draft, { recursive: true, force: true }); // another process was first, with the same
  }
}

/** One atomic step, so that a server that reads there never finds half a folder. */
async function publish(folder: string, published: string): Promise<void> {
  const link = `${published}.draft-${process.pid}-${performance.now()}`;
  await mkdir(dirname(published), { recursive: true });
  await symlink(relative(dirname(published), folder), link);
  await rename(link, published);
}

async function sourceHash(): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(root, "package-lock.json")));
  hash.update(await readFile(import.meta.filename));
  for (const path of await filesUnder(source)) {
    hash.update(`${path}\0`).update(await readFile(join(source, path)));
  }
  return hash.digest("hex").slice(0, 16);
}

if (import.meta.main) console.log(`The assets are in ${await buildAssets()}`);
