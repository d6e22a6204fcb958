import { assert } from "../schema/outcome.ts";

type ClockEnv = { readonly RESIDENCY: string; readonly CLOCK_OFFSET_MS: string };

/**
 * The one clock of every object, epoch milliseconds. Locally it can be shifted; alarms stay in
 * real time.
 *
 * Throws: when it is shifted in a deployment, or by something that is not a number.
 */
export function nowMs({ RESIDENCY, CLOCK_OFFSET_MS }: ClockEnv): number {
  const offsetMs = Number(CLOCK_OFFSET_MS);
  assert(Number.isSafeInteger(offsetMs), "CLOCK_OFFSET_MS is a whole number of milliseconds");
  assert(offsetMs === 0 || RESIDENCY !== "enforced", "CLOCK_OFFSET_MS is for local use only");
  return Date.now() + offsetMs;
}
