/** Signed events to the merchant's endpoint: at least once, in no promised order. */

import { createHmac } from "node:crypto";
import type { DueEvent } from "./event-store.ts";
import { eventJson } from "./event-wire.ts";
import type { Control } from "./faults.ts";
import type { EventType } from "./intent.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Gaps between attempts; after the last the event is given up, as Stripe does after three days. */
const RETRY_GAPS_MS = [
  1 * SECOND_MS,
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  1 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
  24 * HOUR_MS,
];

const BATCH_MS = 50; // events gather this long, so that one alarm serves many
const REORDER_MS = 500; // long enough for an authorization and its capture to meet in one batch
const DELIVERY_TIMEOUT_MS = 5_000; // a receiver should store and answer at once
const LANES = 6; // connections that a Worker may wait for at a time
export const BATCH_MAX = 60;

/** When an event of this moment leaves, or null when it never does. */
export function dueAfter(type: EventType, realNowMs: number, { webhooks }: Control): number | null {
  if (webhooks.mode === "off" || webhooks.mode === "lost") return null;
  if (webhooks.events !== null && !webhooks.events.includes(type)) return null;
  const gather = webhooks.mode === "reordered" ? REORDER_MS : BATCH_MS;
  return realNowMs + gather + webhooks.delayMs;
}

/** How far ahead a batch reaches: to be sent in another order, events must be taken together. */
export function reachMs({ webhooks }: Control): number {
  return webhooks.mode === "reordered" ? REORDER_MS : 0;
}

/** Null when there is no further attempt. */
export function retryAt(realNowMs: number, attempts: number): number | null {
  const gap = RETRY_GAPS_MS[attempts];
  return gap === undefined ? null : realNowMs + gap;
}

/**
 * The `Stripe-Signature` header: HMAC-SHA256 with the whole secret, prefix included, over `t.body`; one for each
 * secret while one takes over from another.
 * Source: https://docs.stripe.com/webhooks/signature
 */
export function signatureOf(body: string, secrets: readonly string[], unixSeconds: number): string {
  const signed = `${unixSeconds}.${body}`;
  const v1s = secrets.map(
    (secret) => `v1=${createHmac("sha256", secret).update(signed, "utf8").digest("hex")}`,
  );
  return [`t=${unixSeconds}`, ...v1s].join(",");
}

export interface Endpoint {
  readonly url: string;
  readonly secrets: readonly string[];
}

export interface Delivery {
  readonly due: DueEvent;
  readonly delivered: boolean;
}

async function post(endpoint: Endpoint, body: string, nowMs: number): Promise<boolean> {
  try {
    const response = await fetch(endpoint.url, {
      method: "POST",
      body,
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signatureOf(body, endpoint.secrets, Math.floor(nowMs / 1000)),
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      },
      redirect: "manual",
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Refused, cut or too slow: all the same to a sender, who tries again.
    return false;
  }
}

/** Posts the batch over a few lanes and reports each; never throws. */
export async function deliver(
  batch: readonly DueEvent[],
  endpoint: Endpoint,
  control: Control,
  clock: () => number,
): Promise<Delivery[]> {
  const { mode, count } = control.webhooks;
  const times = mode === "duplicate" ? count : 1;
  const queue = mode === "reordered" ? batch.toReversed() : [...batch];
  const done: Delivery[] = [];
  const lane = async (): Promise<void> => {
    for (let due = queue.shift(); due; due = queue.shift()) {
      const body = JSON.stringify(eventJson(due.event));
      let delivered = true;
      for (let n = 0; n < times; n += 1) {
        delivered = (await post(endpoint, body, clock())) && delivered;
      }
      done.push({ due, delivered });
    }
  };
  // One lane keeps the reversed order; several would mix it.
  const lanes = mode === "reordered" ? 1 : LANES;
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}
