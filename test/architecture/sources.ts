import { readdirSync, readFileSync } from "node:fs";
import { posix, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** A file of the repository; its path is relative to the root. */
export type Source = { readonly path: string; readonly text: string };

/**
 * A rule of the repository. It answers a sentence per violation, and each planted source alone, or
 * each planted few together, must make it speak: a rule that cannot fail is no rule.
 */
export type Rule = {
  readonly name: string;
  readonly check: (sources: readonly Source[]) => string[];
  readonly planted: readonly (Source | readonly Source[])[];
};

const MADE_BY_TOOLS = ["node_modules", "dist", "worker-configuration.d.ts"];
const KEPT_DOT_FOLDERS = [".ci", ".githooks"];

/** The code that people write here. */
export function readSources(): Source[] {
  return pathsUnder("")
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(posix.join(root, path), "utf8") }));
}

/** Every folder that people made, from the root. */
export function readFolders(): string[] {
  return [...new Set(pathsUnder("").flatMap(foldersOf))].sort();
}

/** "a/b/c.ts" lies in "a" and in "a/b". */
export function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function pathsUnder(folder: string): string[] {
  return readdirSync(posix.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (MADE_BY_TOOLS.includes(entry.name)) return [];
    if (entry.isFile()) return [path];
    const hidden = entry.name.startsWith(".") && !KEPT_DOT_FOLDERS.includes(entry.name);
    return entry.isDirectory() && !hidden ? pathsUnder(path) : [];
  });
}

/** A test, or what only tests use: the files of a room called "testing". */
export function isTest(path: string): boolean {
  return /\.test\.ts$|\/testing\//.test(path);
}

export type Import = { readonly from: string; readonly typeOnly: boolean };

/** What a file imports: packages by name, our own files by their path from the root. */
export function importsOf({ path, text }: Source): Import[] {
  const code = withoutComments(text);
  const statements = [
    ...code.matchAll(/^(?:import|export)(\s+type)?\b[^"';]*?\bfrom\s+"([^"]+)"/gm),
  ];
  const others = [...code.matchAll(/(?:^import\s+|\bimport\()"([^"]+)"/gm)];
  return [
    ...statements.map(([, type, from = ""]) => ({ from, typeOnly: type !== undefined })),
    ...others.map(([, from = ""]) => ({ from, typeOnly: false })),
  ].map(({ from, typeOnly }) => ({
    from: from.startsWith(".") ? posix.join(posix.dirname(path), from) : from,
    typeOnly,
  }));
}

/** Comments go, so that a rule can be named in one. A URL's slashes stay. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`\\])\/\/.*$/gm, "$1");
}
