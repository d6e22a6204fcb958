import { createHash } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { refuse } from "../../../schema/refusals.ts";
import { whyNoBody } from "./body-limits.ts";
import { fieldHoldsCard, findCards, withoutTestCards } from "./card-guard.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { problem } from "./problem.ts";

/** Adyen's component alone may send five encrypted fields of 15,000 characters and 50,000 of `sdkData`. */
const PAYMENT_MAX_CHARACTERS = 192 * 1024;
const BODY_MAX_CHARACTERS = 64 * 1024;
const TAKES_PAYMENT = /^\/v1\/checkouts(\/[^/]+\/pay)?$/;
const JSON_TYPE = /^application\/([a-z0-9.-]+\+)?json\s*(;|$)/i;
/** What is read of headers is shorter than this. */
const HEADER_MAX_CHARACTERS = 1_024;
const HEADERS_READ = [
  "authorization",
  "idempotency-key",
  "checkout-secret",
  "if-match",
  "order-bookmark",
];
/** What decoding leaves of bytes that are no UTF-8. */
const NO_UTF_8 = "\ufffd";

/**
 * Looks at a body before anything else does: its size, whether it is JSON, whether somebody sent
 * a card number, in it, in a SKU of the path or as the key. What is refused here has been written nowhere.
 */
export const guardBody = createMiddleware<EdgeEnv>(async (c, next) => {
  if (HEADERS_READ.some((name) => (c.req.header(name)?.length ?? 0) > HEADER_MAX_CHARACTERS)) {
    return problem(c, refuse("header_too_large", { maxCharacters: HEADER_MAX_CHARACTERS }));
  }
  const text = c.req.method === "GET" ? "" : await c.req.text();
  const maxCharacters = TAKES_PAYMENT.test(c.req.path)
    ? PAYMENT_MAX_CHARACTERS
    : BODY_MAX_CHARACTERS;
  if (text.length > maxCharacters) {
    return problem(c, refuse("payload_too_large", { maxCharacters }));
  }
  if (text !== "" && !JSON_TYPE.test(c.req.header("Content-Type") ?? "")) {
    return problem(c, refuse("json_expected"));
  }
  const body = text.includes(NO_UTF_8) ? MALFORMED : parsed(text);
  if (body === MALFORMED) return problem(c, refuse("malformed_json"));
  const why = whyNoBody(body);
  if (why) return problem(c, refuse("invalid_request", { issues: [why] }));
  const looked = withoutTestCards(c.env, body);
  const { holdsCard, doubtfulSkus } = findCards([looked, ...namedIn(c.req.path)]);
  const idempotencyKey = c.req.header("Idempotency-Key") ?? "";
  if (holdsCard || fieldHoldsCard("idempotency-key", idempotencyKey)) {
    return problem(c, refuse("card_data_refused"));
  }
  c.set("doubtfulSkus", doubtfulSkus);
  c.set("fingerprint", fingerprintOf(`${c.req.method} ${c.req.path}`, body));
  return next();
});

/** The SKU that a path names: a cart's line is written under it. */
function namedIn(path: string): readonly { readonly sku: string }[] {
  const [, segment] = /\/(?:lines|products)\/([^/]+)$/.exec(path) ?? [];
  return segment === undefined ? [] : [{ sku: decoded(segment) }];
}

/** As the route will read it. A path that cannot be decoded names no SKU, and is looked at as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const MALFORMED = Symbol("malformed");

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return MALFORMED;
  }
}

/** Of what a payload means (decision 3), not of its bytes: the order of members does not matter. */
function fingerprintOf(route: string, body: unknown): string {
  const canonical = JSON.stringify(body, (_name, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(`${route}\n${canonical}`).digest("base64url");
}
