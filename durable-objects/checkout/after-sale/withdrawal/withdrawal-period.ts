import { wallTime } from "../../../../pricing/time/shop-time.ts";
import { DAY_MS } from "../../../../schema/durations.ts";
import type { Checkout } from "../../sale/checkout.ts";
import type { WithdrawalTerms } from "../../sale/withdrawal.ts";

const DAY_LENGTH = "2026-11-30".length;
const MONDAY_AFTER: readonly number[] = [1, 0, 0, 0, 0, 0, 2]; // days to add, by weekday from Sunday on

/**
 * The shop's last day on which the contract can be withdrawn from. Counted from the day after the last
 * parcel left; one that would be a Saturday or Sunday is the Monday after it. Undefined while pieces
 * are still to be handed over, or where nobody knows when they were: the period has not begun.
 *
 * Source: Directive 2011/83/EU, article 9(2)(b)(i), and Regulation (EEC) 1182/71, article 3
 */
export function lastDayOf(
  { order, shipments = [], request }: Checkout,
  { days, timeZone }: WithdrawalTerms,
): string | undefined {
  const parcels = shipments.filter(({ status }) => status === "shipped");
  const left = parcels.flatMap(({ atMs }) => atMs ?? []);
  const isKnown = parcels.length > 0 && left.length === parcels.length;
  if (order?.fulfilment !== "fulfilled" || !isKnown) return undefined;
  const count = days.countries[request.country] ?? days.default;
  const leftOn = Date.parse(dayOf(Math.max(...left), timeZone));
  const last = new Date(leftOn + count * DAY_MS);
  const more = count > 0 ? (MONDAY_AFTER[last.getUTCDay()] ?? 0) : 0;
  return new Date(last.getTime() + more * DAY_MS).toISOString().slice(0, DAY_LENGTH);
}

/** Whether that day is over in the shop. */
export function isOver(lastDay: string, nowMs: number, timeZone: string): boolean {
  return dayOf(nowMs, timeZone) > lastDay;
}

function dayOf(ms: number, timeZone: string): string {
  return wallTime(ms, timeZone).slice(0, DAY_LENGTH);
}
