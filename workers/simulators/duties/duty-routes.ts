/** Tollgate, an invented service that computes import duties; and a control that breaks it. */

import { type Context, Hono } from "hono";
import * as z from "zod";
import { decimalOf } from "../../../schema/currency-decimals.ts";
import { isoDecimalsOf } from "../../../schema/iso-4217.ts";
import type { SettingsEnv } from "../control/settings.object.ts";
import { dutiesOn } from "./duty-rules.ts";

const Manner = z.strictObject({
  mode: z.enum(["normal", "down", "garbage", "hang"]).default("normal"),
  latencyMs: z.int().min(0).default(0),
});
const HANG_MS = 60_000;

type Env = { Bindings: SettingsEnv };
export const dutiesSimulator = new Hono<Env>();

const settingsIn = async (env: SettingsEnv) =>
  Manner.parse((await env.SETTINGS.getByName("duties").read()) ?? {});

/** The broken answer that the control asks for, after its delay; undefined when the service is well. */
async function fault(c: Context<Env>): Promise<Response | undefined> {
  const { mode, latencyMs } = await settingsIn(c.env);
  await scheduler.wait(mode === "hang" ? HANG_MS : latencyMs);
  if (mode === "down") return c.json({ error: "unavailable" }, 503);
  return mode === "garbage" ? c.html("<html><body>Maintenance</body></html>") : undefined;
}

const Country = z.string().regex(/^[A-Z]{2}$/);
const Amount = z.string().regex(/^\d{1,12}(?:\.\d{1,4})?$/);
const Asked = z.object({
  ...{ from: Country, to: Country, state: z.string().optional() },
  currency: z.string().regex(/^[A-Z]{3}$/),
  incoterm: z.literal("DDP"),
  shipping: Amount,
  items: z
    .array(
      z.object({
        ...{ ref: z.string(), hs: z.string().regex(/^(?:\d{6}|\d{8}|\d{10})$/), origin: Country },
        ...{ quantity: z.int().min(1), value: Amount },
      }),
    )
    .min(1),
});

dutiesSimulator.post("/duties/tollgate/v1/assessments", async (c) => {
  const broken = await fault(c);
  if (broken) return broken;
  const asked = Asked.safeParse(await c.req.json().catch(() => null));
  if (!asked.success) return c.json({ error: "invalid_request" }, 400);
  const { currency, items, shipping, from, to } = asked.data;
  const minor = (amount: string) =>
    Math.round(Number(amount) * 10 ** (isoDecimalsOf(currency) ?? 2));
  const counted = items.map(({ value, ...item }) => ({ ...item, valueMinor: minor(value) }));
  const shippingMinor = minor(shipping);
  const duties = dutiesOn({ from, to, currency, shippingMinor, items: counted });
  if (!duties) return c.json({ error: "currency_not_supported" }, 422);
  const assessed = items.map(({ ref }, at) => ({
    ref,
    duty: decimalOf({ amountMinor: duties[at] ?? 0, currency }),
  }));
  return c.json({ assessment: crypto.randomUUID(), incoterm: "DDP", currency, items: assessed });
});

dutiesSimulator.get("/_simulator/duties/control", async (c) => c.json(await settingsIn(c.env)));

/** `{"mode": "hang"}`; `{}` makes it well again. */
dutiesSimulator.post("/_simulator/duties/control", async (c) => {
  const given = Manner.safeParse(await c.req.json().catch(() => null));
  if (!given.success) return c.json({ error: z.prettifyError(given.error) }, 400);
  await c.env.SETTINGS.getByName("duties").put(given.data);
  return c.json(given.data);
});
