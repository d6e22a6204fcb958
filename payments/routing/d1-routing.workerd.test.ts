import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { checkoutDeps } from "../../durable-objects/checkout/checkout.deps.ts";
import { Cards } from "../../durable-objects/checkout/paying/cards.ts";
import { ShopId } from "../../schema/ids.ts";
import { isRefusal } from "../../schema/outcome.ts";
import { call, cardRequest } from "../stripe/testing/payment-fixtures.ts";
import { D1Routing } from "./d1-routing.ts";
import type { RouteRequest } from "./routing.ts";
import { RoutingStore } from "./routing-store.ts";

const HALF_A_MINUTE_MS = 30_000;
const demo = ShopId.parse("demo");
const well = {
  breakerOf: () => ({ isOpen: false, sinceMs: 0, probeAtMs: 0, opened: 0, passed: 0 }),
};
const store = new RoutingStore(env.CATALOG);

const request: RouteRequest = {
  ...{ shopId: demo, region: "eu", country: "DE", method: "card", draw: 0.5 },
  ...{ amount: { amountMinor: 1789, currency: "EUR" }, tokens: ["stripe", "adyen"], has: [] },
};

async function newShop(name: string) {
  const insert = "INSERT INTO shops (shop_id, name, capture_mode) VALUES (?, ?, 'manual')";
  await env.CATALOG.prepare(insert).bind(name, name).run();
  return ShopId.parse(name);
}

/** The catalogue, with every statement counted that is asked of it. */
function counted() {
  const seen = { statements: 0 };
  const d1 = new Proxy(env.CATALOG, {
    get: (target, name) => {
      if (name === "prepare") seen.statements += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { d1, seen };
}

test("a shop's own rules and capture mode are read once, and what changes holds soon", async () => {
  const shopId = await newShop("routed");
  const { d1, seen } = counted();
  let nowMs = 1_000_000;
  const routing = new D1Routing({ d1, health: well, nowMs: () => nowMs });
  const providers = async () => {
    const route = (await routing.book(shopId)).route({ ...request, shopId });
    return isRefusal(route) ? [] : route.providers;
  };

  expect(await providers()).toEqual(["stripe", "adyen"]);
  await store.setRules(
    shopId,
    [{ name: "adyen-only", order: [[{ provider: "adyen", weight: 1 }]] }],
    nowMs,
  );
  expect(await providers()).toEqual(["stripe", "adyen"]);
  expect((await routing.book(shopId)).captureMode).toBe("manual");
  expect(seen.statements).toBe(1);

  nowMs += HALF_A_MINUTE_MS + 1;
  await providers(); // answered from memory; the new rules are read behind it
  await expect.poll(providers).toEqual(["adyen"]);
});

test("a shop that is not there, or whose rules nobody can read, is a fault and no default", async () => {
  const routing = new D1Routing({ d1: env.CATALOG, health: well, nowMs: () => Date.now() });
  const shopId = await newShop("unreadable");
  const insert = "INSERT INTO routing_rules (shop_id, rules, updated_at_ms) VALUES (?, '[{}]', 0)";
  await env.CATALOG.prepare(insert).bind(shopId).run();

  await expect(routing.book(ShopId.parse("nobodys"))).rejects.toThrow("row in shops");
  await expect(routing.book(shopId)).rejects.toThrow();
});

test("warm, an authorize reads nothing and waits for no health: it answers while both are silent", async () => {
  const { d1, seen } = counted();
  const hops: string[] = [];
  const silent = {
    getByName: (name: string) => ({
      report: () => {
        hops.push(name);
        return new Promise(() => undefined);
      },
    }),
  };
  const bindings: object = { ...env, CATALOG: d1, PROVIDER_HEALTH: silent };
  const deps = checkoutDeps(bindings as Env, {
    ...{ heard: () => [], cards: new Cards(), shopperBackAtMs: () => undefined },
  });
  await deps.routing.book(demo);
  const cold = seen.statements;

  for (let n = 0; n < 5; n++) {
    (await deps.routing.book(demo)).route(request);
    const key = `warm-${n}`.padEnd(64, "0");
    const held = await deps.payments.stripe.authorize({ ...cardRequest, key }, call);
    expect(held).toMatchObject({ provider: "stripe", method: "card" });
  }

  expect(seen.statements).toBe(cold);
  expect(hops).toEqual(["eu:eu/provider-health"]);
});
