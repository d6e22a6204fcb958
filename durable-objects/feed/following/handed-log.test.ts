import { expect, test, vi } from "vitest";
import type { LoggedEvent } from "../../../orders/order-store.ts";
import { lifeOf, orderOf } from "../../../orders/testing/order-fixtures.ts";
import { HandedLog, type LogPart } from "./handed-log.ts";
import type { EventLog } from "./log-pages.ts";
import { Wakes } from "./wakes.ts";

const life = (count: number): LoggedEvent[] =>
  Array.from({ length: Math.ceil(count / 3) }, () => lifeOf(orderOf()))
    .flat()
    .slice(0, count)
    .map((event, index) => ({ offset: index + 1, event }));

function logWith(...parts: readonly LogPart[]) {
  const log = new HandedLog({} as EventLog);
  for (const part of parts) log.hand(part);
  return log;
}

const part = (all: readonly LoggedEvent[], after: number, to: number): LogPart => ({
  afterOffset: after,
  events: all.slice(after, to),
  before: [],
});
const offsets = (log: HandedLog, after: number) =>
  log.handed(after)?.events.map(({ offset }) => offset);

test("a reader within what was handed over reads it there, at its end nothing, and elsewhere the store", () => {
  const all = life(9);
  const log = logWith(part(all, 3, 6));
  expect(offsets(log, 3)).toEqual([4, 5, 6]);
  expect(offsets(log, 5)).toEqual([6]);
  expect(offsets(log, 6)).toEqual([]);
  expect(log.handed(2)).toBeUndefined();
  expect(log.handed(7)).toBeUndefined();
});

test("parts that overlap are one, a late one changes nothing, and one beyond a hole takes their place", () => {
  const all = life(12);
  const log = logWith(part(all, 0, 3), part(all, 1, 6), part(all, 0, 3));
  expect(offsets(log, 0)).toEqual([1, 2, 3, 4, 5, 6]);
  log.hand(part(all, 9, 12));
  expect(log.handed(0)).toBeUndefined();
  expect(offsets(log, 9)).toEqual([10, 11, 12]);
  log.forget();
  expect(log.handed(9)).toBeUndefined();
});

test("what an order had before stays known when the oldest events are let go", () => {
  const all = life(600);
  const log = logWith(part(all, 0, 200), part(all, 200, 400), part(all, 400, 599));
  expect(log.handed(0)).toBeUndefined();
  const handed = log.handed(199);
  expect(handed?.events).toHaveLength(400);
  // Offset 200 is the second event of its order: the first was let go, and is still known.
  const [first] = handed?.events ?? [];
  const ofOrder = handed?.known.filter(({ event }) => event.subject === first?.event.subject);
  expect(ofOrder?.map(({ offset }) => offset).toSorted((a, b) => a - b)).toEqual([199, 200, 201]);
});

test("wakes within a second are one look now and one at its end", () => {
  vi.useFakeTimers();
  try {
    const looks: string[] = [];
    const wakes = new Wakes(1_000);
    for (const name of ["first", "second", "third"]) wakes.once(() => looks.push(name));
    expect(looks).toEqual(["first"]);
    vi.advanceTimersByTime(1_000);
    expect(looks).toEqual(["first", "third"]);
    vi.advanceTimersByTime(1_000);
    wakes.once(() => looks.push("fourth"));
    expect(looks).toEqual(["first", "third", "fourth"]);
  } finally {
    vi.useRealTimers();
  }
});
