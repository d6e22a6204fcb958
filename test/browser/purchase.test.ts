import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "../stories/open-shop.ts";
import { checkoutIdOf, heading, payWith, put, shopperAt, toPayment } from "./shopper.ts";

const shop = await openShop();
const paymentsOf = (checkoutId: string) => shop.stripe.paymentsOf({ checkoutId, clientSecret: "" });

test("a shopper buys, watches the sale and finds it again after a reload", async () => {
  const { page, close } = await shopperAt(shop.url);
  await put(page, "Mug");
  await page.getByRole("button", { name: "One Mug more" }).click();
  await page.getByRole("dialog").getByText("€25.98").first().waitFor();
  await toPayment(page);

  await heading(page, "How will you pay?").waitFor();
  expect(await page.getByTestId("total").textContent()).toBe("€30.88");
  await page.getByText("with VAT 19% in it").waitFor();
  await payWith(page, "A good card");

  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("€30.88 was taken, once.").waitFor();
  const timeline = page.getByRole("region", { name: "Behind the counter" });
  for (const words of ["Your bank said yes", "Order placed", "Payment taken, once"]) {
    await timeline.getByText(words).waitFor();
  }
  const order = await page.getByTestId("order").textContent();
  expect(order).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  expect(await page.getByTestId("order").getAttribute("title")).toMatch(/^ord_eu_/);

  await page.reload();
  await heading(page, "Thank you. It is yours.").waitFor();
  expect(await page.getByTestId("order").textContent()).toBe(order);
  await page.getByRole("button", { name: "Back to the shop" }).click();
  await page.getByRole("button", { name: "Cart, 0 pieces" }).waitFor();
  await close();
});

test("an American pays the state's tax on top", async () => {
  const { page, close } = await shopperAt(shop.url);
  await page.getByLabel("Deliver to").selectOption("US");
  await page.getByText("$13.99").waitFor();
  await put(page, "Mug");
  await page.getByRole("button", { name: "Go to the checkout" }).click();
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByLabel("Name").fill("Grace Hopper");
  await page.getByLabel("Street and number").fill("1 Market Street");
  await page.getByLabel("ZIP code").fill("94105");
  await page.getByLabel("City").fill("San Francisco");
  await page.getByLabel("State").selectOption("California");
  await page.getByRole("button", { name: "See the total" }).click();

  await page.getByText("CA Sales tax 7.25%").waitFor();
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  expect(await page.getByTestId("order").getAttribute("title")).toMatch(/^ord_us_/);
  await close();
});

test("after a decline the things stay set aside, and a second card pays once", async () => {
  const { page, close } = await shopperAt(shop.url);
  await put(page, "Poster");
  await toPayment(page);
  await payWith(page, "A declined card");

  const alert = page.getByRole("alert");
  await alert.getByText("Your bank said no").waitFor();
  await alert.getByText("No money was taken").waitFor();
  await page.getByText("Your things are set aside for").waitFor();

  await payWith(page, "A slow card");
  await heading(page, "Asking your bank").waitFor();
  await heading(page, "Thank you. It is yours.").waitFor();
  const payments = await paymentsOf(checkoutIdOf(page));
  expect(payments.filter(({ amountReceived }) => amountReceived > 0)).toHaveLength(1);
  await close();
});

test("a bank that asks is answered there, and the shopper comes back to a paid order", async () => {
  const { page, close } = await shopperAt(shop.url);
  await put(page, "Shirt");
  await toPayment(page);
  await payWith(page, "A careful card");
  await page.getByRole("button", { name: "Complete authentication" }).click();

  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("You confirmed it with your bank").waitFor();
  await close();
});

test("a shopper who fails at the bank may take another card", async () => {
  const { page, close } = await shopperAt(shop.url);
  await put(page, "Shirt");
  await toPayment(page);
  await payWith(page, "A careful card");
  await page.getByRole("button", { name: "Fail authentication" }).click();

  await page.getByRole("alert").getByText("Your bank said no").waitFor();
  await payWith(page, "A good card");
  await heading(page, "Thank you. It is yours.").waitFor();
  const [, ...later] = await paymentsOf(checkoutIdOf(page));
  expect(later).toHaveLength(1);
  await close();
});

test("a lost answer is asked for again, and told so, and charged once", async () => {
  const { page, close } = await shopperAt(shop.url);
  await put(page, "Mug");
  await toPayment(page);
  await payWith(page, "An unlucky card");

  await heading(page, "Thank you. It is yours.").waitFor();
  await page.getByText("Your bank said yes, at the second try").waitFor();
  expect(await paymentsOf(checkoutIdOf(page))).toHaveLength(1);
  await close();
});

test("a line that breaks while paying is tried again under the same key", async () => {
  const { page, context, close } = await shopperAt(shop.url);
  await put(page, "Mug");
  await toPayment(page);
  await heading(page, "How will you pay?").waitFor();
  const keys: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/pay")) keys.push(request.headers()["idempotency-key"]);
  });

  await context.setOffline(true);
  await payWith(page, "A good card");
  await page.getByText("The line is bad. Still trying").waitFor();
  await context.setOffline(false);

  await heading(page, "Thank you. It is yours.").waitFor();
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  const checkoutId = checkoutIdOf(page);
  await eventually(
    () => paymentsOf(checkoutId),
    (payments) => payments.some(({ amountReceived }) => amountReceived > 0),
    { withinMs: 10_000 },
  );
  expect(await paymentsOf(checkoutId)).toHaveLength(1);
  await close();
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
