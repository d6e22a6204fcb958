/** Stripe's error bodies. Source: https://docs.stripe.com/error-codes and the types of the `stripe` package. */

import type { Intent } from "./intent.ts";

export interface ApiError {
  readonly status: number;
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly advice_code?: string;
  readonly charge?: string;
  /** The intent as it stands after the refusal; rendered into the body. */
  readonly intent?: Intent;
  /**
   * The request had begun to run: an idempotency key stores this answer.
   * Source: https://docs.stripe.com/api/idempotent_requests
   */
  readonly executed: boolean;
}

/** A request that never ran: Stripe does not store its answer under the idempotency key. */
export function invalid(message: string, more: Partial<ApiError> = {}): ApiError {
  return { status: 400, type: "invalid_request_error", message, executed: false, ...more };
}

export function unknownParameter(param: string): ApiError {
  return invalid(`Received unknown parameter: ${param}`, { code: "parameter_unknown", param });
}

export function missingParameter(param: string): ApiError {
  return invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
}

export function noSuch(kind: string, id: string, param: string): ApiError {
  // A missing object named in the path is a 404, one named in the parameters a 400.
  const status = param === "intent" || param === "id" ? 404 : 400;
  return invalid(`No such ${kind}: '${id}'`, { status, code: "resource_missing", param });
}

/** The intent is not in a state that allows this; the body carries it, so a caller can see that it is already done. */
export function unexpectedState(message: string, intent: Intent): ApiError {
  return invalid(message, { code: "payment_intent_unexpected_state", intent, executed: true });
}

export function unknownRoute(method: string, path: string): ApiError {
  return invalid(
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    { status: 404 },
  );
}

export function rateLimited(): ApiError {
  return invalid(
    "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
    { status: 429, code: "rate_limit" },
  );
}

export function keyInUse(key: string): ApiError {
  return invalid(
    `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    { status: 409, type: "idempotency_error", code: "idempotency_key_in_use" },
  );
}

export function keyReused(key: string): ApiError {
  return invalid(
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    { type: "idempotency_error" },
  );
}

export function serverError(): ApiError {
  return {
    status: 500,
    type: "api_error",
    message: "An unknown error occurred. Please try again, or contact support.",
    executed: true,
  };
}

/** Stripe is down. */
export function unavailable(): ApiError {
  return {
    ...serverError(),
    status: 503,
    message: "Stripe is temporarily unavailable. Please try again later.",
    executed: false,
  };
}

export function isError(value: object): value is ApiError {
  // Metadata may be named like this too, but its values are strings.
  return "executed" in value && typeof value.executed === "boolean";
}
