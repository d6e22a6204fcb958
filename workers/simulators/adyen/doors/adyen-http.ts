/** Between HTTP and the account: credentials, headers, and which account a request is for. */

import { answerWith } from "../../http/connection.ts";
import { type ApiError, noCredentials } from "../api/adyen-errors.ts";
import { accountOfPage } from "../api/adyen-ids.ts";
import { type ApiRequest, errorReply, type Reply } from "../api/adyen-reply.ts";
import { type Body, inner, text } from "../api/body-check.ts";
import { accountOfBody } from "../api/payment-checks.ts";
import { parsed } from "../calls/adyen-call.ts";

export interface Addressed {
  readonly account: string;
  readonly request: ApiRequest;
}

/** Any key opens every account: which one a request means, its body says. */
export async function readRequest(
  request: Request,
  fallbackAccount: string,
): Promise<Addressed | ApiError> {
  if (!request.headers.get("X-API-Key")) return noCredentials;
  const url = new URL(request.url);
  const body = await request.text();
  const path = url.pathname.replace(/^\/adyen\/v7[12]/, "");
  const account = accountOf(path, parsed(body), fallbackAccount);
  if (typeof account !== "string") return account;
  const idempotencyKey = request.headers.get("Idempotency-Key");
  return { account, request: { path, body, idempotencyKey, origin: url.origin } };
}

/** `/payments/details` names no account; the result that it brings does. */
function accountOf(path: string, body: Body | null, fallback: string): string | ApiError {
  if (body === null) return fallback;
  if (path !== "/payments/details") return accountOfBody(body);
  const details = inner(body, "details");
  const result = text(details, "redirectResult") || text(details, "threeDSResult");
  return accountOfPage(result) ?? fallback;
}

export function respond(reply: Reply): Promise<Response> {
  const headers = new Headers({ "Content-Type": reply.contentType });
  if (reply.idempotencyKey !== null) headers.set("Idempotency-Key", reply.idempotencyKey);
  if (reply.transient !== null) headers.set("transient-error", String(reply.transient));
  return answerWith(reply, headers);
}

export function refuse(error: ApiError): Promise<Response> {
  return respond(errorReply(error));
}

/** The key in its header, or a report user's name and password: anything but nothing. */
export function hasCredentials(headers: Headers): boolean {
  return Boolean(headers.get("X-API-Key")) || /^Basic \S+/.test(headers.get("Authorization") ?? "");
}
