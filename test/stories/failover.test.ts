import { expect, test } from "vitest";
import { adyenCard } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
/** A breaker waits for ten seconds at first, a repeat for fifteen at most. */
const SETTLED = { withinMs: 50_000 };

type Tokens = { readonly stripe?: string; readonly adyen?: ReturnType<typeof adyenCard> };
const both: Tokens = { stripe: "pm_card_visa", adyen: adyenCard() };

async function sell(tokens: Tokens) {
  const checkout = await shop.open("mug");
  const body = { payment: { method: "card", tokens }, expectedTotal: checkout.total };
  return { checkout, paid: await shop.storefront.pay(checkout, body) };
}

type Sale = Awaited<ReturnType<typeof sell>>;
/** Who met the outage before it was known, or tried whether it is over. */
const caught: Sale[] = [];

test("with one provider down, cards that can go through the other do, and nobody hears declined", async () => {
  await shop.stripe.fails([{ operation: "any", kind: "down" }]);
  const first = Promise.all([both, both, both, { stripe: "pm_card_visa" }].map(sell));
  await eventually(
    () => shop.cardsAt("stripe"),
    (health) => health?.breaker === "open",
    SETTLED,
  );

  const sales = await Promise.all(Array.from({ length: 8 }, () => sell(both)));

  const through = sales.filter(({ paid }) => paid.status === 200);
  expect(through.length).toBeGreaterThan(sales.length / 2);
  for (const { checkout } of through) {
    expect(await shop.adyen.paymentsOf(checkout)).toHaveLength(1);
    expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
  }
  caught.push(...(await first), ...sales.filter((sale) => !through.includes(sale)));
  for (const { paid } of caught) {
    expect([paid.status, paid.body.status]).toEqual([202, "processing"]);
  }
});

test("when it is back, those who were caught are charged once, and probes bring it back", async () => {
  await shop.stripe.fails([]);

  for (const { checkout } of caught) {
    await eventually(
      () => shop.storefront.checkout(checkout),
      ({ body }) => body.status === "captured",
      SETTLED,
    );
    const payments = [
      ...(await shop.stripe.paymentsOf(checkout)),
      ...(await shop.adyen.paymentsOf(checkout)),
    ];
    expect(payments).toHaveLength(1);
  }
  await eventually(
    async () => {
      await sell(both);
      return shop.cardsAt("stripe");
    },
    (health) => health?.breaker === "closed",
    SETTLED,
  );
  const { checkout } = await sell(both);
  expect(await shop.stripe.paymentsOf(checkout)).toHaveLength(1);
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
