import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { launchChromium } from "./chromium.ts";

export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const browser: Browser = await launchChromium();
afterAll(() => browser.close());

/** What a page must not do behind the shopper's back: break, or ask for anything from outside. */
const troubles: string[] = [];
afterAll(() => expect(troubles).toEqual([]));

/** A shopper with a browser of their own, standing before the shop's window. */
export async function shopperAt(url: string, options: BrowserContextOptions = DESKTOP) {
  const context = await browser.newContext({ ...options, locale: "en-GB" });
  const page = await newTab(context, url);
  return { context, page, close: () => context.close() };
}

type Context = Awaited<ReturnType<Browser["newContext"]>>;

export async function newTab(context: Context, url: string): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(`${error.name}: ${error.message}`));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) troubles.push(message.text());
  });
  await page.goto(url);
  await page.getByRole("button", { name: /^Cart, / }).waitFor();
  return page;
}

export async function put(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`^Add to cart: ${name}`) }).click();
  await page.getByRole("dialog").getByText(name, { exact: true }).waitFor();
}

/** From the open cart to a quote: the things are set aside then. */
export async function toPayment(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Go to the checkout" }).click();
  await fillIn(page);
  await page.getByRole("button", { name: "See the total" }).click();
}

/** With a mug, before the ways to pay of a country. */
export async function atThePayment(page: Page, country: string): Promise<void> {
  await page.getByLabel("Deliver to").selectOption(country);
  await put(page, "Mug");
  await toPayment(page);
  await heading(page, "How will you pay?").waitFor();
}

export async function fillIn(page: Page): Promise<void> {
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("Street and number").fill("Torstraße 1");
  for (const field of await page.locator(".address input:required").all()) {
    if ((await field.inputValue()) === "") await field.fill(await exampleOf(field));
  }
}

/** What the form itself gives as an example; any name is one of a town or a state. */
async function exampleOf(field: Locator): Promise<string> {
  const label = field.locator("xpath=..");
  const [, example] = /such as ([^,]+)/.exec(await label.innerText()) ?? [];
  return example?.trim() ?? "Berlin";
}

export async function payWith(page: Page, card: string): Promise<void> {
  await page.getByRole("button", { name: card }).click();
}

/** The button of a way that needs no choice of cards. */
export async function payBy(
  page: Page,
  way: "iDEAL | Wero" | "Wero" | "Pix" | "UPI",
): Promise<void> {
  await page.getByRole("button", { name: `with ${way}` }).click();
}

export function heading(page: Page, text: string | RegExp) {
  return page.getByRole("heading", { level: 1, name: text });
}

/** The checkout that the address bar names. */
export function checkoutIdOf(page: Page): string {
  return new URL(page.url()).searchParams.get("checkoutId") ?? "";
}

export async function expectToFit(page: Page): Promise<void> {
  const beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  expect(await page.evaluate<number>(beyond)).toBeLessThanOrEqual(0);
}
