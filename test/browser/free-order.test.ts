import { expect, test } from "vitest";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { atThePayment, checkoutIdOf, heading, payWith, shopperAt } from "./shopper.ts";

const shop = await openShop();

await shop.offers("gift", {
  ...{ name: "A gift", code: "GIFT", rank: 1, exclusive: false },
  rule: { kind: "percentage", ppm: 1_000_000 },
});
await shop.offers("gift-delivery", {
  ...{ name: "Delivered as a gift", code: "GIFTSHIP", rank: 2, exclusive: false },
  rule: { kind: "free_shipping" },
});

test("a shopper whose codes take everything off places the order with one button, and no card", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  const use = async (code: string) => {
    await page.getByRole("textbox", { name: "Code" }).fill(code);
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByRole("button", { name: `Remove the code ${code}` }).waitFor();
  };

  await use("GIFT");
  await use("GIFTSHIP");
  await heading(page, "There is nothing to pay").waitFor();
  expect(await page.getByTestId("total").textContent()).toBe("€0.00");
  expect(await page.getByRole("button", { name: "A good card" }).count()).toBe(0);

  await page.getByRole("button", { name: "Place order" }).click();
  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("It cost you nothing.").waitFor();
  const checkout = { checkoutId: checkoutIdOf(page), clientSecret: "" };
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
  await close();
});

test("who takes the code out again is asked how they will pay", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  for (const code of ["GIFT", "GIFTSHIP"]) {
    await page.getByRole("textbox", { name: "Code" }).fill(code);
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByRole("button", { name: `Remove the code ${code}` }).waitFor();
  }
  await heading(page, "There is nothing to pay").waitFor();

  await page.getByRole("button", { name: "Remove the code GIFTSHIP" }).click();
  await heading(page, "How will you pay?").waitFor();
  await payWith(page, "A good card");
  await page.getByText("€4.90 was taken, once.").waitFor();
  await close();
});

test("afterwards no money and no piece is lost", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
