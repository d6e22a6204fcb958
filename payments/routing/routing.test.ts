import { expect, test } from "vitest";
import { ShopId } from "../../schema/ids.ts";
import { isRefusal } from "../../schema/outcome.ts";
import type { ProviderName } from "../../schema/payment.ts";
import { RoutingRule } from "../../schema/routing.ts";
import { type Breaker, closedBreaker, judged } from "../health/circuit-breaker.ts";
import { chosenRoute, drawOf, type Grounds, type RouteRequest } from "./routing.ts";

const T0 = Date.parse("2026-11-25T10:00:00.000Z");
const OPEN = judged(closedBreaker(0), { isFault: true, atMs: T0 }, { calls: 3, faults: 3 });
const both: readonly ProviderName[] = ["stripe", "adyen"];

const card = (more: Partial<RouteRequest> = {}): RouteRequest => ({
  ...{ shopId: ShopId.parse("demo"), region: "eu", country: "DE", method: "card" },
  ...{ amount: { amountMinor: 3088, currency: "EUR" }, tokens: both, has: [], draw: 0.5 },
  ...more,
});

const rule = (name: string, order: readonly ProviderName[], match?: object): RoutingRule =>
  RoutingRule.parse({ name, match, order: order.map((provider) => [{ provider }]) });

const grounds = (
  rules: readonly RoutingRule[],
  ill: { readonly [Name in ProviderName]?: Breaker } = {},
  nowMs = T0 + 1,
): Grounds => ({
  ...{ rules, nowMs, switchedOn: [] },
  breakerOf: (provider) => ill[provider] ?? closedBreaker(0),
});

function chosen(request: RouteRequest, by: Grounds) {
  const route = chosenRoute(request, by);
  if (isRefusal(route)) throw new Error(`Refused: ${JSON.stringify(route)}`);
  return route;
}

test("without rules of its own a shop goes by the defaults", () => {
  expect(chosen(card(), grounds([]))).toEqual({
    providers: ["stripe", "adyen"],
    why: ["rule default: stripe before adyen"],
  });
});

test("the first rule that fits decides, and is named", () => {
  const rules = [
    rule("us-only", ["stripe"], { regions: ["us"] }),
    rule("eu-cards", ["adyen", "stripe"], { regions: ["eu"], methods: ["card"] }),
    rule("rest", ["stripe"]),
  ];

  expect(chosen(card(), grounds(rules))).toEqual({
    providers: ["adyen", "stripe"],
    why: ["rule eu-cards: adyen before stripe"],
  });
});

test.each([
  [{ regions: ["us"] }, false],
  [{ regions: ["us", "eu"] }, true],
  [{ countries: ["FR"] }, false],
  [{ countries: ["DE"] }, true],
  [{ currencies: ["USD"] }, false],
  [{ currencies: ["EUR"] }, true],
  [{ methods: ["ideal"] }, false],
  [{ methods: ["card"] }, true],
  [{ amount: { currency: "EUR", fromMinor: 3089 } }, false],
  [{ amount: { currency: "EUR", fromMinor: 3088, toMinor: 3088 } }, true],
  [{ amount: { currency: "EUR", toMinor: 3087 } }, false],
  [{ amount: { currency: "USD" } }, false],
  [{ regions: ["eu"], countries: ["FR"] }, false],
  [{}, true],
])("a card of EUR 30.88 in Germany and a rule for %o: that it fits is %s", (match, fits) => {
  const { why } = chosen(card(), grounds([rule("probe", ["adyen"], match)]));

  expect(why[0]?.startsWith("rule probe")).toBe(fits);
});

test("whom a rule does not name is not tried, and a rule can leave nobody", () => {
  const rules = [rule("adyen-only", ["adyen"])];

  expect(chosen(card(), grounds(rules))).toEqual({
    providers: ["adyen"],
    why: ["rule adyen-only: adyen", "stripe is not in the rule"],
  });
  expect(chosenRoute(card({ tokens: ["stripe"] }), grounds(rules))).toMatchObject({
    refused: "payment_method_unavailable",
    detail: { method: "card", rule: "adyen-only" },
  });
});

test("only those with a token are in the order", () => {
  const rules = [rule("eu-cards", ["adyen", "stripe"])];

  expect(chosen(card({ tokens: ["stripe"] }), grounds(rules)).providers).toEqual(["stripe"]);
});

const kwd = (amountMinor: number) => ({ amountMinor, currency: "KWD" });

test("whoever cannot count the amount is left out, and the route says why", () => {
  const route = chosen(card({ amount: kwd(5124), country: "KW" }), grounds([]));
  expect(route.providers).toEqual(["adyen"]);
  expect(route.why).toContain(
    "stripe is left out: 5124 minor units of KWD are no multiple of 10, in which it counts",
  );
  const ugx = card({ amount: { amountMinor: 1_200_000, currency: "UGX" }, country: "UG" });
  expect(chosen(ugx, grounds([]))).toMatchObject({
    providers: ["adyen"],
    why: [
      expect.stringMatching(/^rule /),
      "stripe is left out: 1200000 minor units of UGX are above its greatest charge, 999999",
    ],
  });
});

test("an amount that only another provider can take is no decline: that one is named", () => {
  const wanted = card({ amount: kwd(5124), country: "KW", tokens: ["stripe"] });
  expect(chosenRoute(wanted, grounds([]))).toEqual({
    refused: "payment_method_unavailable",
    detail: {
      ...{ method: "card", country: "KW", currency: "KWD" },
      ...{ leftOut: { stripe: "off_step" }, providers: ["adyen"] },
    },
  });
});

test("an amount below what the given provider charges says the least, and is no decline", () => {
  const cents = card({ amount: { amountMinor: 49, currency: "EUR" }, tokens: ["stripe"] });
  expect(chosenRoute(cents, grounds([]))).toEqual({
    refused: "amount_too_small",
    detail: { total: { amountMinor: 49, currency: "EUR" }, leastMinor: 50 },
  });
  expect(chosen({ ...cents, tokens: both }, grounds([])).providers).toEqual(["adyen"]);
});

test("weights share the sales out, by the attempt's own draw", () => {
  const order = [
    [
      { provider: "adyen", weight: 70 },
      { provider: "stripe", weight: 30 },
    ],
  ];
  const rules = [RoutingRule.parse({ name: "split", order })];
  const first = (draw: number) => chosen(card({ draw }), grounds(rules)).providers[0];
  const runs = Array.from({ length: 2000 }, (_, n) => first(drawOf(`chk/${n}/pay/1`)));

  expect([0, 0.69, 0.7, 0.999].map(first)).toEqual(["adyen", "adyen", "stripe", "stripe"]);
  expect(runs.filter((provider) => provider === "adyen").length / 2000).toBeCloseTo(0.7, 1);
  expect(chosen(card({ draw: 0.413 }), grounds(rules))).toEqual({
    providers: ["adyen", "stripe"],
    why: ["rule split: adyen before stripe", "drawn by weight, adyen 70 to stripe 30: 0.413"],
  });
});

test("the same attempt draws the same, the next one another", () => {
  expect(drawOf("chk_eu_1/pay/1")).toBe(drawOf("chk_eu_1/pay/1"));
  expect(drawOf("chk_eu_1/pay/1")).not.toBe(drawOf("chk_eu_1/pay/2"));
});

test("whose breaker is open is left out while another is well", () => {
  expect(chosen(card(), grounds([], { stripe: OPEN }))).toEqual({
    providers: ["adyen"],
    why: [
      "rule default: stripe before adyen",
      "stripe is left out: its breaker is open since 2026-11-25T10:00:00.000Z",
    ],
  });
});

test("the only one who can is kept although its breaker is open", () => {
  const alone = chosen(card({ tokens: ["stripe"] }), grounds([], { stripe: OPEN }));

  expect(alone).toEqual({
    providers: ["stripe"],
    why: [
      "rule default: stripe",
      "stripe is kept, for nobody else can: its breaker is open since 2026-11-25T10:00:00.000Z",
    ],
  });
});

test("when all are ill all are kept, in the rule's order", () => {
  const all = chosen(card(), grounds([], { stripe: OPEN, adyen: OPEN }));

  expect(all.providers).toEqual(["stripe", "adyen"]);
});

test("half open, a tenth of the sales probe first, as the rule has it", () => {
  const halfOpenAtMs = OPEN.probeAtMs;
  const routes = Array.from({ length: 2000 }, (_, n) =>
    chosen(card({ draw: drawOf(`run ${n}`) }), grounds([], { stripe: OPEN }, halfOpenAtMs)),
  );
  const probing = routes.filter(({ providers }) => providers[0] === "stripe");

  expect(probing.length / 2000).toBeCloseTo(0.1, 1);
  expect(probing[0]?.why[1]).toBe(
    "stripe is probed: its breaker is half open since 2026-11-25T10:00:10.000Z",
  );
  expect(routes.filter((route) => !probing.includes(route))[0]?.providers).toEqual(["adyen"]);
});

const wero = card({ method: "wero", tokens: [], has: ["returnUrl"] });

test("a method that a shop has not switched on goes nowhere, whatever its rules say", () => {
  const rules = [rule("wero", ["adyen"], { methods: ["wero"] })];
  expect(chosenRoute(wero, grounds(rules))).toEqual({
    refused: "payment_method_unavailable",
    detail: { method: "wero", country: "DE", currency: "EUR", switchedOn: false },
  });
});

test("once it is switched on, it goes where its rules send it, and only where a provider has it", () => {
  const on = { ...grounds([]), switchedOn: ["wero"] } as const;
  expect(chosen(wero, on).providers).toEqual(["stripe", "adyen"]);
  expect(chosen({ ...wero, country: "FR" }, on).providers).toEqual(["adyen"]);
  expect(chosenRoute({ ...wero, country: "ES" }, on)).toMatchObject({
    refused: "payment_method_unavailable",
  });
  expect(chosenRoute({ ...wero, has: [] }, on)).toMatchObject({
    refused: "payment_method_unavailable",
  });
});
