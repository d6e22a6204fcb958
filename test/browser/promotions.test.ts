import { expect, test } from "vitest";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { heading, PHONE, payWith, put, shopperAt, toPayment } from "./shopper.ts";

const shop = await openShop();

test("a shopper uses a code, sees why it costs less, and pays that", async () => {
  const { page, close } = await shopperAt(shop.url);
  await put(page, "Mug");
  await page.getByRole("button", { name: "One Mug more" }).click();
  await page.getByRole("button", { name: "One Mug more" }).click();
  await page.getByRole("dialog").getByText("€38.97").first().waitFor();
  await toPayment(page);
  await heading(page, "How will you pay?").waitFor();
  const total = page.getByTestId("total");

  await page.getByRole("textbox", { name: "Code" }).fill("buy2get1");
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByText("Three for two: Buy 2, get 1 free, −€12.99").waitFor();
  expect(await total.textContent()).toBe("€30.88");

  await page.getByRole("textbox", { name: "Code" }).fill("FREESHIP");
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByText("Free Standard delivery from 30.00 EUR").waitFor();
  expect(await total.textContent()).toBe("€25.98");

  await page.getByRole("button", { name: "Remove the code FREESHIP" }).click();
  await page.getByText("Free Standard delivery").waitFor({ state: "detached" });
  await page.getByLabel("Delivery").selectOption({ label: "Express, €12.90" });
  await page.getByText("Express delivery").waitFor();
  expect(await total.textContent()).toBe("€38.88");

  await payWith(page, "A good card");
  await page.getByText("€38.88 was taken, once.").waitFor();
  await close();
});

test("a code that does not work says why, on a phone too, and leaves the total as it was", async () => {
  const { page, close } = await shopperAt(shop.url, PHONE);
  await put(page, "Mug");
  await toPayment(page);
  await heading(page, "How will you pay?").waitFor();
  const alert = page.getByRole("alert");
  const refused = async (code: string, words: string) => {
    await page.getByRole("textbox", { name: "Code" }).fill(code);
    await page.getByRole("button", { name: "Use it" }).click();
    await alert.getByText(words).waitFor();
  };

  await refused("NOSUCH", "We do not know this code");
  await refused("NEWYEAR26", "It ended on 1 February 2026.");
  await refused("FREESHIP", "Your cart is not large enough for it yet.");
  await refused("COSY", "It is for other things");
  expect(await page.getByTestId("total").textContent()).toBe("€17.89");

  await page.getByRole("textbox", { name: "Code" }).fill("FRIENDS25");
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("button", { name: "Remove the code FRIENDS25" }).waitFor();
  await refused("WELCOME10", "You keep what saves you more: Friends of the house.");
  expect(await page.getByTestId("total").textContent()).toBe("€14.64");
  await close();
});

test("afterwards no money and no piece is lost", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
