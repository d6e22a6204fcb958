import { momentOf } from "../../pricing/time/shop-time.ts";

const FORM =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** As the API takes it. */
const IN_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** What a day without a time means: its beginning, its end, or nothing. */
export type DayMeans = "start" | "end" | "nothing";
type How = { readonly timeZone: string | undefined; readonly day: DayMeans };

/**
 * A moment in UTC: `2026-11-27T10:00+0100`, `2026-11-27 0:00:00` on the wall of `timeZone`. Undefined
 * for what is none, also for a wall time where no zone is known.
 */
export function instantFrom(text: string, { timeZone, day }: How): string | undefined {
  if (IN_UTC.test(text)) return text;
  const [, date = "", hour, minute = "00", second = "00", offset] = FORM.exec(text.trim()) ?? [];
  if (date === "" || (hour === undefined && day === "nothing")) return undefined;
  const local = `${date}T${(hour ?? "0").padStart(2, "0")}:${minute}:${second}`;
  const statedMs = Date.parse(`${local}Z`);
  // A 30th of February would be read as a day in March.
  if (Number.isNaN(statedMs) || !utc(statedMs).startsWith(date)) return undefined;
  const localMs = statedMs + (hour === undefined && day === "end" ? DAY_MS : 0);
  if (offset !== undefined) return utc(localMs - offsetMs(offset));
  return timeZone === undefined ? undefined : utc(momentOnWall(localMs, timeZone));
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function utc(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

function offsetMs(offset: string): number {
  if (/z/i.test(offset)) return 0;
  const minutes = 60 * Number(offset.slice(1, 3)) + Number(offset.slice(-2));
  return (offset.startsWith("-") ? -1 : 1) * minutes * MINUTE_MS;
}

/** The minute as the shop's own windows have it, and the seconds that the file adds. */
function momentOnWall(localMs: number, timeZone: string): number {
  const wall = new Date(localMs).toISOString().slice(0, "2026-11-27T00:00".length);
  return momentOf(wall, timeZone) + (localMs % MINUTE_MS);
}
