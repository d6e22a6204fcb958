import { expect, test } from "vitest";
import { endedWallTime, wallTime } from "./shop-time.ts";

const MINUTE_MS = 60_000;

test("what is over now stays over in the hour that an autumn night has twice", () => {
  for (const at of ["2026-10-25T00:20:00Z", "2026-10-25T00:59:00Z", "2026-10-25T01:30:00Z"]) {
    const over = endedWallTime(Date.parse(at), "Europe/Berlin");
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      expect(wallTime(Date.parse(at) + minute * MINUTE_MS, "Europe/Berlin") >= over).toBe(true);
    }
  }
});

test("on any other day it is the minute that the clock shows", () => {
  expect(endedWallTime(Date.parse("2026-11-27T09:05:30Z"), "Europe/Berlin")).toBe(
    "2026-11-27T10:05",
  );
});
