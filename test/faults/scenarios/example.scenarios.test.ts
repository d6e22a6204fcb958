import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { matrixOf, unbroken } from "../matrix/matrix.ts";
import { pickupSaga } from "./example.saga.ts";
import { pickups } from "./example.scenarios.ts";

const cases = await matrixOf(pickups);

describe("a pickup ends with a clean slate or one parcel fetched, whatever breaks", () => {
  for (const each of cases) {
    test(each.name, async () => {
      expect(await each.play()).toEqual([]);
    });
  }
});

test("every step that calls outside or waits is broken in every way", () => {
  expect(unbroken(pickupSaga, cases)).toEqual([]);
});

test("a new step that no scenario comes by is named", () => {
  const stamp = { kind: "step" as const, name: "stamp", do: async () => "stamped" };
  const grown = { ...pickupSaga, steps: [...pickupSaga.steps, stamp] };

  expect(unbroken(grown, cases)).toEqual(["stamp"]);
});

test("docs/sagas.md teaches with this very saga", () => {
  const read = (path: string) => readFileSync(`${import.meta.dirname}/${path}`, "utf8");

  expect(read("../../../docs/sagas.md")).toContain(`\`\`\`ts\n${read("example.saga.ts")}\`\`\``);
});
