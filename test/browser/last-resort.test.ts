import { expect, test } from "vitest";
import { cartOf } from "../clients/storefront.ts";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import {
  DESKTOP,
  expectToFit,
  heading,
  PHONE,
  payWith,
  put,
  shopperAt,
  toPayment,
} from "./shopper.ts";

const shop = await openShop();

/** Brazil's last piece is somebody's; the United States have two, and may sell them there. */
const taken = await shop.storefront.create(
  cartOf("last-one", 1, { currency: "BRL", country: "BR" }),
);
await shop.receive("last-one", 1, "one-more", "us");
const allowed = await shop.storefront.send("POST", "/v1/ops/stock/last-resort", {
  apiKey: "op_test_operator",
  body: { region: "sam", sku: "last-one", from: "us" },
});

test.each([
  { at: "a desk", options: DESKTOP },
  { at: "a phone", options: PHONE },
])("a shopper at $at reads before paying that it comes from farther away", async ({ options }) => {
  expect([taken.status, allowed.status]).toEqual([201, 200]);
  const { page, close } = await shopperAt(shop.url, options);
  await page.getByLabel("Deliver to").selectOption("BR");
  await put(page, "Mug");
  await page.getByRole("button", { name: "Close" }).click();
  await put(page, "The last one");
  await toPayment(page);

  await heading(page, "How will you pay?").waitFor();
  const line = page.getByRole("listitem").filter({ hasText: "1 × The last one" });
  await line.getByText("Sold out near you: it comes from farther away and takes longer.").waitFor();
  await page.getByText("Sold out near you: The last one. It comes from").waitFor();
  await page.getByText("Found farther away").waitFor();
  const mugs = page.getByRole("listitem").filter({ hasText: "1 × Mug" });
  expect(await mugs.textContent()).not.toContain("takes longer");
  await expectToFit(page);

  await page.getByRole("radio", { name: /^Card/ }).check();
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  expect(await page.getByTestId("order").getAttribute("title")).toMatch(/^ord_sam_/);
  await close();
});

test("both pieces left the other region, and every invariant holds", async () => {
  expect(await shop.stock("last-one", "us")).toMatchObject({ available: 0, held: 0, allocated: 2 });
  expect(await shop.audit()).toEqual(CLEAN);
});
