/** Stripe's JSON of an event. Source: the types of the `stripe` package 23.1.0. */

import type { EventType, Intent } from "../intents/intent.ts";
import { chargeJson } from "../wire/charge-wire.ts";
import { intentJson, refundJson } from "../wire/intent-wire.ts";
import { API_VERSION, type Json, seconds } from "../wire/json.ts";
import { disputeJson } from "../wire/money-wire.ts";

export interface StoredEvent {
  readonly id: string;
  readonly type: EventType;
  readonly createdMs: number;
  /** The intent as it stood then. */
  readonly intent: Intent;
  readonly refundId: string | null;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  readonly pending: boolean;
}

export function eventJson(event: StoredEvent): Json {
  return {
    id: event.id,
    object: "event",
    api_version: API_VERSION,
    created: seconds(event.createdMs),
    data: { object: eventObject(event) },
    livemode: false,
    pending_webhooks: event.pending ? 1 : 0,
    request: { id: event.requestId, idempotency_key: event.idempotencyKey },
    type: event.type,
  };
}

/**
 * The same event for an endpoint of the other kind: it names the object and does not carry it.
 * Source: `EventNotificationBase` of the same package
 */
export function thinEventJson(event: StoredEvent): Json {
  const { id, object } = nameOf(eventObject(event));
  return {
    id: event.id.replace("evt_", "evt_test_"),
    object: "v2.core.event",
    type: `v1.${event.type}`,
    created: new Date(event.createdMs).toISOString(),
    livemode: false,
    reason: { type: "request", request: { id: event.requestId, idempotency_key: "" } },
    related_object: { id, type: object, url: `/v1/${object}s/${id}` },
    snapshot_event: event.id,
  };
}

function nameOf(object: Json): { readonly id: string; readonly object: string } {
  return object as { readonly id: string; readonly object: string };
}

function eventObject({ type, intent, refundId }: StoredEvent): Json {
  if (type.startsWith("charge.dispute.")) return disputeJson(intent);
  if (type.startsWith("refund.") || type === "charge.refund.updated") {
    const refund = intent.refunds.find((r) => r.id === refundId);
    return refund ? refundJson(intent, refund) : null;
  }
  if (type.startsWith("charge.")) {
    return intent.charge === null ? null : chargeJson(intent, intent.charge);
  }
  return intentJson(intent);
}
