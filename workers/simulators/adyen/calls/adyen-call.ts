/** One request on its way through the account: its key, its quirk, its handler. */

import { createHash } from "node:crypto";
import type { FaultRule } from "../../control/faults.ts";
import { calls, type Route } from "../api/adyen-api-routes.ts";
import {
  type ApiError,
  invalid,
  isError,
  keyInUse,
  keyReused,
  malformed,
  serverError,
} from "../api/adyen-errors.ts";
import { type ApiRequest, errorReply, plainReply, type Reply } from "../api/adyen-reply.ts";
import { type Body, checkObject, inner, isBody, text } from "../api/body-check.ts";
import type { AdyenControl } from "../storage/adyen-control.ts";
import type { Store } from "../storage/payment-store.ts";
import { handlers } from "./adyen-handlers.ts";
import type { World } from "./adyen-world.ts";
import type { Success } from "./payment-calls.ts";

const KEY_LENGTH_MAX = 64;

export interface Call {
  readonly request: ApiRequest;
  readonly route: Route;
  /** Null when it is no JSON object. */
  readonly body: Body | null;
  readonly realNowMs: number;
  /** It was held back by a fault and runs now, with nobody waiting. */
  readonly late: boolean;
}

/**
 * The answer that a key has already, or the refusal that it meets; null when the request may run.
 *
 * Source: https://docs.adyen.com/development-resources/api-idempotency (the same key with another body is undocumented)
 */
export function knownReply(
  { request, realNowMs, late }: Call,
  store: Store,
  control: AdyenControl,
): Reply | null {
  const key = request.idempotencyKey;
  if (key === null) return null;
  const refuse = (error: ApiError): Reply => ({ ...errorReply(error), idempotencyKey: key });
  if (key.length === 0 || key.length > KEY_LENGTH_MAX) {
    return refuse(invalid("704", `Idempotency keys have 1 to ${KEY_LENGTH_MAX} characters`));
  }
  if (!late && store.isKeyAwaited(key)) return refuse(keyInUse);
  const stored = store.key(key);
  const oldestMs = realNowMs + control.clockShiftMs - control.keyLifetimeMs;
  if (!stored || stored.createdMs <= oldestMs) return null;
  if (stored.fingerprint !== fingerprintOf(request)) return refuse(keyReused);
  if (stored.answeredAtRealMs > realNowMs) return refuse(keyInUse);
  return { ...plainReply(stored.status, stored.body), idempotencyKey: key, replayed: true };
}

/** What a key must be repeated with: another path or body makes another fingerprint. */
export function fingerprintOf({ path, body }: ApiRequest): string {
  return createHash("sha256").update(`${path}\n${body}`).digest("base64");
}

export function parsed(body: string): Body | null {
  try {
    const value: unknown = JSON.parse(body);
    return isBody(value) ? value : null;
  } catch {
    return null; // `run` refuses it
  }
}

/** A sentinel that changes how the answer of `/payments` itself arrives. */
export function quirkOf({ route, body }: Call): "slow" | "reply_lost" | null {
  if (route.name !== "payments" || body === null) return null;
  const method = inner(body, "paymentMethod");
  const names = [text(method, "holderName"), text(method, "storedPaymentMethodId")];
  if (names.includes("sim slow") || names.includes("stored_sim_slow")) return "slow";
  const isLost = names.includes("sim reply lost") || names.includes("stored_sim_reply_lost");
  return isLost ? "reply_lost" : null;
}

export function answerOf(call: Call, world: World, rule: FaultRule | null): Success | ApiError {
  if (rule?.kind !== "error_500_stored") return run(call, world);
  const hidden = rule.effect ? run(call, world) : null;
  return hidden !== null && isError(hidden) ? hidden : serverError;
}

function run({ route, body }: Call, world: World): Success | ApiError {
  if (body === null) return malformed("Unable to parse the request body as a JSON object");
  const problem = checkObject(body, calls[route.name].body);
  return problem ?? handlers[route.name](world, body, route.pspReference);
}
