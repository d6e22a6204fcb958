import { createHash } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { refuse } from "../../../schema/refusals.ts";
import { holdsCardNumber, withoutTestCards } from "./card-guard.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { problem } from "./problem.ts";

const BODY_MAX_CHARACTERS = 64 * 1024;
const JSON_TYPE = /^application\/([a-z0-9.-]+\+)?json\s*(;|$)/i;
const DEPTH_MAX = 32; // no body of ours has more than five levels; what follows recurses

/**
 * Looks at a body before anything else does: its size, whether it is JSON, whether somebody sent
 * a card number. What is refused here has been written nowhere.
 */
export const guardBody = createMiddleware<EdgeEnv>(async (c, next) => {
  const text = c.req.method === "GET" ? "" : await c.req.text();
  if (text.length > BODY_MAX_CHARACTERS) {
    return problem(c, refuse("payload_too_large", { maxCharacters: BODY_MAX_CHARACTERS }));
  }
  if (text !== "" && !JSON_TYPE.test(c.req.header("Content-Type") ?? "")) {
    return problem(c, refuse("json_expected"));
  }
  const body = parsed(text);
  if (body === MALFORMED) return problem(c, refuse("malformed_json"));
  if (isTooDeep(body, 0)) return problem(c, refuse("invalid_request", { depthMax: DEPTH_MAX }));
  if (holdsCardNumber(withoutTestCards(c.env, body)))
    return problem(c, refuse("card_data_refused"));
  c.set("fingerprint", fingerprintOf(`${c.req.method} ${c.req.path}`, body));
  return next();
});

const MALFORMED = Symbol("malformed");

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return MALFORMED;
  }
}

function isTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === DEPTH_MAX || Object.values(value).some((inner) => isTooDeep(inner, depth + 1));
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
