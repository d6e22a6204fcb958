import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { atThePayment, checkoutIdOf, heading, newTab, PHONE, payBy, shopperAt } from "./shopper.ts";

const shop = await openShop();
await sendLocalMethodsToAdyen();

/** Before the first sale: a Worker that has sold remembers its rules for half a minute. */
async function sendLocalMethodsToAdyen(): Promise<void> {
  const methods = ["ideal", "pix", "upi"];
  const rule = { name: "local-at-adyen", match: { methods }, order: [[{ provider: "adyen" }]] };
  const answer = await fetch(`${shop.url}/v1/ops/routing`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${LOCAL_OPERATOR_KEY}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ rules: [rule] }),
  });
  if (!answer.ok) throw new Error(`The rules were refused: ${await answer.text()}`);
}

/** Adyen's simulator lists whom it waits for: the page that a telephone would show. */
async function telephone(page: Page): Promise<Page> {
  const phone = await page.context().newPage();
  await phone.goto(`${shop.simulatorUrl}/_simulator/adyen`);
  await phone.getByRole("link", { name: "shopper's page" }).first().click();
  return phone;
}

async function expectPaid(page: Page, amount: number): Promise<void> {
  await heading(page, "Thank you. It is yours.").waitFor();
  const checkout = { checkoutId: checkoutIdOf(page), clientSecret: "" };
  const payments = await shop.adyen.paymentsOf(checkout);
  expect(payments.map((payment) => payment.amountReceived).filter(Boolean)).toEqual([amount]);
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
}

test("iDEAL at Adyen is approved at the bank", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "NL");
  await payBy(page, "iDEAL | Wero");
  await page.getByRole("button", { name: "Approve" }).click();
  await expectPaid(page, 1789);
  await close();
});

test("iDEAL at Adyen that the bank refuses is tried again and paid", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "NL");
  await payBy(page, "iDEAL | Wero");
  await page.getByRole("button", { name: "Decline" }).click();
  await page.getByRole("alert").getByText("Your bank said no").waitFor();
  await payBy(page, "iDEAL | Wero");
  await page.getByRole("button", { name: "Approve" }).click();
  await expectPaid(page, 1789);
  await close();
});

test("who walks away from Adyen's page finds the payment waiting in the shop", async () => {
  const { page, context, close } = await shopperAt(shop.url);
  await atThePayment(page, "NL");
  await payBy(page, "iDEAL | Wero");
  await page.getByRole("button", { name: "Walk away" }).click();
  await page.getByRole("heading", { name: "You walked away" }).waitFor();

  const later = await newTab(context, shop.url);
  await later.getByRole("button", { name: "Cart, 1 piece" }).click();
  await later.getByRole("button", { name: "Go to the checkout" }).click();
  await heading(later, "Say yes at your bank").waitFor();
  await later.getByRole("link", { name: "Go to your bank" }).click();
  await later.getByRole("button", { name: "Approve" }).click();
  await expectPaid(later, 1789);
  await close();
});

test("a Pix code of Adyen's runs out, and the next one is paid", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "BR");
  await page.getByLabel("CPF").fill("12345678909");
  await payBy(page, "Pix");
  await heading(page, "Scan to pay with Pix").waitFor();
  await (await telephone(page)).getByRole("button", { name: "Let it expire" }).click();

  await page.getByRole("alert").getByText("Your time to pay ran out").waitFor();
  await page.getByLabel("CPF").fill("12345678909");
  await payBy(page, "Pix");
  await heading(page, "Scan to pay with Pix").waitFor();
  await (await telephone(page)).getByRole("button", { name: "Pay" }).click();
  await expectPaid(page, 8980);
  await close();
});

test("a UPI code of Adyen's is read or opened on a telephone, and paid", async () => {
  const { page, close } = await shopperAt(shop.url, PHONE);
  await atThePayment(page, "IN");
  await payBy(page, "UPI");
  await heading(page, "Scan to pay with UPI").waitFor();
  await page.getByRole("img", { name: "Code to pay ₹1,298.00" }).waitFor();
  const link = page.getByRole("link", { name: "Open your UPI app" });
  await link.waitFor();
  expect(await link.getAttribute("href")).toMatch(/^upi:\/\/pay\?/);
  await (await telephone(page)).getByRole("button", { name: "Pay" }).click();
  await expectPaid(page, 129_800);
  await close();
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
