const MINUTE_MS = 60_000;
const TURNED_BACK_MINUTES_MAX = 180; // no clock of the world has been turned back further since 1970

const clocks = new Map<string, Intl.DateTimeFormat>();

/**
 * The shop's local time, as `2026-11-27T00:00`. Such times compare as text, so a promotion begins
 * and ends with the shop's day, also where clocks are changed in between; the hour that an autumn
 * night has twice counts twice.
 *
 * Throws: for a zone that nobody knows.
 */
export function wallTime(nowMs: number, timeZone: string): string {
  const parts = clockOf(timeZone).formatToParts(nowMs);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/**
 * The earliest local time still to come: before now's only where clocks are soon turned back. A
 * promotion that ends then is over at once, and stays over when that hour comes again.
 */
export function endedWallTime(nowMs: number, timeZone: string): string {
  const minutes = Array.from({ length: TURNED_BACK_MINUTES_MAX }, (_, minute) =>
    wallTime(nowMs + minute * MINUTE_MS, timeZone),
  );
  return minutes.toSorted()[0] ?? wallTime(nowMs, timeZone);
}

/** A clock costs more to make than a quote takes. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  clocks.set(timeZone, clock);
  return clock;
}
