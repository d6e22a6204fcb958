import { expect } from "vitest";
import { shopKeys } from "../../scripts/machine/local-keys.ts";
import { STOREFRONT_KEY } from "../clients/storefront.ts";
import { eventually, poll } from "../eventually.ts";
import type { Shop } from "./open-shop.ts";

/** How long an order store is away; `npm run proof` asks for minutes. */
export const OUTAGE_MS = Number(process.env.OUTAGE_MS ?? 4_000);
/** An outage, the minute until all is at rest, and the checks. */
export const OUTAGE_TIMEOUT_MS = OUTAGE_MS + 240_000;

const SHOPPERS = 2;
const EACH_MS = OUTAGE_MS / 60; // at most so many sales each: how fast a store catches up is no matter here
const SOLD = { withinMs: 55_000 };

/** One sale until its money is there. The buyer then reads the order, whatever became of its store. */
export async function sell(shop: Shop): Promise<string> {
  const checkout = await shop.open("mug");
  await shop.pay(checkout, "pm_card_visa");
  const { body } = await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body: { status } }) => status === "captured",
    SOLD,
  );
  const orderId = body.orderId ?? "";
  const buyer = { apiKey: STOREFRONT_KEY, secret: checkout.clientSecret };
  expect(await shop.storefront.order(orderId, buyer)).toMatchObject({
    status: 200,
    body: { orderId, captured: checkout.total },
  });
  return orderId;
}

/** What some shoppers buy, each one thing after the other, until the outage has lasted long enough. */
export async function sellThroughTheOutage(shop: Shop): Promise<readonly string[]> {
  const endMs = Date.now() + OUTAGE_MS;
  const orderIds: string[] = [];
  const shoppers = Array.from({ length: SHOPPERS }, async () => {
    do {
      const begunMs = Date.now();
      orderIds.push(await sell(shop));
      await poll(
        async () => Date.now(),
        (nowMs) => nowMs >= begunMs + EACH_MS,
        { withinMs: EACH_MS },
      );
    } while (Date.now() < endMs);
  });
  await Promise.all(shoppers);
  return orderIds;
}

/** What the store's own list answers, which no object can stand in for. */
export async function statusOfTheList(shop: Shop): Promise<number> {
  const headers = { authorization: `Bearer ${shopKeys.operator}` };
  return (await fetch(`${shop.url}/v1/ops/orders?region=eu`, { headers })).status;
}
