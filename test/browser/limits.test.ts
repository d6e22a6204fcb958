import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { StockLimits } from "../../schema/stock.ts";
import { startStack } from "../../scripts/stack/stack.ts";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";
import { openShop } from "../stories/open-shop.ts";
import { heading, newTab, payWith, put, shopperAt, toPayment } from "./shopper.ts";

const shop = await openShop();
const MINUTE_MS = 60_000;

test("what sold out meanwhile is named, and the rest can still be bought", async () => {
  const { page, close } = await shopperAt(shop.url);
  await put(page, "The last one");
  await page.getByRole("button", { name: "Close" }).click();
  await put(page, "Mug");
  await shop.open("last-one"); // somebody is quicker

  await toPayment(page);
  await page.getByRole("alert").getByText("The last one sold out").waitFor();

  await page.getByRole("button", { name: "Take it out of the cart" }).click();
  await page.getByText("1 × The last one").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "See the total" }).click();
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("a checkout whose time ran out says so, and the cart can be bought anew", async () => {
  const persistTo = await mkdtemp(join(tmpdir(), "tender-browser-"));
  const today = await startStack({ port: 0, persistTo });
  const { page, close } = await shopperAt(today.url);
  await put(page, "Mug");
  await toPayment(page);
  await heading(page, "How will you pay?").waitFor();

  await today.stop();
  const port = Number(new URL(today.url).port);
  const vars = { CLOCK_OFFSET_MS: String(20 * MINUTE_MS) };
  const later = await startStack({ port, simulatorPort: 0, persistTo, vars });
  await payWith(page, "A good card");

  await heading(page, "Your time ran out").waitFor();
  await page.getByRole("button", { name: "Start again" }).click();
  await heading(page, "Where shall it go?").waitFor();
  await page.getByText("1 × Mug").waitFor();
  await close();
  await later.stop();
  await rm(persistTo, { recursive: true, force: true });
});

test("who wants more of an item than each may have, or than unpaid carts may hold, hears it", async () => {
  const { page, close } = await shopperAt(shop.url);
  await put(page, "Lamp");
  await page.getByRole("button", { name: "One Lamp more" }).click();
  await page.getByRole("button", { name: "Cart, 2 pieces" }).waitFor();

  await limitLamps({ shopperMax: 1, unpaidMaxPercent: null });
  await toPayment(page);
  const alert = page.getByRole("alert");
  await alert.getByText("Lamp: that is more than one shopper may have").waitFor();
  await alert.getByText("At most 1 can be set aside for you at a time.").waitFor();

  await limitLamps({ shopperMax: null, unpaidMaxPercent: 1 });
  await shop.open("lamp", 9_999);
  await page.getByRole("button", { name: "See the total" }).click();
  await alert.getByText("Others are just buying Lamp").waitFor();

  await limitLamps({ shopperMax: null, unpaidMaxPercent: null });
  await page.getByRole("button", { name: "See the total" }).click();
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await close();
});

test("two tabs share one cart, and it is bought once", async () => {
  const { page, context, close } = await shopperAt(shop.url);
  const other = await newTab(context, shop.url);
  await put(page, "Poster");
  await other.getByRole("button", { name: "Cart, 1 piece" }).waitFor();

  await toPayment(page);
  await heading(page, "How will you pay?").waitFor();
  await other.goto(`${shop.url}/checkout`);
  await heading(other, "How will you pay?").waitFor();
  expect(other.url()).toBe(page.url());

  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await heading(other, "Thank you. It is yours.").waitFor();
  const order = await page.getByTestId("order").textContent();
  expect(await other.getByTestId("order").textContent()).toBe(order);
  await close();
});

type Limits = Pick<StockLimits, "shopperMax" | "unpaidMaxPercent">;

async function limitLamps(limits: Limits): Promise<void> {
  const answer = await fetch(`${shop.url}/v1/ops/stock/limits`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${LOCAL_OPERATOR_KEY}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ region: "eu", sku: "lamp", ...limits }),
  });
  if (!answer.ok) throw new Error(`The limits were refused: ${await answer.text()}`);
}
