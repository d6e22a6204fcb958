import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { checkoutIdOf, heading, payWith, put, shopperAt, toPayment } from "./shopper.ts";

const shop = await openShop();
// Pix through Adyen, before this shop's first sale: its rules are then not known yet.
await shop.routesTo("adyen", "pix");

const paymentsOf = (page: Page) =>
  shop.adyen.paymentsOf({ checkoutId: checkoutIdOf(page), clientSecret: "" });

async function paying(card: string) {
  const shopper = await shopperAt(shop.url);
  await put(shopper.page, "Mug");
  await toPayment(shopper.page);
  await payWith(shopper.page, card);
  return shopper;
}

test("a shopper whose card only Adyen knows buys as any other", async () => {
  const { page, close } = await paying("Adyen’s own card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("€17.89 was taken, once.").waitFor();
  expect(await paymentsOf(page)).toMatchObject([{ amountReceived: 1789, amountRefunded: 0 }]);
  await close();
});

test("a bank behind Adyen asks first, and the shopper comes back to a paid order", async () => {
  const { page, close } = await paying("Adyen’s careful card");
  await page.getByRole("button", { name: "Approve" }).click();

  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("You confirmed it with your bank").waitFor();
  await close();
});

test("a shopper who declines at a bank behind Adyen pays with another card", async () => {
  const { page, close } = await paying("Adyen’s careful card");
  await page.getByRole("button", { name: "Decline" }).click();

  await page.getByRole("alert").getByText("Your bank said no").waitFor();
  await payWith(page, "Adyen’s own card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("a card that Stripe cannot take goes through Adyen, and the shopper hears of no trouble", async () => {
  const { page, close } = await paying("A rerouted card");
  await heading(page, "Thank you. It is yours.").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await paymentsOf(page)).toHaveLength(1);
  await close();
});

test("Pix that is paid after its code ran out still buys what was set aside", async () => {
  const { page, context, close } = await shopperAt(shop.url);
  await page.getByLabel("Deliver to").selectOption("BR");
  await put(page, "Mug");
  await toPayment(page);
  await page.getByRole("radio", { name: "Pix" }).check();
  await page.getByLabel("CPF").fill("12345678909");
  await page.getByRole("button", { name: "Pay R$89.80 with Pix" }).click();
  await heading(page, "Pay with Pix").waitFor();

  const phone = await context.newPage();
  await phone.goto(`${shop.simulatorUrl}/_simulator/adyen`);
  await phone.getByRole("link", { name: "shopper's page" }).first().click();
  await phone.getByRole("button", { name: "Let it expire" }).click();
  await page.getByRole("alert").getByText("Nobody paid in time").waitFor();
  await phone.getByRole("button", { name: "Pay all the same, too late" }).click();

  await heading(page, "Thank you. It is yours.").waitFor();
  expect(await paymentsOf(page)).toMatchObject([{ amountReceived: 8980, amountRefunded: 0 }]);
  await close();
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
