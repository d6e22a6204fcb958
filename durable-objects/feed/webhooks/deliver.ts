import { Webhook } from "standardwebhooks";
import { delivered, EVENT_MEDIA_TYPE, type OrderEvent } from "../../../schema/events.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import type { Delivery, Endpoint } from "./endpoint.store.ts";
import { type TargetEnv, whyNotTarget } from "./endpoint-target.ts";

const ANSWER_MAX_MS = 15_000; // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const TOO_LATE = "No answer came in time.";
const GONE = 410;

type Sending = {
  readonly endpoint: Endpoint;
  readonly event: OrderEvent;
  /** Which one this is for the event, from 1. */
  readonly nthTry: number;
  readonly env: TargetEnv;
  readonly nowMs: () => number;
};

/** What a delivery means for what follows it. */
export function meaningOf({ status, problem }: Delivery): "delivered" | "gone" | "failed" {
  if (status === GONE) return "gone";
  return problem === undefined ? "delivered" : "failed";
}

/**
 * Sends one event once, in CloudEvents' structured mode, signed with every secret that is still good. Any 2xx in time is a yes. A
 * redirect is a no: it could lead where no event may be sent.
 */
export async function deliver({ endpoint, event, nthTry, env, nowMs }: Sending): Promise<Delivery> {
  const atMs = nowMs();
  const { endpointId, url } = endpoint;
  const about = { endpointId, eventId: event.id, type: event.type, nthTry, atMs };
  const refused = whyNotTarget(url, env);
  if (isRefusal(refused)) {
    const problem = `not sent: ${String(refused.detail?.because)}`;
    return { ...about, durationMs: 0, status: undefined, problem };
  }
  const answer = await send(endpoint, event, atMs);
  return { ...about, ...answer, durationMs: nowMs() - atMs };
}

type Answer = Pick<Delivery, "status" | "problem">;

async function send({ url, secrets }: Endpoint, event: OrderEvent, atMs: number): Promise<Answer> {
  const body = JSON.stringify(delivered(event));
  const good = secrets.filter(({ expiresAtMs = Number.POSITIVE_INFINITY }) => expiresAtMs > atMs);
  const at = new Date(atMs);
  const headers = {
    "content-type": EVENT_MEDIA_TYPE,
    "user-agent": "Tender-Webhooks/1",
    "webhook-id": event.id,
    "webhook-timestamp": String(Math.floor(atMs / 1000)),
    "webhook-signature": good
      .map(({ secret }) => new Webhook(secret).sign(event.id, at, body))
      .join(" "),
  };
  // Not `AbortSignal.timeout`, which goes on after the answer: an object may have 10,000 of them.
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new DOMException(TOO_LATE, "TimeoutError")),
    ANSWER_MAX_MS,
  );
  try {
    const { signal } = late;
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    const { ok, status } = response;
    return { status, problem: ok ? undefined : `answered ${status}` };
  } catch (problem) {
    return { status: undefined, problem: String(problem) };
  } finally {
    clearTimeout(timer);
  }
}
