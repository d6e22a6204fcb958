import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { checkoutIdOf, heading, PHONE, payWith, put, shopperAt, toPayment } from "./shopper.ts";

const shop = await openShop();
const MINUTE_MS = 60_000;

const paymentsOf = (page: Page) =>
  shop.stripe.paymentsOf({ checkoutId: checkoutIdOf(page), clientSecret: "" });

/** A shopper of that country with a mug set aside, who has chosen how to pay. */
async function choosing(country: string, method: string) {
  const shopper = await shopperAt(shop.url);
  const { page } = shopper;
  await page.getByLabel("Deliver to").selectOption(country);
  await put(page, "Mug");
  await toPayment(page);
  await page.getByRole("radio", { name: method }).check();
  return shopper;
}

async function atTheDutchBank() {
  const shopper = await choosing("NL", "iDEAL");
  await shopper.page.getByRole("button", { name: "Pay €17.89 with iDEAL" }).click();
  await heading(shopper.page, "Pay with iDEAL").waitFor();
  return shopper;
}

async function withPixCode() {
  const shopper = await choosing("BR", "Pix");
  const { page } = shopper;
  await page.getByLabel("CPF").fill("123.456.789-09");
  await page.getByRole("button", { name: "Pay R$89.80 with Pix" }).click();
  await heading(page, "Pay with Pix").waitFor();
  return shopper;
}

/** What opens beside the shop, as on a phone that has followed the link. */
async function opened(page: Page, link: string): Promise<Page> {
  const [phone] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: link }).click(),
  ]);
  return phone;
}

test("a shopper in the Netherlands pays by iDEAL and comes back to a paid order", async () => {
  const { page, close } = await atTheDutchBank();
  await page.getByRole("button", { name: "Pay", exact: true }).click();

  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("€17.89 was taken, once.").waitFor();
  expect(await paymentsOf(page)).toMatchObject([{ method: "ideal", amountReceived: 1789 }]);
  await close();
});

test("a shopper whose bank refuses iDEAL hears so, and pays by card", async () => {
  const { page, close } = await atTheDutchBank();
  await page.getByRole("button", { name: "Refuse" }).click();

  const alert = page.getByRole("alert");
  await alert.getByText("Your bank said no").waitFor();
  await alert.getByText("pay in another way").waitFor();
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("a shopper who leaves iDEAL without an answer may pay in another way instead", async () => {
  const { page, close } = await atTheDutchBank();
  await page.getByRole("button", { name: "Leave without an answer" }).click();
  await heading(page, "Pay at your bank").waitFor();
  await page.getByRole("link", { name: "Go to your bank" }).waitFor();

  await page.getByText("Pay in another way instead").click();
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("€17.89 was taken, once.").waitFor();
  const payments = await paymentsOf(page);
  expect(payments.map(({ status }) => status).toSorted()).toEqual(["canceled", "succeeded"]);
  await close();
});

test("a Pix code can be scanned or copied, and the page sees when it is paid", async () => {
  const { page, context, close } = await withPixCode();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("img", { name: "QR code to pay R$89.80" }).waitFor();
  await page.getByRole("timer").waitFor();
  await page.getByRole("button", { name: "Copy the code" }).click();
  await page.getByRole("status").getByText("Copied").waitFor();
  const copied = await page.evaluate<string>("navigator.clipboard.readText()");
  expect(copied).toBe(await page.getByLabel("Pix copia e cola").inputValue());
  expect(copied).toMatch(/^000201.*br\.gov\.bcb\.pix/);

  const phone = await opened(page, "Open the payment page");
  await phone.getByText(copied).waitFor();
  await phone.getByRole("button", { name: "Pay", exact: true }).click();

  await heading(page, "Thank you. It is yours.").waitFor();
  expect(await paymentsOf(page)).toMatchObject([{ method: "pix", amountReceived: 8980 }]);
  await close();
});

test("Pix is paid with a keyboard alone, and its code fits a phone", async () => {
  const { page, close } = await shopperAt(shop.url, PHONE);
  await page.getByLabel("Deliver to").selectOption("BR");
  await put(page, "Mug");
  await toPayment(page);
  await page.getByRole("radio", { name: "Card" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.type("12345678909");
  await page.keyboard.press("Enter");

  await heading(page, "Pay with Pix").and(page.locator(":focus")).waitFor();
  const beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  expect(await page.evaluate<number>(beyond)).toBeLessThanOrEqual(0);
  const phone = await opened(page, "Open the payment page");
  await phone.getByRole("button", { name: "Pay", exact: true }).click();
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("a CPF of too few digits is not sent", async () => {
  const { page, close } = await choosing("BR", "Pix");
  await page.getByLabel("CPF").fill("123.456");
  await page.getByRole("button", { name: "Pay R$89.80 with Pix" }).click();

  expect(await page.locator("#cpf:invalid").count()).toBe(1);
  await heading(page, "How will you pay?").waitFor();
  expect(await paymentsOf(page)).toEqual([]);
  await close();
});

test("a shopper in India pays in a UPI app, opened by link or by code", async () => {
  const { page, close } = await choosing("IN", "UPI");
  await page.getByRole("button", { name: "Pay ₹1,298.00 with UPI" }).click();
  await heading(page, "Pay in your UPI app").waitFor();
  await page.getByRole("img", { name: "QR code to pay ₹1,298.00" }).waitFor();

  const phone = await opened(page, "Open your UPI app");
  await phone.getByRole("button", { name: "Pay", exact: true }).click();

  await heading(page, "Thank you. It is yours.").waitFor();
  expect(await paymentsOf(page)).toMatchObject([{ method: "upi", amountReceived: 129_800 }]);
  await close();
});

test("a Pix code that nobody pays runs out, and the things are still set aside", async () => {
  const { page, close } = await withPixCode();
  await shop.stripe.timePasses(13 * MINUTE_MS);

  await page.getByRole("alert").getByText("Nobody paid in time").waitFor();
  await page.getByText("Your things are set aside for").waitFor();
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
