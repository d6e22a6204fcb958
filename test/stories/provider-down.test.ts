import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";
import { openDoor } from "./provider-door.ts";

const door = await openDoor();
const shop = await openShop({ STRIPE_API_BASE: door.url });
door.leadTo(shop.simulatorUrl);
/** A breaker waits for ten seconds at first, a repeat for fifteen at most. */
const SETTLED = { withinMs: 50_000 };

const sell = async () => {
  const checkout = await shop.open("mug");
  return { checkout, paid: await shop.pay(checkout, "pm_card_visa") };
};

test("a provider that cannot be connected to refuses at once, takes nothing, and is seen to be away", async () => {
  expect((await sell()).paid.status).toBe(200);
  await door.shut();

  const unknown = await sell(); // nobody knows yet: its fetch may have left
  const refused = [await sell(), await sell()];

  expect([unknown.paid.status, unknown.paid.body.status]).toEqual([202, "processing"]);
  for (const { checkout, paid } of refused) {
    const { code, then } = paid.body;
    expect([paid.status, code, then]).toEqual([402, "payment_provider_failed", "retokenize"]);
    expect(paid.text).toContain("provider_unreachable");
    expect((await shop.storefront.checkout(checkout)).body.status).toBe("open");
  }
  await eventually(
    () => shop.cardsAt("stripe"),
    (health) => health?.breaker === "open",
    SETTLED,
  );

  await door.open();
  await eventually(
    () => shop.storefront.checkout(unknown.checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );
  expect(await shop.stripe.captured(unknown.checkout)).toHaveLength(1);
});

test("when it is back, sales bring it back", async () => {
  const health = await eventually(
    async () => {
      await sell();
      return shop.cardsAt("stripe");
    },
    (row) => row?.breaker === "closed",
    SETTLED,
  );

  expect(health?.calls).toBeLessThan(3); // its outage is forgotten
  expect((await sell()).paid.status).toBe(200);
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
