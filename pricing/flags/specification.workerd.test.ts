import { expect, test } from "vitest";
import { judged, listed } from "./testing/client-specification.ts";

test("every case of Unleash's client specification comes out as it says", async () => {
  const { cases, files, failed } = await judged();

  expect(failed).toEqual([]);
  expect(files).toBe(listed.length);
  expect(cases).toBe(279);
});
