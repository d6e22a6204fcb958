import { afterAll, expect, test } from "vitest";
import type { Checkout } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";
import { chargedOnce, inTurns, openMany, payAt, providers } from "./storm.ts";

/** Sales for each way of failing; `npm run proof` asks for more. */
const SALES = Number(process.env.SALES_PER_FAULT ?? 20);
const SETTLED = { withinMs: 240_000, gapMs: 250 };
const TIME_MS = 600_000 + SALES * 10_000;

const KINDS = [
  ...["drop_after", "drop_before", "hang", "reset_mid_body", "garbage_200", "html_502"],
  ...["error_500_stored", "error_500", "rate_limit", "conflict_409", "late"],
];

const shop = await openShop();
afterAll(async () => expect(await shop.audit()).toEqual(CLEAN), TIME_MS);

const captured = (checkout: Checkout) =>
  eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );

test.for(["stripe", "adyen"] as const)(
  `each of ${SALES} sales for every way in which %s fails to answer is charged once, and nobody hears declined`,
  { timeout: TIME_MS },
  async (provider, { task }) => {
    const sales = await openMany(shop, SALES * KINDS.length);
    const kindOf = (index: number) => KINDS[index % KINDS.length] ?? "";
    await shop[provider].fails(
      sales.map(({ checkoutId }, index) => ({
        ...{ operation: "authorize", kind: kindOf(index), times: 1 },
        metadataCheckoutId: providers[provider].aim(checkoutId),
      })),
    );

    const answers = await inTurns(sales, (checkout) => payAt(shop, provider, checkout));

    for (const { status } of answers) expect([200, 202]).toContain(status);
    await inTurns(sales, captured);
    await chargedOnce(shop, [provider], sales);
    const { faultsByOperation } = await shop[provider].calls();
    const struck = KINDS.map((kind) => faultsByOperation[`authorize/${kind}`]);
    expect(struck).toEqual(KINDS.map(() => SALES));
    Object.assign(task.meta, { provider, sales: sales.length, struck: faultsByOperation });
    await shop[provider].fails([]);
  },
);

test.each(["stripe", "adyen"] as const)(
  "a %s that takes longer than anybody waits charges once",
  async (provider) => {
    const sales = await openMany(shop, 3);
    await shop[provider].control({ latencyMs: { authorize: 9_000 } });
    const answers = await Promise.all(sales.map((checkout) => payAt(shop, provider, checkout)));
    await shop[provider].control({ latencyMs: {} });

    for (const { status } of answers) expect([200, 202]).toContain(status);
    await inTurns(sales, captured);
    await chargedOnce(shop, [provider], sales);
  },
  TIME_MS,
);
