import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { closedBreaker, stateOf } from "../../payments/health/circuit-breaker.ts";
import type { Sample } from "../../payments/health/health-watch.ts";
import { providerHealthStub } from "../placement.ts";
import { PairRecord } from "./provider-health.ts";

const T0 = 1_000_000;
const sample = (outcome: Sample["outcome"], atMs = Date.now(), durationMs = 400): Sample => ({
  ...{ provider: "stripe", method: "card" },
  ...{ outcome, durationMs, atMs },
});
const record = () =>
  new PairRecord({ provider: "stripe", method: "card", breaker: closedBreaker(T0), calls: [] });

test("each region has a health of its own, and hears what its isolates met", async () => {
  const eu = providerHealthStub(env, "eu");

  const heard = await eu.report([sample("fault"), sample("fault"), sample("fault")]);

  expect(heard).toMatchObject([
    { provider: "stripe", method: "card", breaker: { isOpen: true, opened: 1 } },
  ]);
  expect(await providerHealthStub(env, "us").report([])).toEqual([]);
});

test("what a quiet region met before it fell asleep still counts", async () => {
  const apac = providerHealthStub(env, "apac");
  await apac.report([sample("answered"), sample("fault"), sample("fault")]);
  const figures = await apac.figures();

  await evictDurableObject(apac);

  expect(await apac.figures()).toEqual(figures);
  const [opened] = await apac.report([sample("fault")]);
  expect(opened?.breaker.isOpen).toBe(true);
  await evictDurableObject(apac);
  expect(await apac.report([])).toEqual([opened]);
});

test("a region without faults writes nothing", async () => {
  const us = providerHealthStub(env, "us");

  await us.report([sample("answered"), sample("refused")]);

  const tables = await runInDurableObject(us, (_object, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'pairs'").toArray(),
  );
  expect(tables).toEqual([]);
});

test("a bank's no is a good answer, and a method's faults are its own", () => {
  const card = record();
  for (let n = 0; n < 20; n++) card.take(sample("refused", T0 + n), T0 + n);

  expect(card.figures(T0 + 20)).toMatchObject({ calls: 20, successRate: 1 });
  expect(card.breaker.isOpen).toBe(false);
});

test("figures are of the last minute: share of answers, middle and slow ones", () => {
  const card = record();
  card.take(sample("fault", T0, 9_000), T0);
  for (let n = 1; n <= 20; n++) card.take(sample("answered", T0 + 60_000, n * 100), T0 + 60_000);

  expect(card.figures(T0 + 60_001)).toMatchObject({
    ...{ calls: 20, successRate: 1, p50Ms: 1000, p95Ms: 1900 },
    ...{ breaker: "closed", since: new Date(T0).toISOString() },
  });
  expect(card.health()).toMatchObject({ lastFaultAtMs: T0, lastGoodAtMs: T0 + 60_000 });
  expect(card.figures(T0 + 120_001)).toMatchObject({ calls: 0, successRate: null, p50Ms: null });
});

test("a provider that is back is not judged by its outage", () => {
  const card = record();
  for (let n = 0; n < 3; n++) card.take(sample("fault", T0), T0);
  const { probeAtMs } = card.breaker;
  for (let n = 0; n < 3; n++) card.take(sample("answered", probeAtMs), probeAtMs);

  card.take(sample("fault", probeAtMs + 1), probeAtMs + 1);

  expect(stateOf(card.breaker, probeAtMs + 1)).toBe("closed");
});

test("good and bad news that come together keep their order", () => {
  const card = record();
  card.take(sample("answered", T0), T0 + 2_000);
  card.take(sample("fault", T0 + 1_999), T0 + 2_000);

  expect(card.health()).toMatchObject({ lastGoodAtMs: T0, lastFaultAtMs: T0 + 1_999 });
});

test("each change of a breaker is a line with the counts that decided it, and no call is", async () => {
  const sam = providerHealthStub(env, "sam");
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const lines = () => warn.mock.calls.map(([line]) => line);
  const named = { event: "provider.breaker_changed", region: "sam", provider: "stripe" };
  await sam.report([sample("answered"), sample("fault"), sample("fault")]);
  expect(lines()).toEqual([]);

  const [opened] = await sam.report([sample("fault"), sample("answered")]);
  const change = { ...named, method: "card", calls: 4, faults: 3, passed: 0 };
  expect(lines()).toEqual([{ ...change, from: "closed", to: "open" }]);
  await evictDurableObject(sam);
  vi.setSystemTime(opened?.breaker.probeAtMs ?? 0);
  await sam.report([sample("fault")]);
  const probed = { calls: 6, faults: 4, passed: 0 };
  expect(lines().slice(1)).toEqual([
    { ...change, ...probed, from: "open", to: "half_open" },
    { ...change, ...probed, from: "half_open", to: "open" },
  ]);

  warn.mockClear();
  vi.setSystemTime(Date.now() + 3 * 60_000);
  await sam.report([sample("answered")]);
  await evictDurableObject(sam);
  await sam.report([sample("answered"), sample("answered"), sample("answered")]);
  expect(lines()).toMatchObject([
    { ...named, from: "open", to: "half_open", passed: 1 },
    { ...named, from: "half_open", to: "closed", calls: 3, faults: 0, passed: 3 },
  ]);
  vi.useRealTimers();
  warn.mockRestore();
});
