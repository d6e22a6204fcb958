/** Unleash's client API as far as its clients read it, and a control that flips flags. */

import { createHash } from "node:crypto";
import { Hono } from "hono";
import * as z from "zod";
import type { SettingsEnv } from "../control/settings.object.ts";

const Settings = z.strictObject({
  features: z.array(z.looseObject({ name: z.string() })),
  segments: z.array(z.looseObject({ id: z.number() })),
  mode: z.enum(["normal", "down", "garbage", "hang"]),
  latencyMs: z.int().min(0),
});
type Settings = z.infer<typeof Settings>;

const calm: Settings = { features: [], segments: [], mode: "normal", latencyMs: 0 };

const HANG_MS = 60_000;

export const unleashSimulator = new Hono<{ Bindings: SettingsEnv }>();

const settingsIn = async (env: SettingsEnv): Promise<Settings> =>
  Settings.parse((await env.SETTINGS.getByName("unleash").read()) ?? calm);

/** Source: https://docs.getunleash.io/reference/api/unleash/get-all-client-features */
unleashSimulator.get("/unleash/api/client/features", async (c) => {
  if (!c.req.header("Authorization")) return c.json({ name: "AuthenticationRequired" }, 401);
  const { mode, latencyMs, features, segments } = await settingsIn(c.env);
  await scheduler.wait(mode === "hang" ? HANG_MS : latencyMs);
  if (mode === "down") return c.text("Service Unavailable", 503);
  if (mode === "garbage") return c.html("<html><body>Sign in</body></html>");
  const body = JSON.stringify({ version: 2, features, segments, query: {} });
  const etag = `W/"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
  if (c.req.header("If-None-Match") === etag) return c.body(null, 304);
  return c.body(body, 200, { "Content-Type": "application/json", ETag: etag });
});

unleashSimulator.get("/_simulator/unleash/control", async (c) => c.json(await settingsIn(c.env)));

/** What the body leaves out stays as it is. */
unleashSimulator.post("/_simulator/unleash/control", async (c) => {
  const body: unknown = await c.req.json().catch(() => null);
  const given = Settings.partial().safeParse(body);
  if (!given.success) return c.json({ error: z.prettifyError(given.error) }, 400);
  const settings = { ...(await settingsIn(c.env)), ...given.data };
  await c.env.SETTINGS.getByName("unleash").put(settings);
  return c.json(settings);
});
