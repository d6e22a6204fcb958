import { beforeAll, expect, test } from "vitest";
import { oneCallSale, openGuardedShop, twoCallSale } from "./counted-sales.ts";
import { pinned } from "./pinned.ts";
import { inOneCall, inTwoCalls } from "./pins.ts";

beforeAll(openGuardedShop);

test("a card sale of two SKUs in one call costs what its pins say", async () => {
  await oneCallSale(); // the first fills caches
  expect(pinned(await oneCallSale())).toEqual(inOneCall);
});

test("a card sale of two SKUs in two calls, with webhooks, costs what its pins say", async () => {
  await twoCallSale();
  expect(pinned(await twoCallSale())).toEqual(inTwoCalls);
});
