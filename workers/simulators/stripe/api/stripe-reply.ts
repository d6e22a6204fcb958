/** An answer on its way from the account's object to the HTTP client, and what may befall it. */

import type { FaultKind, FaultRule } from "../../control/faults.ts";
import type { ApiError } from "../intents/stripe-errors.ts";
import { keyInUse, rateLimited, serverError, unavailable } from "../intents/stripe-errors.ts";
import { errorJson } from "../wire/intent-wire.ts";

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** The form: a POST's body, a GET's query. */
  readonly form: string;
  readonly idempotencyKey: string | null;
  readonly version: string;
  /** The bank's page, with `{id}` and `{secret}` in the places of the intent's. */
  readonly bankUrl: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
  readonly contentType: string;
  readonly idempotencyKey: string | null;
  /** The request whose answer this is: another one when replayed. */
  readonly originalRequestId: string | null;
  readonly replayed: boolean;
  readonly delayMs: number;
  /** How the connection ends early, if it does. */
  readonly cut: "none" | "before_headers" | "mid_body" | "hang";
}

export const JSON_TYPE = "application/json";

export function errorReply(error: ApiError, requestId: string): Reply {
  return plainReply(error.status, JSON.stringify(errorJson(error, requestId)), requestId);
}

export function plainReply(status: number, body: string, requestId: string): Reply {
  return {
    status,
    body,
    requestId,
    contentType: JSON_TYPE,
    idempotencyKey: null,
    originalRequestId: null,
    replayed: false,
    delayMs: 0,
    cut: "none",
  };
}

const PROXY_PAGE =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
const GARBAGE = '{"id":"pi_\u0000\u0000","object":';

/** The answer as the fault lets it out: another status, no body, half of one, or no answer. */
export function spoil(rule: FaultRule, reply: Reply): Reply {
  const instead = (error: ApiError): Reply => ({
    ...errorReply(error, reply.requestId),
    delayMs: reply.delayMs,
  });
  const byKind: Record<FaultKind, () => Reply> = {
    error_500: () => instead(serverError()),
    error_500_stored: () =>
      reply.replayed || reply.status === 500 ? reply : instead(serverError()),
    rate_limit: () => instead(rateLimited()),
    conflict_409: () => instead(keyInUse(reply.idempotencyKey ?? "")),
    down: () => instead(unavailable()),
    drop_before: () => ({ ...reply, cut: "before_headers" }),
    drop_after: () => ({ ...reply, cut: "before_headers" }),
    late: () => ({ ...reply, cut: "before_headers" }),
    hang: () => ({ ...reply, cut: "hang" }),
    reset_mid_body: () => ({ ...reply, cut: "mid_body" }),
    garbage_200: () => ({ ...reply, status: 200, body: GARBAGE }),
    empty_200: () => ({ ...reply, status: 200, body: "{}" }),
    html_502: () => ({ ...reply, status: 502, body: PROXY_PAGE, contentType: "text/html" }),
  };
  return byKind[rule.kind]();
}
