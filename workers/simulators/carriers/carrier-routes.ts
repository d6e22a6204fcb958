/** Three invented carriers, each with a rates API as real carriers have one; and a control that breaks them. */

import { type Context, Hono } from "hono";
import * as z from "zod";
import type { SettingsEnv } from "../control/settings.object.ts";
import { decimals, type Service, tariffs } from "./tariffs.ts";

const names = ["northline", "kestrel", "landpost"] as const;
type Name = (typeof names)[number];

const Manner = z.strictObject({
  mode: z.enum(["normal", "down", "garbage", "hang"]).default("normal"),
  latencyMs: z.int().min(0).default(0),
});
const Settings = z.partialRecord(z.enum(names), Manner);
const HANG_MS = 60_000;

type Env = { Bindings: SettingsEnv };
export const carrierSimulator = new Hono<Env>();

const settingsIn = async (env: SettingsEnv) =>
  Settings.parse((await env.SETTINGS.getByName("carriers").read()) ?? {});

/** The broken answer that the control asks for, after its delay; undefined when the carrier is well. */
async function fault(c: Context<Env>, name: Name): Promise<Response | undefined> {
  const { mode, latencyMs } = (await settingsIn(c.env))[name] ?? Manner.parse({});
  await scheduler.wait(mode === "hang" ? HANG_MS : latencyMs);
  if (mode === "down") return c.text("upstream connect error", 503);
  return mode === "garbage" ? c.html("<html><body>Maintenance</body></html>") : undefined;
}

const Northline = z.object({
  recipient: z.object({ countryCode: z.string(), postalZone: z.string() }),
  packages: z.array(z.object({ weight: z.object({ value: z.string(), unit: z.literal("KG") }) })),
  currency: z.string(),
});

carrierSimulator.post("/carriers/northline/shipping/v3/rates", async (c) => {
  const broken = await fault(c, "northline");
  if (broken) return broken;
  const asked = Northline.safeParse(await c.req.json().catch(() => null));
  if (!asked.success) return c.json({ errors: [{ code: "INVALID.INPUT" }] }, 400);
  const { currency, recipient, packages } = asked.data;
  const grams = Number(packages[0]?.weight.value ?? 0) * 1000;
  const rates = tariffs("northline", { currency, to: recipient.countryCode, grams }).map(
    ({ code, name, minor }) => ({
      ...{ serviceCode: `NL-${code}`, serviceName: name },
      totalCharge: { amount: decimals(minor, currency), currency },
    }),
  );
  return c.json({ transactionId: crypto.randomUUID(), rates });
});

const Kestrel = z.object({
  RateRequest: z.object({
    Shipment: z.object({
      ShipTo: z.object({ Address: z.object({ CountryCode: z.string() }) }),
      Package: z.array(z.object({ PackageWeight: z.object({ Weight: z.string() }) })),
    }),
    CurrencyCode: z.string(),
  }),
});

carrierSimulator.post("/carriers/kestrel/api/rating/v1/Shop", async (c) => {
  const broken = await fault(c, "kestrel");
  if (broken) return broken;
  const asked = Kestrel.safeParse(await c.req.json().catch(() => null));
  if (!asked.success) return c.json({ response: { errors: [{ code: "111100" }] } }, 400);
  const { Shipment, CurrencyCode: currency } = asked.data.RateRequest;
  const grams = Number(Shipment.Package[0]?.PackageWeight.Weight ?? 0) * 1000;
  const to = Shipment.ShipTo.Address.CountryCode;
  const shown = ({ code, name, minor }: Service) => ({
    Service: { Code: code, Description: name },
    TotalCharges: { CurrencyCode: currency, MonetaryValue: decimals(minor, currency) },
  });
  const RatedShipment = tariffs("kestrel", { currency, to, grams }).map(shown);
  const ResponseStatus = { Code: "1", Description: "Success" };
  return c.json({ RateResponse: { Response: { ResponseStatus }, RatedShipment } });
});

const Landpost = z.object({
  ...{ to: z.string(), currency: z.string() },
  grams: z.coerce.number().int().min(1),
});

carrierSimulator.get("/carriers/landpost/v2/prices", async (c) => {
  const broken = await fault(c, "landpost");
  if (broken) return broken;
  const asked = Landpost.safeParse(c.req.query());
  if (!asked.success) return c.json({ error: "bad_request" }, 400);
  const { currency } = asked.data;
  const prices = tariffs("landpost", asked.data).map(({ code, name, minor }) => {
    return { product: code, label: name, minor };
  });
  return c.json({ currency, prices });
});

carrierSimulator.get("/_simulator/carriers/control", async (c) => c.json(await settingsIn(c.env)));

/** `{"kestrel": {"mode": "hang"}}`: a carrier that the body leaves out is well again. */
carrierSimulator.post("/_simulator/carriers/control", async (c) => {
  const given = Settings.safeParse(await c.req.json().catch(() => null));
  if (!given.success) return c.json({ error: z.prettifyError(given.error) }, 400);
  await c.env.SETTINGS.getByName("carriers").put(given.data);
  return c.json(given.data);
});
