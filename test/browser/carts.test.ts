import { expect, test } from "vitest";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { expectToFit, fillIn, heading, PHONE, payWith, put, shopperAt } from "./shopper.ts";

const shop = await openShop();

test("a guest logs in and finds both carts as one; it follows to another country, and is paid there", async () => {
  const phone = await shopperAt(shop.url, PHONE);
  await put(phone.page, "Mug");
  await phone.page.keyboard.press("Escape");
  await phone.page.getByLabel("Account").fill("ada");
  await phone.page.getByRole("button", { name: "Log in" }).click();
  await phone.page.getByRole("button", { name: "Log out ada" }).waitFor();
  await expectToFit(phone.page);

  const { page, close } = await shopperAt(shop.url);
  await put(page, "Lamp");
  await page.keyboard.press("Escape");
  await page.getByLabel("Account").fill("ada");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("button", { name: "Cart, 2 pieces" }).waitFor();
  await page.getByLabel("Deliver to").selectOption("US");
  await page.getByRole("button", { name: "Cart, 2 pieces" }).click();
  await page.getByRole("dialog").getByText(/^\$/).first().waitFor();

  await phone.page.reload();
  await phone.page.getByRole("button", { name: "Cart, 2 pieces" }).waitFor();
  await phone.close();
  await page.getByRole("button", { name: "Go to the checkout" }).click();
  await page.getByLabel("State").selectOption("CA");
  await page.getByLabel("ZIP code").fill("94105");
  await fillIn(page);
  await page.getByRole("button", { name: "See the total" }).click();
  await heading(page, "How will you pay?").waitFor();
  expect(await page.getByTestId("total").textContent()).toMatch(/^\$/);
  await payWith(page, "A good card");
  await page.getByText(/was taken, once\./).waitFor();
  await close();
});

test("a cart that went to another country in one tab is the same in the other", async () => {
  const { page, context, close } = await shopperAt(shop.url);
  await put(page, "Mug");
  await page.keyboard.press("Escape");
  const other = await context.newPage();
  await other.goto(shop.url);
  await other.getByRole("button", { name: "Cart, 1 piece" }).waitFor();

  await page.getByLabel("Deliver to").selectOption("JP");
  await page.getByRole("button", { name: "Cart, 1 piece" }).click();
  await page.getByRole("dialog").getByText(/^¥/).first().waitFor();
  await other.reload();

  await other.getByRole("button", { name: "Cart, 1 piece" }).click();
  await other.getByRole("dialog").getByText(/^¥/).first().waitFor();
  await close();
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
