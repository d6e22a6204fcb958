import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Entry = {
  readonly version?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
};
type Lock = { readonly packages: Readonly<Record<string, Entry>> };

const lock: Lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const manifest: Entry = JSON.parse(readFileSync("package.json", "utf8"));

/** npm on another platform reads the same lock: a binary package that has no entry breaks `npm ci` there. */
function holes({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !searched(path, name).some((place) => packages[place]))
      .map((name) => `${path || "the root"} wants ${name}`),
  );
}

/** Where Node looks for a package, from the innermost folder out. */
function searched(path: string, name: string): string[] {
  const parts = path === "" ? [] : path.split("/node_modules/");
  return Array.from({ length: parts.length + 1 }, (_, index) => {
    const base = parts.slice(0, parts.length - index).join("/node_modules/");
    return base === "" ? `node_modules/${name}` : `${base}/node_modules/${name}`;
  });
}

/** "npm:" gives a package under another name; its version is exact as well. */
function inexact({ dependencies, devDependencies }: Entry): string[] {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^(npm:@?[\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}

function versionsOf(name: string, { packages }: Lock): string[] {
  const entries = Object.entries(packages).filter(([path]) =>
    path.endsWith(`node_modules/${name}`),
  );
  return [...new Set(entries.map(([, { version }]) => String(version)))];
}

test("every optional dependency that the lock names is in the lock", () => {
  expect(holes(lock)).toEqual([]);
});

test("a hole in the lock would be noticed, a nested or hoisted package is none", () => {
  const optionalDependencies = { "@esbuild/aix": "1.0.0" };
  const esbuild = { "node_modules/a/node_modules/esbuild": { optionalDependencies } };

  expect(holes({ packages: esbuild })).toEqual([
    "node_modules/a/node_modules/esbuild wants @esbuild/aix",
  ]);
  for (const place of ["node_modules/a/node_modules/esbuild/", "node_modules/a/", ""]) {
    const found = { ...esbuild, [`${place}node_modules/@esbuild/aix`]: { version: "1.0.0" } };
    expect(holes({ packages: found })).toEqual([]);
  }
});

test("versions are exact, so that a release elsewhere changes nothing here", () => {
  expect(inexact(manifest)).toEqual([]);
  expect(
    inexact({ dependencies: { a: "^1.0.0", b: "1.x", c: "npm:d@~1.0.0", e: "1.0.0" } }),
  ).toEqual(["a ^1.0.0", "b 1.x", "c npm:d@~1.0.0"]);
});

test("the lock was made from this package.json", () => {
  const { dependencies, devDependencies } = lock.packages[""] ?? {};

  expect({ dependencies, devDependencies }).toEqual({
    dependencies: manifest.dependencies,
    devDependencies: manifest.devDependencies,
  });
});

test("one workerd: two versions would read each other's storage", () => {
  expect(versionsOf("workerd", lock)).toHaveLength(1);
  expect(
    versionsOf("workerd", {
      packages: {
        "node_modules/workerd": { version: "1.1.0" },
        "node_modules/wrangler/node_modules/workerd": { version: "1.2.0" },
      },
    }),
  ).toHaveLength(2);
});
