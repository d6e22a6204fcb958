import { expect, test } from "vitest";
import type { CheckoutView } from "../../schema/checkout.ts";
import { type Checkout, STOREFRONT_KEY } from "../clients/storefront.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const authorization = `Bearer ${STOREFRONT_KEY}`;

function open({ checkoutId, clientSecret }: Checkout): Promise<Response> {
  const headers = { authorization, "checkout-secret": clientSecret };
  return fetch(`${shop.url}/v1/checkouts/${checkoutId}/stream`, { headers });
}

/** The sale as the stream tells it, sight by sight, until the stream ends. */
async function* sights(response: Response): AsyncGenerator<CheckoutView> {
  const text = response.body?.pipeThrough(new TextDecoderStream());
  let rest = "";
  for await (const part of text ?? []) {
    const events = (rest + part).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}

test("the stream tells a sale from open to captured, and ends", async () => {
  const checkout = await shop.open("mug");
  const seen: CheckoutView[] = [];
  let paid: Promise<unknown> = Promise.resolve();
  for await (const sight of sights(await open(checkout))) {
    if (seen.length === 0) paid = shop.pay(checkout, "pm_sim_slow");
    seen.push(sight);
  }
  await paid;

  const statuses = seen.map(({ status }) => status);
  expect(statuses[0]).toBe("open");
  expect(statuses).toContain("paying");
  expect(statuses.at(-1)).toBe("captured");
  const last = await shop.storefront.checkout(checkout);
  expect(seen.at(-1)).toEqual(last.body);
});

test("who connects again sees the sale as it stands, and one that rests ends at once", async () => {
  const checkout = await shop.open("mug");
  for await (const sight of sights(await open(checkout))) {
    expect(sight.status).toBe("open");
    break; // the shopper's train enters a tunnel
  }
  await shop.storefront.cancel(checkout);

  const seen: CheckoutView[] = [];
  for await (const sight of sights(await open(checkout))) seen.push(sight);
  expect(seen.at(-1)).toMatchObject({ status: "cancelled" });
});

test("nobody watches a sale without its secret", async () => {
  const checkout = await shop.open("mug");
  expect((await open({ ...checkout, clientSecret: "cs_guessed" })).status).toBe(404);
});

test("the shelf has a price for each product, and the shipping to the country", async () => {
  const shelf = async (query: string) => {
    const response = await fetch(`${shop.url}/v1/products?${query}`, {
      headers: { authorization },
    });
    return { status: response.status, body: await response.json() };
  };
  const german = await shelf("currency=EUR&country=DE");
  expect(german).toMatchObject({ status: 200, body: { region: "eu", pricesIncludeTax: true } });
  expect(german.body).toMatchObject({
    products: expect.arrayContaining([
      expect.objectContaining({
        ...{ sku: "mug", name: "Mug", unitAmount: { amountMinor: 1299, currency: "EUR" } },
        facts: expect.objectContaining({ originCountry: "DE", tariffCode: "69120023" }),
      }),
    ]),
    shippingOptions: [{ option: "standard" }, { option: "express" }],
  });
  expect((await shelf("currency=USD&country=US")).body).toMatchObject({ pricesIncludeTax: false });
  expect((await shelf("currency=XTS&country=DE")).body).toMatchObject({
    code: "currency_not_sold",
  });
  expect((await shelf("currency=EUR&country=AQ")).body).toMatchObject({
    code: "country_not_served",
  });
  expect((await shelf("currency=EUR")).body).toMatchObject({ code: "invalid_request" });
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
