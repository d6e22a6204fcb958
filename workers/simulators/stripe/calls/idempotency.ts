/**
 * Idempotency keys: the first executed request's answer is stored and replayed, 500s and declines included.
 *
 * Not stored: failed validation, 401, 429 and the 409 itself.
 * Source: https://docs.stripe.com/api/idempotent_requests
 */

import { createHash } from "node:crypto";
import { canonicalForm } from "../api/form.ts";
import { type ApiRequest, JSON_TYPE, type Reply } from "../api/stripe-reply.ts";
import { type ApiError, invalid, keyInUse, keyReused } from "../intents/stripe-errors.ts";
import type { StoredKey } from "../storage/intent-store.ts";
import type { World } from "./stripe-world.ts";

const KEY_LENGTH_MAX = 255;

/** What a key must be repeated with: another endpoint or other parameters make another fingerprint. */
export function fingerprintOf(request: ApiRequest): string {
  return createHash("sha256")
    .update(`${request.method} ${request.path}\n${canonicalForm(request.form)}`)
    .digest("base64");
}

export type KeyState =
  | { readonly kind: "fresh" }
  | { readonly kind: "refused"; readonly error: ApiError }
  | { readonly kind: "replay"; readonly stored: StoredKey };

export function readKey(
  { store, events, control, moment }: World,
  request: ApiRequest,
  at: { readonly realNowMs: number; readonly late: boolean },
): KeyState {
  const key = request.idempotencyKey;
  if (key === null) return { kind: "fresh" };
  if (key.length === 0 || key.length > KEY_LENGTH_MAX) {
    const error = invalid(`Idempotency keys have 1 to ${KEY_LENGTH_MAX} characters.`);
    return { kind: "refused", error };
  }
  if (!at.late && events.isKeyAwaited(key)) return { kind: "refused", error: keyInUse(key) };
  const stored = store.key(key);
  if (!stored || stored.createdMs <= moment.nowMs - control.keyLifetimeMs) return { kind: "fresh" };
  if (stored.fingerprint !== fingerprintOf(request)) {
    return { kind: "refused", error: keyReused(key) };
  }
  if (stored.answeredAtRealMs > at.realNowMs) return { kind: "refused", error: keyInUse(key) };
  return { kind: "replay", stored };
}

export function replayOf(stored: StoredKey, key: string, requestId: string): Reply {
  return {
    status: stored.status,
    body: stored.body,
    requestId,
    contentType: JSON_TYPE,
    idempotencyKey: key,
    originalRequestId: stored.requestId,
    replayed: true,
    delayMs: 0,
    cut: "none",
  };
}
