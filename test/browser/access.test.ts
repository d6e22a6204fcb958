import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { openShop } from "../stories/open-shop.ts";
import {
  atThePayment,
  expectToFit,
  fillIn,
  heading,
  PHONE,
  payBy,
  payWith,
  put,
  shopperAt,
  toPayment,
} from "./shopper.ts";

const shop = await openShop();
const TABS_MAX = 40;

test("a shopper with a keyboard alone gets from the window to the receipt", async () => {
  const { page, close } = await shopperAt(shop.url);
  await press(page, page.getByRole("button", { name: /^Add to cart: Mug/ }));
  await page.getByRole("dialog").getByText("Mug").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await press(page, page.getByRole("button", { name: "Cart, 1 piece" }));
  await press(page, page.getByRole("button", { name: "Go to the checkout" }));

  await heading(page, "Where shall it go?").and(page.locator(":focus")).waitFor();
  for (const [label, text] of [
    ["Email", "ada@example.com"],
    ["Name", "Ada Lovelace"],
    ["Street and number", "Torstraße 1"],
    ["Postal code", "10119"],
    ["City", "Berlin"],
  ] as const) {
    await tabTo(page, page.getByLabel(label));
    await page.keyboard.type(text);
  }
  await tabTo(page, page.getByLabel("Standard"));
  await page.keyboard.press("ArrowDown");
  await press(page, page.getByRole("button", { name: "See the total" }));

  await heading(page, "How will you pay?").and(page.locator(":focus")).waitFor();
  await page.getByText("Express delivery").waitFor();
  await press(page, page.getByRole("button", { name: "A good card" }));
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("ways to pay are chosen, and a code is asked for and copied, with a keyboard alone", async () => {
  const { page, context, close } = await shopperAt(shop.url);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await atThePayment(page, "BR");
  await tabTo(page, page.getByLabel("Pix"));
  await page.keyboard.press("ArrowDown");
  await page.getByText("Choose a test card").waitFor();
  await page.keyboard.press("ArrowUp");
  await tabTo(page, page.getByLabel("CPF"));
  await page.keyboard.type("12345678909");
  await page.keyboard.press("Enter");

  await heading(page, "Scan to pay with Pix").and(page.locator(":focus")).waitFor();
  await press(page, page.getByRole("button", { name: "Copy the code" }));
  await page.getByRole("status").getByText("Copied.").waitFor();
  const code = await page.getByLabel("Or copy the code").inputValue();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(code);
  await press(page, page.getByText("Pay in another way instead"));
  await press(page, page.getByRole("button", { name: "A good card" }));
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("whatever has the focus shows it", async () => {
  const { page, close } = await shopperAt(shop.url);
  for (let tabs = 0; tabs < 10; tabs++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate<string>("getComputedStyle(document.activeElement).outline");
    expect(outline).toMatch(/solid 3px$/);
  }
  await close();
});

test("no page of the shop is wider than a phone", async () => {
  const { page, close } = await shopperAt(shop.url, PHONE);
  await page.getByText("€12.99").waitFor();
  await expectToFit(page);
  await put(page, "Mug");
  await expectToFit(page);
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: /^Cart, / }).click();
  await page.getByRole("button", { name: "Go to the checkout" }).click();
  await fillIn(page);
  await expectToFit(page);
  await page.getByRole("button", { name: "See the total" }).click();
  await heading(page, "How will you pay?").waitFor();
  await expectToFit(page);
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await expectToFit(page);
  for (const path of ["/docs", "/docs/problems"]) {
    await page.goto(`${shop.url}${path}`);
    await page.getByRole("navigation").first().waitFor();
    await expectToFit(page);
  }
  await close();
});

test("a code to scan and every way to pay fit a phone", async () => {
  const { page, close } = await shopperAt(shop.url, PHONE);
  await atThePayment(page, "BR");
  await page.getByRole("radio", { name: /^Card/ }).check();
  await expectToFit(page);
  await page.getByLabel("Pix").check();
  await page.getByLabel("CPF").fill("123.456.789-09");
  await payBy(page, "Pix");
  await heading(page, "Scan to pay with Pix").waitFor();
  await expectToFit(page);
  await page.getByText("Pay in another way instead").click();
  await expectToFit(page);
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("who wants no motion gets none", async () => {
  const { page, close } = await shopperAt(shop.url, { reducedMotion: "reduce" });
  await put(page, "Mug");
  await toPayment(page);
  await payWith(page, "A slow card");
  await heading(page, "Asking your bank").waitFor();
  expect(await page.evaluate<number>("document.getAnimations().length")).toBe(0);
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("the reference lists the calls without a network beyond the shop", async () => {
  const { page, close } = await shopperAt(shop.url);
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(shop.url) && !request.url().startsWith("data:")) {
      elsewhere.push(request.url());
    }
  });
  await page.goto(`${shop.url}/docs`);
  await page.getByText("Quote a cart, hold its stock").waitFor();
  await page.goto(`${shop.url}/docs/problems#out_of_stock`);
  await page.getByRole("rowheader", { name: "out_of_stock" }).waitFor();
  expect(elsewhere).toEqual([]);
  await close();
});

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    if (await isFocused(target)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target} is not reached by ${TABS_MAX} tabs.`);
}

async function isFocused(target: Locator): Promise<boolean> {
  return (await target.and(target.page().locator(":focus")).count()) > 0;
}
