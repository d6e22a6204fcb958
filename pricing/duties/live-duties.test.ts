import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Sku } from "../../schema/ids.ts";
import { silent } from "../carriers/testing/carrier-answers.ts";
import type { Shipment } from "../catalogue.ts";
import { LiveDuties } from "./live-duties.ts";

const START_MS = 1_700_000_000_000;
const REST_MS = 10_000;
const usd = (amountMinor: number) => ({ amountMinor, currency: "USD" });
const mug = Sku.parse("mug");
const shirt = Sku.parse("shirt");
const shipment: Shipment = {
  ...{ from: "DE", to: { country: "US", state: "NY" }, currency: "USD", shipping: usd(590) },
  items: [
    { sku: mug, tariffCode: "69120023", originCountry: "DE", quantity: 2, value: usd(2798) },
    { sku: shirt, tariffCode: "610910", originCountry: "PT", quantity: 1, value: usd(2699) },
  ],
};
const assessed = {
  ...{ assessment: "a", incoterm: "DDP", currency: "USD" },
  items: [
    { ref: "shirt", duty: "2.70" },
    { ref: "mug", duty: "2.80" },
  ],
};

/** A service that answers as it is told to; what it was asked is kept. */
function serviceThat(answers: (signal: AbortSignal) => Promise<Response>) {
  const asked: unknown[] = [];
  let nowMs = START_MS;
  const fetch = async (...[url, init]: Parameters<typeof globalThis.fetch>) => {
    asked.push([String(url), JSON.parse(String(init?.body))]);
    return answers(init?.signal ?? new AbortController().signal);
  };
  const service = new LiveDuties({ base: "http://duties.test", fetch, nowMs: () => nowMs });
  const passes = (durationMs: number) => {
    nowMs += durationMs;
    vi.setSystemTime(nowMs);
  };
  return { asked, passes, ask: () => service.dutiesOn(shipment) };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("the duty of each item comes back under its SKU, and no address went out", async () => {
  const { ask, asked } = serviceThat(async () => Response.json(assessed));

  expect(await ask()).toEqual({
    duties: new Map([
      [mug, usd(280)],
      [shirt, usd(270)],
    ]),
  });
  expect(asked).toEqual([
    [
      "http://duties.test/tollgate/v1/assessments",
      {
        ...{ from: "DE", to: "US", state: "NY", currency: "USD", incoterm: "DDP" },
        shipping: "5.90",
        items: [
          { ref: "mug", hs: "69120023", origin: "DE", quantity: 2, value: "27.98" },
          { ref: "shirt", hs: "610910", origin: "PT", quantity: 1, value: "26.99" },
        ],
      },
    ],
  ]);
});

test.each([
  ["says no", () => Response.json({ error: "unavailable" }, { status: 503 })],
  ["sends a web page", () => new Response("<html>")],
  ["answers in another currency", () => Response.json({ ...assessed, currency: "EUR" })],
  ["leaves an item out", () => Response.json({ ...assessed, items: assessed.items.slice(1) })],
  ["computes without paying", () => Response.json({ ...assessed, incoterm: "DAP" })],
  [
    "names a part of a cent",
    () => Response.json({ ...assessed, items: [{ ref: "mug", duty: "2.805" }] }),
  ],
])("a service that %s is broken", async (_what, answer) => {
  const { ask } = serviceThat(async () => answer());
  expect(await ask()).toEqual({ leftOut: "broken" });
});

test("one that does not answer in time is slow, and after three times rests, until one sale tries again", async () => {
  let isWell = false;
  const { ask, asked, passes } = serviceThat(async (signal) =>
    isWell ? Response.json(assessed) : silent("", signal),
  );
  for (let tried = 0; tried < 3; tried++) expect(await ask()).toEqual({ leftOut: "slow" });
  expect(await ask()).toEqual({ leftOut: "resting" });
  expect(asked).toHaveLength(3);

  isWell = true;
  passes(REST_MS);
  expect(await ask()).toHaveProperty("duties");
});

test("nothing is remembered: what was said of one cart is of no use for another", async () => {
  const { ask, asked } = serviceThat(async () => Response.json(assessed));
  await ask();
  await ask();
  expect(asked).toHaveLength(2);
});
