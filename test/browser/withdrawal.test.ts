import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { atThePayment, heading, payWith, shopperAt } from "./shopper.ts";

const shop = await openShop();

test("a shopper withdraws from the contract with two buttons, and reads when it was received", async () => {
  const { page, close } = await shopperAt(shop.url);
  await atThePayment(page, "DE");
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("€17.89 was taken, once.").waitFor();

  const withdraw = page.getByRole("button", { name: "Withdraw from contract here" });
  await withdraw.click();
  expect(await page.getByTestId("statement").textContent()).toContain("1 × Mug");
  await page.getByRole("button", { name: "Keep the order" }).click();
  await withdraw.click();
  await page.getByRole("button", { name: "Confirm withdrawal" }).click();

  await page.getByText(/We received your withdrawal on \d{4}-\d\d-\d\d at \d\d:\d\d/).waitFor();
  await heading(page, "You have withdrawn").waitFor();
  // Nothing was sent yet: the order is cancelled at once, and its page says so when it is opened again.
  await eventually(
    async () => (await shop.dumps()).orders.map(({ status }) => status),
    (statuses) => statuses.includes("cancelled"),
    { withinMs: 45_000, gapMs: 100 },
  );
  await page.reload();
  await heading(page, "Called off").waitFor();
  await page.getByText("What you paid goes back").waitFor();
  await close();
});

test("a guest in another browser withdraws by order number and e-mail, without a login", async () => {
  const bought = await shopperAt(shop.url);
  await atThePayment(bought.page, "DE");
  await payWith(bought.page, "A good card");
  const orderNumber = (await bought.page.getByTestId("order").textContent()) ?? "";
  await eventually(
    async () => (await shop.dumps()).orders.map((order) => order.orderNumber),
    (numbers) => numbers.includes(orderNumber),
    { withinMs: 45_000, gapMs: 100 },
  );
  await bought.close();

  const { page, close } = await shopperAt(shop.url);
  await page.getByRole("link", { name: "Withdraw from contract here" }).click();
  await page.getByLabel("Order number").fill(orderNumber.toLowerCase());
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByRole("button", { name: "Withdraw from contract here" }).click();
  expect(await page.getByTestId("statement").textContent()).toContain(orderNumber);
  await page.getByRole("button", { name: "Confirm withdrawal" }).click();
  await page.getByText("an acknowledgement with date and time is on its way").waitFor();
  await eventually(
    async () => (await shop.dumps()).orders.find((order) => order.orderNumber === orderNumber),
    (order) => order?.status === "cancelled",
    { withinMs: 45_000, gapMs: 100 },
  );
  await close();
});

test("afterwards no money and no piece is lost", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
