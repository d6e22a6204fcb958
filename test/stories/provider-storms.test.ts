import { afterAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { adyenCard, type Checkout } from "../storefront.ts";
import { CLEAN, openShop } from "./open-shop.ts";

/** Sales for each way of failing; `npm run proof` asks for more. */
const SALES = Number(process.env.SALES_PER_FAULT ?? 20);
const OUTAGE_MS = Number(process.env.OUTAGE_MS ?? 4_000);
const AT_A_TIME = 20;
const SETTLED = { withinMs: 240_000 + OUTAGE_MS, gapMs: 250 };
const TIME_MS = 600_000 + OUTAGE_MS + SALES * 10_000;

const KINDS = [
  ...["drop_after", "drop_before", "hang", "reset_mid_body", "garbage_200", "html_502"],
  ...["error_500_stored", "error_500", "rate_limit", "conflict_409", "late"],
];

const shop = await openShop();
afterAll(async () => expect(await shop.audit()).toEqual(CLEAN), TIME_MS);

const providers = {
  // A rule aims at a checkout by what the provider was told of it.
  stripe: { tokens: { stripe: "pm_card_visa" }, aim: (id: string) => id },
  adyen: { tokens: { adyen: adyenCard() }, aim: (id: string) => `demo_${id}_1` },
} as const;
type Provider = keyof typeof providers;
type Sale = Awaited<ReturnType<typeof shop.open>>;

/** Some at a time, in their order: a shop's clients do not all come in one instant, nor wait for each other. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const turns = Array.from({ length: AT_A_TIME }, async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  });
  await Promise.all(turns);
  return results;
}

const openMany = (count: number) => inTurns(Array.from({ length: count }), () => shop.open("mug"));

function pay(provider: Provider, checkout: Sale) {
  const { tokens } = providers[provider];
  const payment = { method: "card", tokens };
  return shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total }, { key: "pay" });
}

const captured = (checkout: Checkout) =>
  eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );

async function chargedOnce(provider: Provider, sales: readonly Sale[]): Promise<void> {
  const ledger = Map.groupBy(await shop[provider].ledger(), ({ metadata }) => metadata.checkout_id);
  for (const { checkoutId, total } of sales) {
    const taken = (ledger.get(checkoutId) ?? []).filter(({ amountReceived }) => amountReceived > 0);
    expect(
      taken.map(({ amountReceived }) => amountReceived),
      checkoutId,
    ).toEqual([total.amountMinor]);
  }
}

test.for(["stripe", "adyen"] as const)(
  `each of ${SALES} sales for every way in which %s fails to answer is charged once, and nobody hears declined`,
  { timeout: TIME_MS },
  async (provider, { task }) => {
    const sales = await openMany(SALES * KINDS.length);
    const kindOf = (index: number) => KINDS[index % KINDS.length] ?? "";
    await shop[provider].fails(
      sales.map(({ checkoutId }, index) => ({
        ...{ operation: "authorize", kind: kindOf(index), times: 1 },
        metadataCheckoutId: providers[provider].aim(checkoutId),
      })),
    );

    const answers = await inTurns(sales, (checkout) => pay(provider, checkout));

    for (const { status } of answers) expect([200, 202]).toContain(status);
    await inTurns(sales, captured);
    await chargedOnce(provider, sales);
    const { faultsByOperation } = await shop[provider].calls();
    const struck = KINDS.map((kind) => faultsByOperation[`authorize/${kind}`]);
    expect(struck).toEqual(KINDS.map(() => SALES));
    Object.assign(task.meta, { provider, sales: sales.length, struck: faultsByOperation });
    await shop[provider].fails([]);
  },
);

test.for(["stripe", "adyen"] as const)(
  `${SALES} sales begun while %s is down are charged once when it is back`,
  { timeout: TIME_MS },
  async (provider, { task }) => {
    const sales = await openMany(SALES);
    await shop[provider].fails([{ operation: "any", kind: "down", forMs: OUTAGE_MS }]);

    const answers = await Promise.all(sales.map((checkout) => pay(provider, checkout)));

    // A sale may be told that the provider cannot be reached: then nothing was sent, and it pays again.
    for (const { status, body } of answers) {
      if (status === 402) expect(body.code).toBe("payment_provider_failed");
      else expect([200, 202]).toContain(status);
    }
    const again = sales.filter((_, index) => answers[index]?.status === 402);
    for (const checkout of again) {
      await eventually(
        () => shop.pay(checkout, "pm_card_visa"),
        ({ status }) => status === 200,
        SETTLED,
      );
    }
    await inTurns(sales, captured);
    const paid = sales.filter((checkout) => !again.includes(checkout));
    await chargedOnce(provider, paid);
    const told = { begun: sales.length, paidAgain: again.length };
    Object.assign(task.meta, { provider, outageMs: OUTAGE_MS, ...told });
  },
);

test.each(["stripe", "adyen"] as const)(
  "a %s that takes longer than anybody waits charges once",
  async (provider) => {
    const sales = await openMany(3);
    await shop[provider].control({ latencyMs: { authorize: 9_000 } });
    const answers = await Promise.all(sales.map((checkout) => pay(provider, checkout)));
    await shop[provider].control({ latencyMs: {} });

    for (const { status } of answers) expect([200, 202]).toContain(status);
    await inTurns(sales, captured);
    await chargedOnce(provider, sales);
  },
  TIME_MS,
);
