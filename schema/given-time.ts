import * as z from "zod";
import { ShopTime, WallTime } from "./promotion.ts";

const OnCalendar = z.iso.datetime({ local: true, precision: -1 });

/** As operators give it: a day that the calendar has. */
export const GivenTime = ShopTime.refine(
  (time) => !isWall(time) || OnCalendar.safeParse(time).success,
  "a time is 2026-11-27T00:00 on the shop's wall, or has an offset: 2026-11-27T00:00+01:00",
);

const EVER = "1970-01-01T00:00:00Z";

/** Of times of one kind; which of a wall time and a moment comes first, the shop's zone alone says. */
export function isOrderedWindow(from = EVER, until: string | undefined): boolean {
  if (until === undefined || (from !== EVER && isWall(from) !== isWall(until))) return true;
  return isWall(until) ? from === EVER || until > from : Date.parse(until) > Date.parse(from);
}

/** A wall time as written, a moment in epoch milliseconds. */
export function beginningOf({ validFrom = EVER }: { readonly validFrom?: string | undefined }) {
  return isWall(validFrom) ? validFrom : Date.parse(validFrom);
}

function isWall(time: string): boolean {
  return WallTime.safeParse(time).success;
}
