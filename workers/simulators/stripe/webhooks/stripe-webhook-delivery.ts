/** Signed events to the merchant's endpoint: at least once, in no promised order. */

import { createHmac } from "node:crypto";
import type { Control } from "../../control/faults.ts";
import { postWebhook } from "../../webhooks/post-webhook.ts";
import type { DueEvent } from "./event-store.ts";
import { eventJson, thinEventJson } from "./event-wire.ts";

const DELIVERY_TIMEOUT_MS = 5_000; // a receiver should store and answer at once
const LANES = 6; // connections that a Worker may wait for at a time
export const BATCH_MAX = 60;

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

function post(endpoint: Endpoint, body: string, nowMs: number): Promise<boolean> {
  const headers = {
    "Stripe-Signature": signatureOf(body, endpoint.secrets, Math.floor(nowMs / 1000)),
    "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
  };
  return postWebhook(endpoint.url, body, { headers, timeoutMs: DELIVERY_TIMEOUT_MS });
}

/** Posts the batch over a few lanes and reports each; never throws. */
export async function deliver(
  batch: readonly DueEvent[],
  endpoint: Endpoint,
  control: Control,
  clock: () => number,
): Promise<Delivery[]> {
  const { mode, count, payload } = control.webhooks;
  const json = payload === "thin" ? thinEventJson : eventJson;
  const times = mode === "duplicate" ? count : 1;
  const queue = mode === "reordered" ? batch.toReversed() : [...batch];
  const done: Delivery[] = [];
  const lane = async (): Promise<void> => {
    for (let due = queue.shift(); due; due = queue.shift()) {
      const body = JSON.stringify(json(due.event));
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
