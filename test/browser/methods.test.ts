import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Checkout } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { atThePayment, checkoutIdOf, heading, payBy, payWith, shopperAt } from "./shopper.ts";

const shop = await openShop();
const MINUTE_MS = 60_000;
const CPF = "123.456.789-09";

/** What came in and stayed, in minor units, over both providers' ledgers. */
async function takenFor(page: Page): Promise<readonly number[]> {
  const checkout = { checkoutId: checkoutIdOf(page), clientSecret: "" };
  const payments = await Promise.all([
    shop.stripe.paymentsOf(checkout),
    shop.adyen.paymentsOf(checkout),
  ]);
  return payments
    .flat()
    .map(({ amountReceived, amountRefunded }) => amountReceived - amountRefunded)
    .filter((amount) => amount > 0);
}

async function expectPaid(page: Page, words: string, amount: number): Promise<void> {
  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText(words).waitFor();
  expect(await takenFor(page)).toEqual([amount]);
}

/** Its clock goes ahead and back again: webhooks of the future are not believed. */
async function letStripesCodeLapse(checkout: Checkout): Promise<void> {
  await shop.stripe.control({ clockShiftMs: 13 * MINUTE_MS });
  await eventually(
    () => shop.stripe.paymentsOf(checkout),
    ([payment]) => payment?.status === "requires_payment_method",
    { withinMs: 20_000 },
  );
  await shop.stripe.control({ clockShiftMs: 0 });
}

const showAdyensCards = (page: Page) => page.getByText("Cards of Adyen alone").click();

test("a Dutch shopper approves at their bank, and comes back to a paid order", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "NL");
  await page.getByText("with VAT 21% in it").waitFor();
  await payBy(page, "iDEAL | Wero");
  await page.getByText("17.89 EUR").waitFor();
  await page.getByRole("button", { name: "Pay", exact: true }).click();

  await expectPaid(page, "€17.89 was taken, once.", 1789);
  await page.getByText("Payment received, once").waitFor();
  await close();
});

test("an iDEAL payment that the bank refuses leaves the things set aside, and a card pays", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "NL");
  await payBy(page, "iDEAL | Wero");
  await page.getByRole("button", { name: "Refuse" }).click();

  await page.getByRole("alert").getByText("Your bank said no").waitFor();
  await page.getByText("Your things are set aside for").waitFor();
  expect(await page.getByLabel("iDEAL | Wero").isChecked()).toBe(true);
  await page.getByRole("radio", { name: /^Card/ }).check();
  await payWith(page, "A good card");
  await expectPaid(page, "€17.89 was taken, once.", 1789);
  await close();
});

test("who leaves their bank without an answer goes back to it, or pays in another way, once", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "NL");
  await payBy(page, "iDEAL | Wero");
  await page.getByRole("button", { name: "Leave without an answer" }).click();
  await heading(page, "Say yes at your bank").waitFor();
  await page.getByRole("link", { name: "Go to your bank" }).click();
  await page.getByRole("button", { name: "Leave without an answer" }).click();

  await page.getByText("Pay in another way instead").click();
  expect(await page.getByRole("radio", { name: /^Card/ }).isChecked()).toBe(true);
  await payWith(page, "A good card");
  await expectPaid(page, "€17.89 was taken, once.", 1789);
  await close();
});

test("a Pix code is paid with a telephone, and the page sees it by itself", async () => {
  const { page, context, close } = await shopperAt(shop.url);
  await atThePayment(page, "BR");
  await page.getByLabel("CPF").fill("123.456.789-00");
  await payBy(page, "Pix");
  const isTold = "document.querySelector('#cpf').validationMessage";
  expect(await page.evaluate<string>(isTold)).toContain("This is no CPF");
  await page.getByLabel("CPF").fill(CPF);
  await payBy(page, "Pix");

  await heading(page, "Scan to pay with Pix").waitFor();
  await page.getByRole("img", { name: "Code to pay R$89.80" }).waitFor();
  expect(await page.getByRole("timer").textContent()).toMatch(/^1[01]:\d\d$/);
  expect(await page.getByLabel("Or copy the code").inputValue()).toContain("br.gov.bcb.pix");
  await page.reload();
  const telephone = context.waitForEvent("page");
  await page.getByRole("link", { name: "Show the code on a page of its own" }).click();
  await (await telephone).getByRole("button", { name: "Pay" }).click();

  await expectPaid(page, "R$89.80 was taken, once.", 8980);
  await close();
});

test("a Pix code that nobody pays runs out, and the next one can be paid", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "BR");
  await page.getByLabel("CPF").fill(CPF);
  await payBy(page, "Pix");
  await heading(page, "Scan to pay with Pix").waitFor();
  await letStripesCodeLapse({ checkoutId: checkoutIdOf(page), clientSecret: "" });

  await page.getByRole("alert").getByText("Your time to pay ran out").waitFor();
  await page.getByRole("alert").getByText("No money was taken").waitFor();
  await page.getByRole("radio", { name: /^Card/ }).check();
  await payWith(page, "A good card");
  await expectPaid(page, "R$89.80 was taken, once.", 8980);
  await close();
});

test("an Indian shopper follows the link to their UPI app, and pays there", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "IN");
  await payBy(page, "UPI");
  await heading(page, "Say yes in your UPI app").waitFor();
  expect(await page.getByRole("timer").textContent()).toMatch(/^[45]:\d\d$/);
  await page.getByRole("link", { name: "Open your UPI app" }).click();
  await page.getByText("1298.00 INR").waitFor();
  await page.getByRole("button", { name: "Pay", exact: true }).click();

  await expectPaid(page, "₹1,298.00 was taken, once.", 129_800);
  await close();
});

test("a card at Adyen pays, and the page says when the money was taken", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  await showAdyensCards(page);
  await payWith(page, "An Adyen card");

  await expectPaid(page, "€17.89 was taken, once.", 1789);
  await page.getByText("Payment taken, once").waitFor();
  await close();
});

test("a shopper whom Adyen asks says yes on its page, and comes back to a paid order", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  await showAdyensCards(page);
  await payWith(page, "A careful Adyen card");
  await page.getByRole("button", { name: "Approve" }).click();

  await expectPaid(page, "€17.89 was taken, once.", 1789);
  await page.getByText("You confirmed it with your bank").waitFor();
  await close();
});

test("a shopper who says no on Adyen's page may take another card", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  await showAdyensCards(page);
  await payWith(page, "A careful Adyen card");
  await page.getByRole("button", { name: "Decline" }).click();

  await page.getByRole("alert").getByText("Your bank said no").waitFor();
  await payWith(page, "A good card");
  await expectPaid(page, "€17.89 was taken, once.", 1789);
  await close();
});

test("a bank that Stripe cannot reach is reached by Adyen, and the shopper pays once", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  await payWith(page, "A stranded card");

  await expectPaid(page, "€17.89 was taken, once.", 1789);
  await page.getByText("Your bank could not be asked").waitFor();
  await close();
});

test("a bank that nobody reaches is no decline, and the shopper hears what to do", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  await showAdyensCards(page);
  await payWith(page, "An unreachable Adyen card");

  const alert = page.getByRole("alert");
  await alert.getByText("Your bank could not be asked").waitFor();
  await alert.getByText("That says nothing about you: no money was taken").waitFor();
  await payWith(page, "A good card");
  await expectPaid(page, "€17.89 was taken, once.", 1789);
  await close();
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
