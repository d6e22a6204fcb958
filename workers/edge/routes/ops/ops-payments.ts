import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { providerHealthStub } from "../../../../durable-objects/placement.ts";
import { defaultRules } from "../../../../payments/routing/default-routing-rules.ts";
import { RoutingStore } from "../../../../payments/routing/routing-store.ts";
import {
  setUsesOfCancelledOrders,
  usesOfCancelledOrders,
} from "../../../../pricing/d1/cancelled-uses.ts";
import { setWithdrawalDays, withdrawalTerms } from "../../../../pricing/d1/withdrawal-terms.ts";
import type { ShopId } from "../../../../schema/ids.ts";
import { RegionCode } from "../../../../schema/regions.ts";
import {
  ProviderHealthView,
  type RoutingRules,
  RoutingTable,
  RoutingView,
  ShopSettings,
  ShopSettingsChange,
} from "../../../../schema/routing.ts";
import { ask } from "../../asking/ask.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";

const readRouting = createRoute({
  method: "get",
  path: "/ops/routing",
  summary: "Read the rules by which the shop's payments find their providers.",
  responses: { 200: json(RoutingView, "The rules, in their order."), default: problemAnswer },
});

const setRouting = createRoute({
  method: "put",
  path: "/ops/routing",
  summary: "Replace all routing rules of the shop. An empty list brings the defaults back.",
  request: { body: jsonBody(RoutingTable) },
  responses: {
    200: json(RoutingView, "The rules; new payments go by them within half a minute."),
    default: problemAnswer,
  },
});

const readSettings = createRoute({
  method: "get",
  path: "/ops/settings",
  summary:
    "Read when the shop takes its money, what becomes of a cancelled order's uses, and how long a " +
    "contract can be withdrawn from.",
  responses: { 200: json(ShopSettings, "The settings."), default: problemAnswer },
});

const setSettings = createRoute({
  method: "put",
  path: "/ops/settings",
  summary:
    "Say when the shop takes its money, what becomes of a cancelled order's uses, and how long a " +
    "contract can be withdrawn from.",
  request: { body: jsonBody(ShopSettingsChange) },
  responses: {
    200: json(
      ShopSettings,
      "The settings; new payments go by them within half a minute, the rest at once.",
    ),
    default: problemAnswer,
  },
});

const readProviders = createRoute({
  method: "get",
  path: "/ops/providers",
  summary: "Read how the providers have answered authorizations, by region and method.",
  request: { query: z.strictObject({ region: RegionCode.optional() }) },
  responses: {
    200: json(
      z.strictObject({ providers: z.array(ProviderHealthView) }),
      "A row for each pair of provider and method that a region has called or has cut off.",
    ),
    default: problemAnswer,
  },
});

export const paymentOps = newApi();

on(paymentOps, readRouting, async (c) => {
  const { rules } = await new RoutingStore(c.env.CATALOG).planOf(c.var.apiKey.shopId);
  return c.json(routingView(rules), 200);
});
on(paymentOps, setRouting, async (c) => {
  const { rules } = c.req.valid("json");
  await new RoutingStore(c.env.CATALOG).setRules(c.var.apiKey.shopId, rules, Date.now());
  return c.json(routingView(rules), 200);
});

on(paymentOps, readSettings, async (c) => {
  return c.json(await settingsOf(c.env, c.var.apiKey.shopId), 200);
});
on(paymentOps, setSettings, async (c) => {
  const { captureMode, usesOfCancelledOrders: uses, ...change } = c.req.valid("json");
  const { extraMethods, withdrawalDays } = change;
  const { shopId } = c.var.apiKey;
  const plans = new RoutingStore(c.env.CATALOG);
  if (captureMode) await plans.setCaptureMode(shopId, captureMode);
  if (extraMethods) await plans.setExtraMethods(shopId, extraMethods);
  if (uses) await setUsesOfCancelledOrders(c.env.CATALOG, shopId, uses);
  if (withdrawalDays) await setWithdrawalDays(c.env.CATALOG, shopId, withdrawalDays);
  return c.json(await settingsOf(c.env, shopId), 200);
});

on(paymentOps, readProviders, async (c) => {
  const { region } = c.req.valid("query");
  const rows = (region ? [region] : RegionCode.options).map(async (code) => {
    const figures = await ask(() => providerHealthStub(c.env, code).figures());
    return figures.map((figure): ProviderHealthView => ({ region: code, ...figure }));
  });
  return c.json({ providers: (await Promise.all(rows)).flat() }, 200);
});

async function settingsOf({ CATALOG }: Env, shopId: ShopId): Promise<ShopSettings> {
  const { captureMode, switchedOn } = await new RoutingStore(CATALOG).planOf(shopId);
  const { days: withdrawalDays } = await withdrawalTerms(CATALOG, shopId);
  const uses = await usesOfCancelledOrders(CATALOG, shopId);
  return {
    ...{ captureMode, usesOfCancelledOrders: uses, withdrawalDays },
    extraMethods: [...switchedOn],
  };
}

function routingView(rules: RoutingRules): RoutingView {
  if (rules.length > 0) return { rules, from: "shop" };
  return { rules: [...defaultRules], from: "defaults" };
}
