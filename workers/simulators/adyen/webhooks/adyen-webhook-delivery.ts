/** Signed items to the merchant's endpoint: at least once, in no promised order, several in one request where told. */

import { createHmac } from "node:crypto";
import { postWebhook } from "../../webhooks/post-webhook.ts";
import type { Item } from "../api/adyen-wire.ts";
import type { AdyenControl } from "../storage/adyen-control.ts";
import type { DueItem } from "../storage/payment-store.ts";

const DELIVERY_TIMEOUT_MS = 10_000; // Adyen waits so long: https://docs.adyen.com/development-resources/webhooks
const LANES = 6; // connections that a Worker may wait for at a time
export const BATCH_MAX = 60;

/**
 * HMAC-SHA256 with the hex-decoded key over eight fields joined by colons, without escaping.
 * Source: https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures
 */
export function signatureOf(item: Item, hexKey: string): string {
  const text = [
    item.pspReference,
    item.originalReference ?? "",
    item.merchantAccountCode,
    item.merchantReference,
    item.amount.value,
    item.amount.currency,
    item.eventCode,
    item.success,
  ].join(":");
  return createHmac("sha256", Buffer.from(hexKey, "hex")).update(text, "utf8").digest("base64");
}

export interface Endpoint {
  readonly url: string;
  readonly hexKey: string;
}

export interface Delivery {
  readonly due: DueItem;
  readonly delivered: boolean;
}

/** The Standard webhook: items in their envelope, each signed. */
export function envelopeOf(items: readonly Item[], hexKey: string): object {
  return {
    live: "false",
    notificationItems: items.map((item) => ({
      NotificationRequestItem: {
        ...item,
        additionalData: { ...item.additionalData, hmacSignature: signatureOf(item, hexKey) },
      },
    })),
  };
}

function post({ url }: Endpoint, body: string): Promise<boolean> {
  const headers = { "User-Agent": "Adyen HttpClient 1.0" };
  return postWebhook(url, body, { headers, timeoutMs: DELIVERY_TIMEOUT_MS });
}

/** Posts the items over a few lanes, so many to a request, and reports each; never throws. */
export async function deliver(
  batch: readonly DueItem[],
  endpoint: Endpoint,
  control: AdyenControl,
): Promise<Delivery[]> {
  const { mode, count } = control.webhooks;
  const times = mode === "duplicate" ? count : 1;
  const ordered = mode === "reordered" ? batch.toReversed() : batch;
  const queue: DueItem[][] = [];
  for (let at = 0; at < ordered.length; at += control.webhookBatch) {
    queue.push(ordered.slice(at, at + control.webhookBatch));
  }
  const done: Delivery[] = [];
  const lane = async (): Promise<void> => {
    for (let group = queue.shift(); group; group = queue.shift()) {
      const items = group.map(({ item }) => item);
      const body = JSON.stringify(envelopeOf(items, endpoint.hexKey));
      let delivered = true;
      for (let sent = 0; sent < times; sent += 1) {
        delivered = (await post(endpoint, body)) && delivered;
      }
      done.push(...group.map((due) => ({ due, delivered })));
    }
  };
  // One lane keeps the reversed order; several would mix it.
  const lanes = mode === "reordered" ? 1 : LANES;
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}
