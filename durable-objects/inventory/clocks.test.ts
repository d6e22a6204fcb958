import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { ACCEPTED, DAY_MS, GRACE_MS, MINUTE_MS, START_MS, shelf } from "./testing/stocked-shelf.ts";

afterEach(() => vi.useRealTimers());

test.each([
  ["the backstop", ["alarm", "allocate"]],
  ["the payment", ["allocate", "alarm"]],
  ["neither, both at once,", ["both"]],
] as const)("whether %s comes first, the paid piece is sold once", async (_who, order) => {
  const { stock, request, paid, levels } = await shelf(1);
  await stock.hold(request("a", 1, START_MS));
  vi.setSystemTime(START_MS + GRACE_MS);
  for (const act of order) {
    if (act === "alarm") await runDurableObjectAlarm(stock);
    if (act === "allocate") expect(await stock.allocate(paid("a"))).toEqual(ACCEPTED);
    if (act === "both") {
      const [, answer] = await Promise.all([
        runDurableObjectAlarm(stock),
        stock.allocate(paid("a")),
      ]);
      expect(answer).toEqual(ACCEPTED);
    }
  }
  await runDurableObjectAlarm(stock);
  expect(await levels()).toEqual({ available: 0, held: 0, allocated: 1 });
});

test("a payment that races the next shopper for an expired piece: one of them gets it", async () => {
  const { stock, request, paid, levels } = await shelf(1);
  await stock.hold(request("late", 1, START_MS));
  vi.setSystemTime(START_MS + GRACE_MS);
  const [next, late] = await Promise.all([
    stock.hold(request("next", 1, START_MS + DAY_MS)),
    stock.allocate(paid("late")),
  ]);
  expect([next, late].filter((answer) => "ok" in answer)).toHaveLength(1);
  const { held, allocated, available } = await levels();
  expect({ pieces: held + allocated, available }).toEqual({ pieces: 1, available: 0 });
});

test.each([
  ["five minutes ahead", 5 * MINUTE_MS],
  ["five minutes behind", -5 * MINUTE_MS],
])(
  "an inventory whose clock is %s releases no hold early and no paid piece ever",
  async (_, offMs) => {
    const { stock, request, paid, levels } = await shelf(2);
    const here = (checkoutMs: number) => vi.setSystemTime(checkoutMs + offMs);
    const expiresAtMs = START_MS + 40 * MINUTE_MS;
    here(START_MS);
    await stock.hold(request("open", 1, expiresAtMs));
    await stock.hold(request("paid", 1, expiresAtMs));
    here(expiresAtMs - 1);
    await runDurableObjectAlarm(stock);
    expect(await levels()).toEqual({ available: 0, held: 2, allocated: 0 });
    expect(await stock.allocate(paid("paid"))).toEqual(ACCEPTED);

    here(expiresAtMs + 2 * GRACE_MS);
    await runDurableObjectAlarm(stock);
    expect(await levels()).toEqual({ available: 1, held: 0, allocated: 1 });
    here(expiresAtMs + 400 * DAY_MS);
    await runDurableObjectAlarm(stock);
    expect(await levels()).toEqual({ available: 1, held: 0, allocated: 1 });
  },
);
