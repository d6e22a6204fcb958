import { createMiddleware } from "hono/factory";
import type { Caller } from "../../../durable-objects/checkout/sale/calls.ts";
import { refuse } from "../../../schema/refusals.ts";
import { type ApiKey, findApiKey } from "./api-keys.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { problem } from "./problem.ts";

/** Lets only known keys in, and of those only the kinds that a route is for. */
export function requireKey(...kinds: readonly ApiKey["kind"][]) {
  return createMiddleware<EdgeEnv>(async (c, next) => {
    const authorization = c.req.header("Authorization");
    const apiKey = await findApiKey(c.env.CATALOG, authorization, Date.now());
    if (!apiKey) return problem(c, refuse("unauthorized"));
    if (!kinds.includes(apiKey.kind)) {
      return problem(c, refuse("forbidden", { needs: kinds, has: apiKey.kind }));
    }
    c.set("apiKey", apiKey);
    return next();
  });
}

/** What an object needs to know of a caller. A shopper proves the sale by its secret. */
export function callerOf({ shopId, kind }: ApiKey, secret: string | undefined): Caller {
  return { shopId, isMerchant: kind !== "publishable", secret };
}
