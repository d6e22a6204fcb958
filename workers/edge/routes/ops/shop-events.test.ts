import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { orderStoreOf } from "../../../../orders/region-order-store.ts";
import { backAt } from "../../../../orders/testing/shop-events-contract.ts";
import { CheckoutId, ShopId } from "../../../../schema/ids.ts";
import type { ReservationExpired } from "../../../../schema/reservation.ts";
import { AbandonedHour, ShopEventList } from "../../../../schema/shop-events.ts";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";

const demo = ShopId.parse("demo");
const START_MS = Date.parse("2031-01-01T00:00:00Z"); // no other test's
const from = "from=2031-01-01T00:00:00Z&until=2031-01-02T00:00:00Z";

async function read(path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${shopKeys.operator}` };
  const request = new Request(`https://tender.test/v1/ops/${path}`, { headers });
  const response = await exports.default.fetch(request);
  expect(response.status).toBe(200);
  return response.json();
}

function abandonedAt(atMs: number, suffix: string): ReservationExpired {
  const checkoutId = CheckoutId.parse(`chk_eu_0123456789abcdefghjkmnpq${suffix}`);
  return {
    ...{ specversion: "1.0", id: `${checkoutId}/expired`, source: "/shops/demo" },
    type: "tender.checkout.reservation_expired.v1",
    ...{ subject: checkoutId, time: new Date(atMs).toISOString() },
    ...{ datacontenttype: "application/json", shopid: demo, region: "eu" },
    data: {
      ...{ checkoutId, customerReference: "cus_1", lines: [], attempts: [] },
      total: { amountMinor: 1, currency: "EUR" },
      createdAt: new Date(atMs).toISOString(),
    },
  };
}

test("a merchant reads what is back in stock, over all regions and page by page", async () => {
  const here = backAt(demo, START_MS);
  const there = { ...backAt(demo, START_MS + 1), region: "us" as const };
  const later = backAt(demo, START_MS + 2);
  await orderStoreOf(env, "eu").keepShopEvents([later, here]);
  await orderStoreOf(env, "us").keepShopEvents([there]);
  await orderStoreOf(env, "eu").keepShopEvents([backAt(ShopId.parse("another"), START_MS)]);

  const query = `shop-events?type=tender.stock.back.v1&${from}&limit=2`;
  const first = ShopEventList.parse(await read(query));
  expect(first.events).toEqual([here, there]);
  const next = await read(`${query}&cursor=${encodeURIComponent(first.cursor ?? "")}`);
  expect(next).toEqual({ events: [later] });
  expect(await read(`${query}&region=us`)).toEqual({ events: [there] });
});

test("abandoned checkouts are counted by the hour, each once", async () => {
  const store = orderStoreOf(env, "eu");
  const told = [abandonedAt(START_MS, "rs"), abandonedAt(START_MS + 1, "rt")];
  await store.keepShopEvents(told);
  await store.keepShopEvents(told);
  const { hours } = (await read(`abandoned?${from}`)) as { hours: unknown[] };
  expect(hours.map((hour) => AbandonedHour.parse(hour))).toEqual([
    { region: "eu", hour: "2031-01-01T00:00:00.000Z", checkouts: 2 },
  ]);
});
