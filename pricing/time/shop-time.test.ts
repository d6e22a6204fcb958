import { expect, test } from "vitest";
import { isWallTime, momentOf, wallTime } from "./shop-time.ts";

const MINUTE_MS = 60_000;
const iso = (time: string, zone: string) => new Date(momentOf(time, zone)).toISOString();

/**
 * Source: IANA's rules. Europe/Berlin goes back from 03:00 to 02:00 on 2026-10-25 at 01:00 UTC and
 * forward on 2026-03-29 at 01:00 UTC; America/New_York back from 02:00 on 2026-11-01 at 06:00 UTC and
 * forward on 2026-03-08 at 07:00 UTC. Lord Howe changes by half an hour; Apia left out 2011-12-30.
 */
test.each([
  ["2026-11-27T00:00", "Europe/Berlin", "2026-11-26T23:00:00.000Z", "an ordinary day"],
  ["2026-10-25T01:59", "Europe/Berlin", "2026-10-24T23:59:00.000Z", "before the hour twice"],
  ["2026-10-25T02:00", "Europe/Berlin", "2026-10-25T00:00:00.000Z", "the first of two"],
  ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z", "the first of two"],
  ["2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z", "after both"],
  ["2026-10-25T02:30+01:00", "Europe/Berlin", "2026-10-25T01:30:00.000Z", "the second, by offset"],
  ["2026-11-01T00:59", "America/New_York", "2026-11-01T04:59:00.000Z", "before the hour twice"],
  ["2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00.000Z", "the first of two"],
  ["2026-11-01T02:00", "America/New_York", "2026-11-01T07:00:00.000Z", "after both"],
  [
    "2026-11-01T01:30-05:00",
    "America/New_York",
    "2026-11-01T06:30:00.000Z",
    "the second, by offset",
  ],
  [
    "2026-03-29T02:00",
    "Europe/Berlin",
    "2026-03-29T01:00:00.000Z",
    "right after the hour left out",
  ],
  [
    "2026-03-29T02:30",
    "Europe/Berlin",
    "2026-03-29T01:00:00.000Z",
    "right after the hour left out",
  ],
  ["2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z", "the first after it"],
  ["2026-03-29T03:10", "Europe/Berlin", "2026-03-29T01:10:00.000Z", "later"],
  ["2026-03-08T02:30", "America/New_York", "2026-03-08T07:00:00.000Z", "right after"],
  ["2026-10-04T02:10", "Australia/Lord_Howe", "2026-10-03T15:30:00.000Z", "half an hour left out"],
  ["2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00:00.000Z", "a day left out"],
  ["2026-11-27T00:00:00Z", "Europe/Berlin", "2026-11-27T00:00:00.000Z", "in UTC"],
])("%s in %s is %s: %s", (time, zone, moment) => {
  expect(iso(time, zone)).toBe(moment);
});

test.each(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"])(
  "what ends at any minute of %s's year ends once, when the wall first shows it",
  (zone) => {
    for (const day of ["2026-03-08", "2026-03-29", "2026-04-04", "2026-10-25", "2026-11-01"]) {
      const fromMs = Date.parse(`${day}T00:00:00Z`) - 18 * 60 * MINUTE_MS;
      let latest = "";
      for (let ms = fromMs; ms < fromMs + 40 * 60 * MINUTE_MS; ms += 10 * MINUTE_MS) {
        const wall = wallTime(ms, zone);
        if (wall > latest && latest !== "") expect(momentOf(wall, zone), wall).toBe(ms);
        else expect(momentOf(wall, zone), wall).toBeLessThanOrEqual(ms);
        if (wall > latest) latest = wall;
      }
    }
  },
);

test("what is no time is no moment", () => {
  expect(momentOf("2026-99-99T00:00", "Europe/Berlin")).toBeNaN();
  expect(isWallTime("2026-11-27T00:00")).toBe(true);
  expect(["2026-11-27T00:00Z", "2026-11-27T00:00+0100"].map(isWallTime)).toEqual([false, false]);
});
