import { describe, expect, test } from "vitest";
import { banned, fileNames, fileSizes, strayFolders } from "./architecture/bans.ts";
import { decisionsNamed } from "./architecture/decisions.ts";
import { links, readPages, refusalLists } from "./architecture/docs.ts";
import { layering, objectsAreCalled } from "./architecture/layers.ts";
import { type Rule, readFolders, readSources, type Source } from "./architecture/sources.ts";

const sources = readSources();

test("the tree is read at all", () => {
  const paths = sources.map(({ path }) => path);

  expect(paths).toContain("workers/index.ts");
  expect(paths).toContain("test/architecture.test.ts");
  expect(readFolders()).toContain("durable-objects/saga");
});

const codeRules = [layering, objectsAreCalled, ...banned, fileNames, fileSizes, decisionsNamed];
describe.each(codeRules)("$name", (rule) => holdsAndNotices(rule, sources));
describe.each([refusalLists, links])("$name", (rule) => holdsAndNotices(rule, readPages()));

function holdsAndNotices({ check, planted }: Rule, present: readonly Source[]): void {
  test("holds", () => {
    expect(check(present)).toEqual([]);
  });

  test.each(planted.map((source, index) => ({ source, nth: index + 1 })))(
    "notices planted violation $nth, in $source.path",
    ({ source }) => {
      expect(check([source])).not.toEqual([]);
    },
  );
}

describe("folders are named for what they are about", () => {
  test("holds", () => {
    expect(strayFolders(readFolders())).toEqual([]);
  });

  test.each(["src", "pricing/utils", "packages/core"])("notices %s", (folder) => {
    expect(strayFolders([folder])).toEqual([folder]);
  });
});
