import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Parcel } from "../catalogue.ts";
import { LiveCarriers } from "./live-carriers.ts";
import { carriersOnWire, silent, wellAnswered } from "./testing/carrier-answers.ts";

const START_MS = 1_700_000_000_000;
const REST_MS = 10_000;
const parcel = (more: Partial<Parcel> = {}): Parcel => ({
  ...{ country: "FR", region: "eu", currency: "EUR", weightGrams: 700, postalCode: "75 001" },
  ...more,
});
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

const northline = { option: "northline-std", name: "Northline Standard", amount: eur(635) };
const kestrel = { option: "kestrel-11", name: "Kestrel Air", amount: eur(1650) };
const landpost = { option: "landpost-parcel", name: "Parcel", amount: eur(575) };

/** An isolate's carriers, whose clock the test turns. */
function shop() {
  const wire = carriersOnWire();
  let nowMs = START_MS;
  const { fetch } = wire;
  const source = { base: "http://carriers.test", fetch, nowMs: () => nowMs };
  const carriers = new LiveCarriers(source).from(async () => "DE");
  const passes = (durationMs: number) => {
    nowMs += durationMs;
    vi.setSystemTime(nowMs);
  };
  return { wire, passes, ask: (more?: Partial<Parcel>) => carriers.live(parcel(more)) };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("every carrier's services in the parcel's currency are offered, with whose they are", async () => {
  const { ask, wire } = shop();

  expect(await ask()).toEqual({
    options: [
      { ...northline, carrier: "Northline" },
      { ...kestrel, carrier: "Kestrel" },
      { ...landpost, carrier: "Landpost" },
    ],
    leftOut: [],
  });
  expect(wire.asked).toMatchObject([
    {
      body: {
        shipper: { countryCode: "DE" },
        recipient: { countryCode: "FR", postalZone: "75" },
        packages: [{ weight: { value: "1.00", unit: "KG" } }],
      },
    },
    { body: { RateRequest: { Shipment: { Package: [{ PackageWeight: { Weight: "1.00" } }] } } } },
    { url: expect.stringContaining("/landpost/v2/prices?from=DE&to=FR&zone=75&grams=1000") },
  ]);
});

test("carriers are asked all at once", async () => {
  const { ask, wire } = shop();
  const gate = Promise.withResolvers<void>();
  for (const carrier of ["northline", "kestrel", "landpost"]) {
    wire.is(carrier, async (...call) => {
      await gate.promise;
      return wellAnswered(...call);
    });
  }
  const asking = ask();
  await vi.waitFor(() => expect(wire.asked).toHaveLength(3));
  gate.resolve();

  expect((await asking).options).toHaveLength(3);
});

test("a zone's parcels of a weight share an answer, until it is old", async () => {
  const { ask, wire, passes } = shop();
  await ask();
  await ask({ postalCode: "75020", weightGrams: 999 });
  expect(wire.asked).toHaveLength(3);

  await ask({ postalCode: "13001" });
  await ask({ weightGrams: 1001 });
  await ask({ country: "BE" });
  expect(wire.asked).toHaveLength(12);

  passes(300_001);
  await ask();
  expect(wire.asked).toHaveLength(15);
});

test("a carrier that does not answer in time is left out and said so, and the others are there", async () => {
  const { ask, wire } = shop();
  wire.is("kestrel", silent);

  const { options, leftOut } = await ask();
  expect(options.map(({ carrier }) => carrier)).toEqual(["Northline", "Landpost"]);
  expect(leftOut).toEqual([{ carrier: "Kestrel", reason: "slow" }]);
});

test.each([
  ["an error", async () => new Response("no", { status: 503 })],
  ["no connection", () => Promise.reject(new TypeError("fetch failed"))],
  ["a page", async () => new Response("<html>")],
  ["JSON of another kind", async () => Response.json({ rates: [{ price: 1 }] })],
  ["half a cent", async () => Response.json(charged("6.355", "EUR"))],
  ["a negative price", async () => Response.json(charged("-1.00", "EUR"))],
])("a carrier that answers with %s is left out as broken", async (_kind, answer) => {
  const { ask, wire } = shop();
  wire.is("northline", answer);

  const { options, leftOut } = await ask();
  expect(options).toHaveLength(2);
  expect(leftOut).toEqual([{ carrier: "Northline", reason: "broken" }]);
});

test("yen have no decimals and dinars three", async () => {
  const { ask, wire } = shop();
  const offered = async (amount: string, currency: string) => {
    wire.is("northline", async () => Response.json(charged(amount, currency)));
    const { options } = await ask({ currency });
    return options.find(({ carrier }) => carrier === "Northline")?.amount;
  };
  expect(await offered("640", "JPY")).toEqual({ amountMinor: 640, currency: "JPY" });
  expect(await offered("2.125", "KWD")).toEqual({ amountMinor: 2125, currency: "KWD" });
});

test("a carrier that failed three times in a row rests, and one sale tries it again", async () => {
  const { ask, wire, passes } = shop();
  wire.is("kestrel", async () => new Response("no", { status: 500 }));
  const reasonOf = async () => (await ask()).leftOut[0]?.reason;
  expect([await reasonOf(), await reasonOf(), await reasonOf()]).toEqual(Array(3).fill("broken"));

  expect(await reasonOf()).toBe("resting");
  expect(wire.timesAsked("kestrel")).toBe(3);

  passes(REST_MS);
  const gate = Promise.withResolvers<void>();
  wire.is("kestrel", async (...call) => {
    await gate.promise;
    return wellAnswered(...call);
  });
  const trying = ask();
  await vi.waitFor(() => expect(wire.timesAsked("kestrel")).toBe(4));
  expect(await reasonOf()).toBe("resting");
  expect(wire.timesAsked("kestrel")).toBe(4);
  gate.resolve();
  expect((await trying).leftOut).toEqual([]);
  expect((await ask()).leftOut).toEqual([]);
});

test("a rush of sales asks a carrier sixteen times, and the others do without it", async () => {
  const { ask, wire, passes } = shop();
  const { promise: never } = Promise.withResolvers<Response>();
  const gate = Promise.withResolvers<void>();
  wire.is("kestrel", async (...call) => {
    await gate.promise;
    return wellAnswered(...call);
  });
  const rush = Array.from({ length: 20 }, () => ask());
  await vi.waitFor(() => expect(wire.timesAsked("kestrel")).toBe(16));
  gate.resolve();
  const answers = await Promise.all(rush);
  const busy = answers.filter(({ leftOut }) => leftOut[0]?.reason === "busy");
  expect(busy.map(({ leftOut }) => leftOut.at(-1)?.carrier)).toHaveLength(4);

  // Those whose sales are killed over them are not waited for.
  wire.is("kestrel", () => never);
  for (const _sale of rush) void ask({ country: "BE" });
  await vi.waitFor(() => expect(wire.timesAsked("kestrel")).toBe(32));
  passes(REST_MS);
  wire.is("kestrel", wellAnswered);
  expect((await ask({ country: "AT" })).leftOut).toEqual([]);
});

test("a trial that was killed does not keep a carrier out for ever", async () => {
  const { ask, wire, passes } = shop();
  wire.is("kestrel", async () => new Response("no", { status: 500 }));
  for (const _time of [1, 2, 3]) await ask();
  passes(REST_MS);
  const { promise: never } = Promise.withResolvers<Response>();
  wire.is("kestrel", () => never);
  void ask();
  await vi.waitFor(() => expect(wire.timesAsked("kestrel")).toBe(4));

  wire.is("kestrel", wellAnswered);
  passes(REST_MS);
  expect((await ask()).leftOut).toEqual([]);
});

function charged(amount: string, currency: string) {
  const totalCharge = { amount, currency };
  return { rates: [{ serviceCode: "NL-STD", serviceName: "Standard", totalCharge }] };
}
