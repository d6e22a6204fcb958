import { createMiddleware } from "hono/factory";
import type { EdgeEnv } from "./edge-env.ts";

/**
 * What every answer carries unless it says otherwise: it is what its type says, shown in nobody's frame, kept in no
 * cache, and loads nothing where a browser opens it.
 *
 * Source: https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
 */
const headers = Object.entries({
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000", // of this host alone: those below it are not ours to decide
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
});

export const secureAnswers = createMiddleware<EdgeEnv>(async (c, next) => {
  await next();
  for (const [name, value] of headers) if (!c.res.headers.has(name)) c.header(name, value);
});
