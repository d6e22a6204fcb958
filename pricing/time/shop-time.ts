const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const REMEMBERED_MAX = 10_000;

const clocks = new Map<string, Intl.DateTimeFormat>();
const moments = new Map<string, number>();

/**
 * The shop's local time, as `2026-11-27T00:00`.
 *
 * Throws: for a zone that nobody knows.
 */
export function wallTime(nowMs: number, timeZone: string): string {
  const parts = clockOf(timeZone).formatToParts(nowMs);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/**
 * The moment that a time names: an instant (`2026-11-27T00:00+01:00`, `…Z`) is itself; of the shop's
 * wall time it is the first moment at which the wall shows that or later. So a time in an hour that
 * comes twice is in the first of them, once, and one in an hour that is left out is right after it.
 *
 * Units: epoch milliseconds; NaN for what is no time.  Throws: for a zone that nobody knows.
 * Source: the rules of the zones are IANA's, as Intl has them; the first of two as in RFC 5545, 3.3.5.
 */
export function momentOf(time: string, timeZone: string): number {
  if (!isWallTime(time)) return Date.parse(time);
  const key = `${timeZone} ${time}`;
  const known = moments.get(key);
  if (known !== undefined) return known;
  const momentMs = firstShown(Date.parse(`${time}Z`), timeZone);
  if (moments.size >= REMEMBERED_MAX) moments.clear();
  moments.set(key, momentMs);
  return momentMs;
}

/** Whether a time names no offset, so that a zone has to say what it means. */
export function isWallTime(time: string): boolean {
  return !/(Z|[+-]\d{2}:?\d{2})$/i.test(time);
}

/** No zone changes its clock twice within two days. */
function firstShown(localMs: number, timeZone: string): number {
  if (Number.isNaN(localMs)) return localMs;
  const before = localMs - offsetMs(localMs - DAY_MS, timeZone);
  const after = localMs - offsetMs(localMs + DAY_MS, timeZone);
  const shows = (ms: number) => ms + offsetMs(ms, timeZone) >= localMs;
  const [early, late] = [Math.min(before, after), Math.max(before, after)];
  if (shows(early)) return early;
  if (before <= after) return late;
  // Left out: the clock goes forward between the two.
  let [low, high] = [early, late];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.ceil((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high - (high % MINUTE_MS);
}

/** What the wall is ahead of UTC. */
function offsetMs(ms: number, timeZone: string): number {
  const minuteMs = ms - (ms % MINUTE_MS);
  return Date.parse(`${wallTime(minuteMs, timeZone)}Z`) - minuteMs;
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
