import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { refuse } from "../../../schema/refusals.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { problem } from "./problem.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const MIDDLEWARE = "ALL"; // hono's own word for it

/** What is asked of the router. */
type Routed = {
  readonly router: {
    match(
      method: string,
      path: string,
    ): readonly [readonly (readonly [unknown, unknown])[], ...unknown[]];
  };
};

/** The methods that a path is called with, as `Allow` lists them; none where nothing is at that path. */
export function methodsAt({ router }: Routed, path: string): readonly string[] {
  const offered = METHODS.filter((method) =>
    router.match(method, path)[0].some(([entry]) => routeOf(entry).method === method),
  );
  if (offered.length === 0) return [];
  const head = offered.includes("GET") ? ["HEAD"] : [];
  return [...offered, ...head, "OPTIONS"];
}

function routeOf(entry: unknown): { readonly method: string } {
  return (entry as readonly [unknown, { readonly method: string }])[1];
}

/** OPTIONS says what a path can do; `cors` behind it answers a browser that asks before it calls. */
export function answerOptions(app: Routed): MiddlewareHandler<EdgeEnv> {
  return createMiddleware<EdgeEnv>(async (c, next) => {
    if (c.req.method !== "OPTIONS") return next();
    const methods = methodsAt(app, c.req.path);
    if (methods.length === 0) return problem(c, refuse("not_found"));
    const allow = methods.join(", ");
    if (!c.req.path.startsWith("/v1/")) return c.body(null, 204, { Allow: allow });
    await next();
    c.header("Allow", allow);
    return undefined;
  });
}

/**
 * Refuses a method that a path has not, before keys and bodies are looked at. A call that the router has found
 * costs a look at what it found.
 */
export function refuseOtherMethods(app: Routed): MiddlewareHandler<EdgeEnv> {
  return createMiddleware<EdgeEnv>(async (c, next) => {
    if (matchedRoutes(c).some(({ method }) => method !== MIDDLEWARE)) return next();
    const allowed = methodsAt(app, c.req.path);
    if (allowed.length === 0) return next();
    c.header("Allow", allowed.join(", "));
    return problem(c, refuse("method_not_allowed", { allowed }));
  });
}
