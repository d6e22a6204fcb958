import { expect, test } from "vitest";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { atThePayment, checkoutIdOf, heading, payBy, shopperAt } from "./shopper.ts";

const shop = await openShop();
await shop.switchesOn("wero");

test("a German shopper reads Wero with its mark, approves it on its page, and comes back to a paid order", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  expect(await page.getByLabel("Wero").isChecked()).toBe(true);
  const shown = "document.querySelector('.way-mark').naturalWidth > 0";
  expect(await page.evaluate<boolean>(shown)).toBe(true);

  await payBy(page, "Wero");
  await heading(page, "Pay with Wero").waitFor();
  await page.getByRole("button", { name: "Pay", exact: true }).click();

  await heading(page, "Thank you. It is yours.").waitFor();
  const sale = { checkoutId: checkoutIdOf(page), clientSecret: "" };
  expect(await shop.stripe.paymentsOf(sale)).toMatchObject([{ status: "succeeded" }]);
  await close();
});

test("who refuses in Wero is told so, and what was chosen stays chosen", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  await payBy(page, "Wero");
  await page.getByRole("button", { name: "Refuse" }).click();
  await page.getByRole("alert").getByText("Your bank said no").waitFor();
  expect(await page.getByLabel("Wero").isChecked()).toBe(true);
  await close();
});

test("every invariant holds after these sales", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
