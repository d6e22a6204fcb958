/** An answer on its way from the account's object to the HTTP client, and what may befall it. */

import type { FaultKind, FaultRule } from "../../control/faults.ts";
import { type ApiError, keyInUse, rateLimited, serverError } from "./adyen-errors.ts";

export interface ApiRequest {
  /** Below the version: `/payments/…`. */
  readonly path: string;
  readonly body: string;
  readonly idempotencyKey: string | null;
  /** Where the shopper's pages are. */
  readonly origin: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly idempotencyKey: string | null;
  readonly transient: boolean | null;
  readonly replayed: boolean;
  readonly delayMs: number;
  readonly cut: "none" | "before_headers" | "mid_body" | "hang";
}

const JSON_TYPE = "application/json;charset=utf-8";

export function plainReply(status: number, body: string): Reply {
  return {
    status,
    body,
    contentType: JSON_TYPE,
    idempotencyKey: null,
    transient: null,
    replayed: false,
    delayMs: 0,
    cut: "none",
  };
}

export function errorReply({ transient, ...error }: ApiError): Reply {
  const reply = plainReply(error.status, JSON.stringify(error));
  return transient === undefined ? reply : { ...reply, transient };
}

const PROXY_PAGE =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
const GARBAGE = '{"pspReference":"\u0000\u0000","resultCode":';

/** The answer as the fault lets it out: another status, no body, half of one, or no answer. */
export function spoil(rule: FaultRule, reply: Reply): Reply {
  const instead = (error: ApiError): Reply => ({
    ...errorReply(error),
    idempotencyKey: reply.idempotencyKey,
    delayMs: reply.delayMs,
  });
  const byKind: Record<FaultKind, () => Reply> = {
    error_500: () => instead(serverError),
    error_500_stored: () => (reply.replayed || reply.status === 500 ? reply : instead(serverError)),
    rate_limit: () => instead(rateLimited),
    down: () => instead({ ...serverError, status: 503 }),
    conflict_409: () => instead(keyInUse),
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
