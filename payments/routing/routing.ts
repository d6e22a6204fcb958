import { createHash } from "node:crypto";
import type { ShopId } from "../../schema/ids.ts";
import type { Money } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import {
  type CaptureMode,
  type ExtraMethod,
  isSwitchedOn,
  type PaymentMethod,
  type ProviderName,
} from "../../schema/payment.ts";
import { refuse } from "../../schema/refusals.ts";
import type { Country, RegionCode } from "../../schema/regions.ts";
import type { RoutingRule } from "../../schema/routing.ts";
import { whyNotCharge } from "../amounts.ts";
import { type Breaker, probes, stateOf, stateSinceMs } from "../health/circuit-breaker.ts";
import { capabilityOf, providersFor } from "../method-capabilities.ts";
import { leftOutBecause, type NoRoute, nobodyFor } from "./amount-route.ts";
import { defaultRules } from "./default-routing-rules.ts";

/** Everything that the choice of a provider depends on. No personal data: it is told to operators. */
export type RouteRequest = {
  readonly shopId: ShopId;
  readonly region: RegionCode;
  readonly country: Country;
  readonly method: PaymentMethod;
  readonly amount: Money;
  /** For cards: the providers that the shopper's browser has a token of. */
  readonly tokens: readonly ProviderName[];
  /** Which optional parts the payment has; some providers need them. */
  readonly has: readonly ("cpf" | "returnUrl")[];
  /** This attempt's chance, in [0, 1), as `drawOf` makes it: the same whenever it is asked. */
  readonly draw: number;
};

/** The providers to try in this order, and why; stored with the attempt. */
export type Route = {
  readonly providers: readonly ProviderName[];
  readonly why: readonly string[];
};

/** A shop's rules and the providers' health as known now: from here on nobody has to be asked. */
export interface RouteBook {
  /** When this shop takes the money of its orders. */
  readonly captureMode: CaptureMode;
  route(request: RouteRequest): Route | NoRoute;
}

export interface Routing {
  /** Costs nothing while the isolate knows the shop; it never asks a provider. */
  book(shopId: ShopId): Promise<RouteBook>;
}

/** What a route is chosen by, besides the payment itself. */
export type Grounds = {
  readonly rules: readonly RoutingRule[];
  /** Of the methods that are off by themselves, those that the shop sells by. */
  readonly switchedOn: readonly ExtraMethod[];
  /** For the payment's own method, in its region. */
  readonly breakerOf: (provider: ProviderName) => Breaker;
  readonly nowMs: number;
};

const DRAW_HEX = 12; // 48 bits: two independent halves, and a double holds them exactly
const HALF = 2 ** 24;

/** A run's chance: derived from its name, so that a route can be explained and drawn again. */
export function drawOf(runId: string): number {
  const hash = createHash("sha256").update(runId).digest("hex");
  return Number.parseInt(hash.slice(0, DRAW_HEX), 16) / 16 ** DRAW_HEX;
}

/** The providers that could take a payment of this kind, in the table's order. */
function candidatesFor(request: RouteRequest): readonly ProviderName[] {
  const { method, country, amount, tokens, has } = request;
  return providersFor(method, { country, currency: amount.currency }).filter((provider) => {
    const needs = capabilityOf(provider, method)?.needs ?? [];
    const hasToken = method !== "card" || tokens.includes(provider);
    return hasToken && needs.every((need) => has.includes(need));
  });
}

/**
 * The first rule that fits orders those who can take this amount; whoever is ill is left out while
 * another is well.
 *
 * Refuses: payment_method_unavailable, and names the rule when it was the rule that left nobody, or
 * who else could take the amount, or that the shop has not switched the method on; amount_too_small, with the least that can be charged so.
 */
export function chosenRoute(request: RouteRequest, grounds: Grounds): Route | NoRoute {
  const { method, country, amount } = request;
  const detail = { method, country, currency: amount.currency };
  if (!isSwitchedOn(method, grounds.switchedOn)) {
    return refuse("payment_method_unavailable", { ...detail, switchedOn: false });
  }
  const asked = candidatesFor(request);
  const refusals = asked.flatMap((provider) => {
    const no = whyNotCharge(provider, method, amount);
    return no ? [{ provider, no }] : [];
  });
  const candidates = asked.filter((each) => !refusals.some(({ provider }) => provider === each));
  if (candidates.length === 0) return nobodyFor(request, refusals);
  const rule = [...grounds.rules, ...defaultRules].find((each) => fits(each, request));
  assert(rule, "the last default rule fits every payment");
  const ordered = inOrder(rule, candidates, request.draw);
  if (ordered.providers.length === 0) {
    return refuse("payment_method_unavailable", { ...detail, rule: rule.name });
  }
  const { providers, why } = inHealth(ordered, request, grounds);
  return { providers, why: [...why, ...refusals.map((each) => leftOutBecause(each, amount))] };
}

function fits({ match = {} }: RoutingRule, request: RouteRequest): boolean {
  const { regions, countries, currencies, methods, amount } = match;
  const { currency, amountMinor } = request.amount;
  const isWithin =
    amount === undefined ||
    (amount.currency === currency &&
      amountMinor >= (amount.fromMinor ?? 0) &&
      amountMinor <= (amount.toMinor ?? Number.MAX_SAFE_INTEGER));
  return (
    isWithin &&
    (regions?.includes(request.region) ?? true) &&
    (countries?.includes(request.country) ?? true) &&
    (currencies?.includes(currency) ?? true) &&
    (methods?.includes(request.method) ?? true)
  );
}

type Group = RoutingRule["order"][number];

function inOrder(rule: RoutingRule, candidates: readonly ProviderName[], draw: number): Route {
  const drawn: string[] = [];
  const providers = rule.order.flatMap((group) => {
    const able = group.filter(({ provider }) => candidates.includes(provider));
    if (able.length > 1) drawn.push(drawnBecause(able, draw));
    return byWeight(able, draw);
  });
  const unnamed = candidates.filter((provider) => !rule.order.flat().some(names(provider)));
  return {
    providers,
    why: [
      `rule ${rule.name}: ${providers.join(" before ")}`,
      ...drawn,
      ...unnamed.map((provider) => `${provider} is not in the rule`),
    ],
  };
}

function names(wanted: ProviderName) {
  return ({ provider }: Group[number]) => provider === wanted;
}

function drawnBecause(group: Group, draw: number): string {
  const shares = group.map(({ provider, weight }) => `${provider} ${weight}`).join(" to ");
  return `drawn by weight, ${shares}: ${draw.toFixed(3)}`;
}

/** Draws one, then the next among the rest with what the first draw has left over. */
function byWeight(group: Group, draw: number): ProviderName[] {
  const total = group.reduce((weights, { weight }) => weights + weight, 0);
  let left = draw * total;
  for (const [index, { provider, weight }] of group.entries()) {
    if (left < weight) return [provider, ...byWeight(group.toSpliced(index, 1), left / weight)];
    left -= weight;
  }
  return [];
}

function inHealth({ providers, why }: Route, { draw }: RouteRequest, grounds: Grounds): Route {
  const { breakerOf, nowMs } = grounds;
  const probeDraw = (draw * HALF) % 1; // the half of the draw that has not decided by weight
  const seen = providers.map((provider) => {
    const breaker = breakerOf(provider);
    const state = stateOf(breaker, nowMs);
    const isProbe = probes(breaker, probeDraw, nowMs);
    return { provider, breaker, state, isProbe, isTried: state === "closed" || isProbe };
  });
  const nobodyIsWell = seen.every(({ isTried }) => !isTried);
  const because = seen.flatMap(({ provider, breaker, state, isProbe, isTried }) => {
    const since = new Date(stateSinceMs(breaker, nowMs)).toISOString();
    const ill = `its breaker is ${state === "open" ? "open" : "half open"} since ${since}`;
    if (isProbe) return [`${provider} is probed: ${ill}`];
    if (isTried) return [];
    return [`${provider} is ${nobodyIsWell ? "kept, for nobody else can" : "left out"}: ${ill}`];
  });
  const tried = seen.filter(({ isTried }) => isTried || nobodyIsWell);
  return { providers: tried.map(({ provider }) => provider), why: [...why, ...because] };
}
