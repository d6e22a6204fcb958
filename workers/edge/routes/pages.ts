import { createRoute } from "@hono/zod-openapi";
import { Hono } from "hono";
import * as z from "zod";
import { CreateCustomerToken } from "../../../schema/customer-token.ts";
import { refuse } from "../../../schema/refusals.ts";
import { json, newApi, on } from "../gate/api.ts";
import { findApiKey } from "../gate/api-keys.ts";
import { customerTokenFor } from "../gate/customer-token.ts";
import type { EdgeEnv } from "../gate/edge-env.ts";
import { problem } from "../gate/problem.ts";
import { eventsPage, problemsPage, referencePage } from "../reference/reference-pages.ts";

const healthy = createRoute({
  method: "get",
  path: "/healthz",
  summary: "Whether the platform answers.",
  responses: { 200: json(z.object({ ok: z.literal(true) }), "It does.") },
});

export const health = newApi();

on(health, healthy, (c) => c.json({ ok: true } as const, 200));

/** Scripts and styles come from here; swagger-ui writes its sizes into style attributes. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What people read about the API, in a browser. */
export const pages = new Hono<EdgeEnv>();

/** Whose shop the storefront is. */
pages.get("/storefront.json", (c) => c.json({ publishableKey: c.env.STOREFRONT_PUBLISHABLE }));
/**
 * The demonstration shop's login, with no password: for a laptop alone. A real shop's server makes the token by its
 * secret key.
 */
pages.post("/storefront/login", async (c) => {
  const key = `Bearer ${c.env.STOREFRONT_PUBLISHABLE}`;
  const isLocal = c.env.RESIDENCY === "simulated";
  const apiKey = isLocal ? await findApiKey(c.env.CATALOG, key, Date.now()) : undefined;
  if (!apiKey) return problem(c, refuse("not_found"));
  const { data } = CreateCustomerToken.safeParse(await c.req.json());
  if (!data) return problem(c, refuse("invalid_request"));
  const customer = { shopId: apiKey.shopId, customerId: data.customerId };
  return c.json(customerTokenFor(c.env.ID_KEY, customer, Date.now()), 201);
});
pages.use("/docs/*", async (c, next) => {
  await next();
  c.header("Content-Security-Policy", POLICY);
});
pages.get("/docs", (c) => c.html(referencePage()));
pages.get("/docs/events", (c) => c.html(eventsPage()));
pages.get("/docs/problems", (c) => c.html(problemsPage()));
