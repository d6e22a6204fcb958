import { assert } from "../schema/outcome.ts";

export type ClockEnv = { readonly RESIDENCY: string; readonly CLOCK_OFFSET_MS: string };

/**
 * The one clock of every object, epoch milliseconds. Locally it can be shifted; alarms stay in
 * real time.
 *
 * Throws: when it is shifted in a deployment, or by something that is not a number.
 */
export function nowMs(env: ClockEnv): number {
  return Date.now() + offsetMs(env);
}

/** When an alarm has to be set for, so that it rings at `atMs` of the objects' clock. */
export function alarmTimeMs(env: ClockEnv, atMs: number): number {
  return atMs - offsetMs(env);
}

function offsetMs({ RESIDENCY, CLOCK_OFFSET_MS }: ClockEnv): number {
  const offset = Number(CLOCK_OFFSET_MS);
  assert(Number.isSafeInteger(offset), "CLOCK_OFFSET_MS is a whole number of milliseconds");
  assert(offset === 0 || RESIDENCY !== "enforced", "CLOCK_OFFSET_MS is for local use only");
  return offset;
}
