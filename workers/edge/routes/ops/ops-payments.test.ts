import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { providerHealthStub } from "../../../../durable-objects/placement.ts";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";

async function ops(method: "GET" | "PUT", path: string, body?: unknown) {
  const response = await exports.default.fetch(
    new Request(`https://tender.test/v1/ops/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${shopKeys.operator}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  return { status: response.status, body: (await response.json()) as unknown };
}

const adyenFirst = {
  name: "eu-cards",
  match: { regions: ["eu"], methods: ["card"] },
  order: [[{ provider: "adyen", weight: 1 }], [{ provider: "stripe", weight: 1 }]],
};

test("a shop has the defaults until it sets rules, and again when it takes them away", async () => {
  const defaults = { from: "defaults", rules: [{ name: "default" }] };
  expect(await ops("GET", "routing")).toMatchObject({ status: 200, body: defaults });

  const set = await ops("PUT", "routing", { rules: [adyenFirst] });

  expect(set).toEqual({ status: 200, body: { rules: [adyenFirst], from: "shop" } });
  expect(await ops("GET", "routing")).toEqual(set);
  expect(await ops("PUT", "routing", { rules: [] })).toMatchObject({ body: defaults });
  expect(await ops("GET", "routing")).toMatchObject({ body: defaults });
});

test.each([
  ["no provider of ours", { ...adyenFirst, order: [[{ provider: "paypal" }]] }, "rules.1.order"],
  ["nobody", { ...adyenFirst, order: [] }, "rules.1.order"],
  ["a weight of nothing", { ...adyenFirst, order: [[{ provider: "adyen", weight: 0 }]] }, "weight"],
  [
    "a region of nobody's",
    { ...adyenFirst, match: { regions: ["mars"] } },
    "rules.1.match.regions",
  ],
  [
    "an amount that ends before it begins",
    { ...adyenFirst, match: { amount: { currency: "EUR", fromMinor: 2, toMinor: 1 } } },
    "rules.1.match.amount: the range ends before it begins",
  ],
  [
    "one provider twice",
    { ...adyenFirst, name: "twice", order: [[{ provider: "adyen" }], [{ provider: "adyen" }]] },
    "rules.1.order: rule twice names adyen twice",
  ],
  ["another's name", adyenFirst, "rules.1.name: two rules are called eu-cards"],
])("a rule with %s is refused by name, and no rule is changed", async (_what, rule, issue) => {
  const refused = await ops("PUT", "routing", { rules: [adyenFirst, rule] });

  expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect(JSON.stringify(refused.body)).toContain(issue);
  expect(await ops("GET", "routing")).toMatchObject({ body: { from: "defaults" } });
});

test("an operator says when money is taken, and whether a cancelled order's uses come back", async () => {
  expect(await ops("GET", "settings")).toMatchObject({
    body: { captureMode: "at_once", usesOfCancelledOrders: "returned" },
  });

  await ops("PUT", "settings", { captureMode: "on_fulfillment" });

  expect(await ops("GET", "settings")).toMatchObject({ body: { captureMode: "on_fulfillment" } });
  expect(await ops("PUT", "settings", { usesOfCancelledOrders: "spent" })).toMatchObject({
    body: { captureMode: "on_fulfillment", usesOfCancelledOrders: "spent" },
  });
  expect(await ops("PUT", "settings", { usesOfCancelledOrders: "returned" })).toMatchObject({
    body: { captureMode: "on_fulfillment", usesOfCancelledOrders: "returned" },
  });
  const unknown = await ops("PUT", "settings", { captureMode: "never" });
  expect(unknown).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  await ops("PUT", "settings", { captureMode: "at_once" });
});

test("an operator switches on methods that are off by themselves, and off again", async () => {
  expect(await ops("GET", "settings")).toMatchObject({ body: { extraMethods: [] } });
  expect(await ops("PUT", "settings", { extraMethods: ["wero", "wero"] })).toMatchObject({
    status: 400,
  });
  expect(await ops("PUT", "settings", { extraMethods: ["wero"] })).toMatchObject({
    body: { captureMode: "at_once", extraMethods: ["wero"] },
  });
  expect(await ops("PUT", "settings", { extraMethods: ["card"] })).toMatchObject({ status: 400 });
  expect(await ops("PUT", "settings", { extraMethods: [] })).toMatchObject({
    body: { extraMethods: [] },
  });
});

test("an operator says for how many days a contract can be withdrawn from, by country", async () => {
  const usual = { withdrawalDays: { default: 14, countries: {} } };
  expect(await ops("GET", "settings")).toMatchObject({ body: usual });

  const longer = { withdrawalDays: { default: 14, countries: { NL: 30 } } };
  expect(await ops("PUT", "settings", longer)).toMatchObject({ status: 200, body: longer });
  expect(await ops("GET", "settings")).toMatchObject({ body: longer });
  const odd = await ops("PUT", "settings", { withdrawalDays: { default: -1, countries: {} } });
  expect(odd).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect(await ops("PUT", "settings", usual)).toMatchObject({ body: usual });
});

test("an operator sees by region how the providers have answered", async () => {
  const card = { provider: "stripe", method: "card" } as const;
  const atMs = Date.now();
  await providerHealthStub(env, "sam").report([
    { ...card, outcome: "answered", durationMs: 300, atMs },
    ...[1, 2, 3].map(() => ({ ...card, outcome: "fault" as const, durationMs: 8_000, atMs })),
  ]);

  const { body } = await ops("GET", "providers?region=sam");

  const row = { region: "sam", ...card, calls: 4, successRate: 0.25, p50Ms: 300, p95Ms: 300 };
  expect(body).toEqual({
    providers: [{ ...row, breaker: "open", since: expect.stringMatching(/^\d{4}-.+Z$/) }],
  });
  expect(await ops("GET", "providers")).toEqual({ status: 200, body });
  expect(await ops("GET", "providers?region=mars")).toMatchObject({ status: 400 });
});
