/** Between HTTP and the account: authentication, headers, and connections that end badly. */

import { answerWith } from "../../http/connection.ts";
import { newRequestId } from "../api/stripe-ids.ts";
import { type ApiRequest, errorReply, type Reply } from "../api/stripe-reply.ts";
import { type ApiError, invalid } from "../intents/stripe-errors.ts";
import { API_VERSION } from "../wire/json.ts";

const READ_ONLY = "rk_";
export const DEFAULT_ACCOUNT = "default";

/**
 * The account of a secret key. Every key is of one account, except keys that name theirs: `sk_test_acct_NAME_…`.
 * Keys that begin `rk_` may only read. Live keys are refused: they have no business here.
 */
export function accountOf(authorization: string | null, method: string): string | ApiError {
  const key = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? basicUser(authorization);
  if (!key) {
    return invalid(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
      { status: 401 },
    );
  }
  const named = /^(?:sk|rk)_test_(?:acct_([A-Za-z0-9]+))?/.exec(key);
  if (!named) {
    const masked = `${key.slice(0, 8)}${"*".repeat(8)}${key.slice(-4)}`;
    return invalid(`Invalid API Key provided: ${masked}`, { status: 401 });
  }
  if (key.startsWith(READ_ONLY) && method !== "GET") {
    return invalid(
      "The provided key does not have the required permissions for this endpoint. Having the 'rak_payment_intent_write' permission would allow this request to continue.",
      { status: 403 },
    );
  }
  return named[1] ?? DEFAULT_ACCOUNT;
}

/** Stripe also takes the key as the user of Basic authentication. */
function basicUser(authorization: string | null): string | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  try {
    return encoded === undefined ? undefined : atob(encoded).split(":")[0];
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder();

/** Where a shopper of this account meets the bank; `{id}` and `{secret}` stand for the intent's. */
function bankUrlOf(origin: string, account: string): string {
  const suffix = account === DEFAULT_ACCOUNT ? "" : `&account=${account}`;
  return `${origin}/_simulator/stripe/pay/{id}?client_secret={secret}${suffix}`;
}

export async function readRequest(request: Request, account: string): Promise<ApiRequest> {
  const url = new URL(request.url);
  const isPost = request.method === "POST";
  return {
    method: request.method,
    path: url.pathname,
    // Not `text()`: workerd warns of it for every body that is a form.
    form: isPost ? decoder.decode(await request.arrayBuffer()) : url.search.slice(1),
    idempotencyKey: isPost ? request.headers.get("Idempotency-Key") : null,
    version: request.headers.get("Stripe-Version") ?? API_VERSION,
    bankUrl: bankUrlOf(url.origin, account),
  };
}

function headersOf(reply: Reply, version: string): Headers {
  const headers = new Headers({
    "Content-Type": reply.contentType,
    "Request-Id": reply.requestId,
    "Stripe-Version": version,
  });
  if (reply.idempotencyKey !== null) headers.set("Idempotency-Key", reply.idempotencyKey);
  if (reply.originalRequestId !== null) headers.set("Original-Request", reply.originalRequestId);
  if (reply.replayed) headers.set("Idempotent-Replayed", "true");
  if (reply.status === 409) headers.set("Stripe-Should-Retry", "true");
  if (reply.status >= 500 && reply.replayed) headers.set("Stripe-Should-Retry", "false");
  if (reply.status === 401) headers.set("WWW-Authenticate", 'Bearer realm="Stripe"');
  return headers;
}

export function respond(reply: Reply, version: string): Promise<Response> {
  return answerWith(reply, headersOf(reply, version));
}

export function refuse(error: ApiError): Promise<Response> {
  return respond(errorReply(error, newRequestId()), API_VERSION);
}
