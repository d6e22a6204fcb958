import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkoutIdFrom, ShopId } from "../../schema/ids.ts";
import { poll } from "../../test/eventually.ts";
import type { FlagCopy } from "./flag-copy.ts";
import { type FlaggedSale, Flags } from "./flags.ts";
import type { Fetched } from "./unleash-client.ts";

const START_MS = 1_700_000_000_000;
const REFRESH_MS = 15_000;

const feature = (name: string, more: object = {}) => ({
  ...{ name, enabled: true, strategies: [{ name: "default", parameters: {}, constraints: [] }] },
  ...more,
});
const body = (...features: object[]) => JSON.stringify({ version: 2, features });

let sources = 0;

/** An Unleash that answers as it is told to, and an isolate's flags over a copy that outlives it. */
function unleash() {
  const asked: Request[] = [];
  const kept: { copy: Fetched | undefined } = { copy: undefined };
  const copy: FlagCopy = {
    read: async () => kept.copy,
    keep: async (fetched) => {
      kept.copy = fetched;
    },
  };
  const wire = {
    ...{ asked, kept },
    answer: async (_request: Request): Promise<Response> => new Response(null, { status: 500 }),
    tells: (text: string, etag = `"${text.length}-${text}"`) => {
      wire.answer = async (request) =>
        request.headers.get("If-None-Match") === etag
          ? new Response(null, { status: 304 })
          : new Response(text, { headers: { ETag: etag } });
    },
  };
  const url = `https://unleash-${++sources}.test/api/`;
  const fetch = async (...[input, init]: Parameters<typeof globalThis.fetch>) => {
    const request = new Request(String(input), init as RequestInit);
    asked.push(request);
    return wire.answer(request);
  };
  const isolate = () =>
    new Flags({ region: "eu", unleash: { url, token: "default:live.secret", fetch }, copy });
  return Object.assign(wire, { isolate });
}

const sale = (more: Partial<FlaggedSale> = {}): FlaggedSale => ({
  ...{ shopId: ShopId.parse("demo"), checkoutId: checkoutIdFrom("eu", new Uint8Array(17)) },
  ...{ customerReference: "cus_1", region: "eu", country: "DE", currency: "EUR" },
  ...more,
});

const untilCounted = (asked: readonly unknown[], times: number) =>
  poll(
    async () => asked.length,
    (length) => length === times,
    { withinMs: 5_000, gapMs: 1 },
  );

let warnings: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warnings = vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

test("a sale has the flags that are on, with their variants", async () => {
  const wire = unleash();
  const variants = [{ name: "blue", weight: 1000, payload: { type: "string", value: "#00f" } }];
  wire.tells(
    body(feature("winter"), feature("button", { variants }), feature("off", { enabled: false })),
  );

  expect(await wire.isolate().of(sale(), START_MS)).toEqual({ winter: true, button: "blue" });
  const [request] = wire.asked;
  expect(request?.url).toMatch(/\.test\/api\/client\/features$/);
  expect(request?.headers.get("Authorization")).toBe("default:live.secret");
});

test("a flag can be on for a country, a shop, a share of customers; one customer always sees the same", async () => {
  const wire = unleash();
  const inGermany = { contextName: "country", operator: "IN", values: ["DE"], inverted: false };
  const constraints = [inGermany];
  const half = { rollout: "50", stickiness: "userId", groupId: "half" };
  wire.tells(
    body(
      feature("germany", { strategies: [{ name: "default", parameters: {}, constraints }] }),
      feature("half", {
        strategies: [{ name: "flexibleRollout", parameters: half, constraints: [] }],
      }),
    ),
  );
  const flags = wire.isolate();

  expect(await flags.of(sale(), START_MS)).toHaveProperty("germany", true);
  expect(await flags.of(sale({ country: "FR" }), START_MS)).not.toHaveProperty("germany");
  const halfOf = async (n: number) =>
    "half" in (await flags.of(sale({ customerReference: `cus_${n}` }), START_MS));
  const customers = Array.from({ length: 400 }, (_each, at) => at);
  const first = await Promise.all(customers.map(halfOf));
  expect(await Promise.all(customers.map(halfOf))).toEqual(first);
  const on = first.filter(Boolean).length;
  expect(on).toBeGreaterThan(120);
  expect(on).toBeLessThan(280);
});

test("definitions are read again behind the sales, with the tag they have", async () => {
  const wire = unleash();
  wire.tells(body(feature("winter")));
  const flags = wire.isolate();
  await flags.of(sale(), START_MS);

  await flags.of(sale(), START_MS + REFRESH_MS - 1);
  expect(wire.asked).toHaveLength(1);
  const laterMs = START_MS + REFRESH_MS;
  await Promise.all([flags.of(sale(), laterMs), flags.of(sale(), laterMs)]);
  await untilCounted(wire.asked, 2);
  expect(wire.asked[1]?.headers.get("If-None-Match")).toBe(wire.kept.copy?.etag);

  wire.tells(body(feature("summer")));
  expect(await flags.of(sale(), laterMs + REFRESH_MS)).toEqual({ winter: true });
  const seen = () => flags.of(sale(), laterMs + REFRESH_MS);
  const patience = { withinMs: 5_000, gapMs: 1 };
  expect(await poll(seen, (found) => "summer" in found, patience)).toEqual({ summer: true });
  expect(wire.kept.copy?.text).toContain("summer");
});

const bad: readonly (readonly [string, () => Promise<Response>])[] = [
  ["away", () => Promise.reject(new TypeError("fetch failed"))],
  ["an error", async () => new Response("no", { status: 503 })],
  ["not JSON", async () => new Response("<html>")],
  ["JSON of another kind", async () => Response.json({ version: 2, features: "all" })],
  ["a flag without a name", async () => Response.json({ version: 2, features: [{ enabled: 1 }] })],
  ["a login page's redirect", async () => new Response(null, { status: 302 })],
  ["nothing", async () => new Response("")],
  ["more than can be kept", async () => new Response(`"${"x".repeat(1_600_000)}"`)],
];

test.each(bad)("an Unleash that is %s changes nothing", async (_kind, answer) => {
  const wire = unleash();
  wire.tells(body(feature("winter")));
  const flags = wire.isolate();
  await flags.of(sale(), START_MS);
  const good = wire.kept.copy;

  wire.answer = answer;
  await flags.of(sale(), START_MS + REFRESH_MS);
  await untilCounted(warnings.mock.calls, 1);

  expect(await flags.of(sale(), START_MS + REFRESH_MS)).toEqual({ winter: true });
  expect(await wire.isolate().of(sale(), START_MS)).toEqual({ winter: true });
  expect(wire.kept.copy).toBe(good);
});

test.each(bad)(
  "an isolate that begins with an Unleash that is %s has all flags off",
  async (_kind, answer) => {
    const wire = unleash();
    wire.answer = answer;

    expect(await wire.isolate().of(sale(), START_MS)).toEqual({});
    expect(wire.asked).toHaveLength(1);
    expect(warnings).toHaveBeenCalledTimes(1);
  },
);

test("a slow Unleash is waited for shortly where nothing was ever read, and then no more", async () => {
  const wire = unleash();
  const hung: AbortSignal[] = [];
  wire.answer = (request) => {
    hung.push(request.signal);
    return new Promise((_answer, reject) =>
      request.signal.addEventListener("abort", () => reject(request.signal.reason)),
    );
  };
  const flags = wire.isolate();

  expect(await flags.of(sale(), START_MS)).toEqual({});
  expect(hung[0]?.aborted).toBe(true);
  expect(await flags.of(sale(), START_MS + 1)).toEqual({});
  expect(hung).toHaveLength(1);
});

test("a slow Unleash holds nobody up who knows the flags of before", async () => {
  const wire = unleash();
  wire.tells(body(feature("winter")));
  await wire.isolate().of(sale(), START_MS);
  wire.answer = () => new Promise<Response>(() => undefined);

  expect(await wire.isolate().of(sale(), START_MS)).toEqual({ winter: true });
  expect(wire.asked).toHaveLength(2);
});

test("a copy that cannot be read, or not understood, is as none", async () => {
  const wire = unleash();
  wire.tells(body(feature("winter")));
  wire.kept.copy = { etag: "old", text: "{}" };
  expect(await wire.isolate().of(sale(), START_MS)).toEqual({ winter: true });
  expect(wire.asked[0]?.headers.get("If-None-Match")).toBeNull();
});

test("a flag whose rule nobody understands is off, and the others are not", async () => {
  const wire = unleash();
  const constraint = { contextName: "country", operator: "SMELLS_LIKE", values: [] };
  const odd = { strategies: [{ name: "default", parameters: {}, constraints: [constraint] }] };
  const unheard = { strategies: [{ name: "byMoonPhase", parameters: {}, constraints: [] }] };
  wire.tells(body(feature("odd", odd), feature("unheard", unheard), feature("winter")));

  expect(await wire.isolate().of(sale(), START_MS)).toEqual({ winter: true });
});
