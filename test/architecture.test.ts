import { describe, expect, test } from "vitest";
import { banned, fileNames, fileSizes, strayFolders } from "./architecture/bans.ts";
import { circles } from "./architecture/circles.ts";
import { links, readPages, refusalLists, walks } from "./architecture/docs.ts";
import { layering, objectsAreCalled } from "./architecture/layers.ts";
import { decisionsNamed, filesNamed, readProse } from "./architecture/mentions.ts";
import { providersBehindRegistry, providersByTable } from "./architecture/providers.ts";
import { roomSizes, rooms } from "./architecture/rooms.ts";
import { type Rule, readFolders, readSources, type Source } from "./architecture/sources.ts";

const sources = readSources();

test("the tree is read at all", () => {
  const paths = sources.map(({ path }) => path);

  expect(paths).toContain("workers/index.ts");
  expect(paths).toContain("test/architecture.test.ts");
  expect(readFolders()).toContain("durable-objects/saga");
});

const codeRules = [
  ...[layering, objectsAreCalled, circles, rooms, roomSizes],
  ...[providersByTable, providersBehindRegistry],
  ...[...banned, fileNames, fileSizes],
];
describe.each(codeRules)("$name", (rule) => holdsAndNotices(rule, sources));
describe.each([refusalLists, links, walks])("$name", (rule) => holdsAndNotices(rule, readPages()));
describe.each([filesNamed, decisionsNamed])("$name", (rule) => holdsAndNotices(rule, readProse()));

function holdsAndNotices({ check, planted }: Rule, present: readonly Source[]): void {
  test("holds", () => {
    expect(check(present)).toEqual([]);
  });

  const plants = planted.map((each, index) => ({ sources: [each].flat(), nth: index + 1 }));
  test.each(plants.map((plant) => ({ ...plant, path: plant.sources[0]?.path })))(
    "notices planted violation $nth, in $path",
    ({ sources: violation }) => {
      expect(check(violation)).not.toEqual([]);
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
