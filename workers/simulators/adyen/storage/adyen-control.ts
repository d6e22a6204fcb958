/** The settings of an Adyen account: those of every simulator, and how many items one webhook carries. */

import { type Control, calm, readControl, storedControl } from "../../control/faults.ts";
import { isBody } from "../api/body-check.ts";

const KEY_LIFETIME_MS = 7 * 86_400_000; // what Adyen promises at least

export interface AdyenControl extends Control {
  /** Items that are due together go in one request, up to so many. */
  readonly webhookBatch: number;
}

export const calmAdyen: AdyenControl = { ...calm, keyLifetimeMs: KEY_LIFETIME_MS, webhookBatch: 1 };

/** Settings that an older build stored lack those of today: they get the calm ones. */
export function storedAdyenControl(text: string | null): AdyenControl {
  const stored: Partial<AdyenControl> = JSON.parse(text ?? "{}");
  const { webhookBatch = calmAdyen.webhookBatch, ...shared } = stored;
  return { ...calmAdyen, ...storedControl(JSON.stringify(shared)), webhookBatch };
}

/** Reads a control body over the current setting: what it leaves out stays. Answers a sentence about what it does not know. */
export function readAdyenControl(
  body: unknown,
  current: AdyenControl,
  realNowMs: number,
): AdyenControl | string {
  if (!isBody(body)) return "The body must be a JSON object.";
  const { webhookBatch = current.webhookBatch, ...rest } = body;
  if (typeof webhookBatch !== "number" || !Number.isInteger(webhookBatch) || webhookBatch < 1) {
    return "webhookBatch is a whole number from 1.";
  }
  const { webhookBatch: _, ...shared } = current;
  const control = readControl(rest, shared, realNowMs);
  return typeof control === "string" ? control : { ...control, webhookBatch };
}
