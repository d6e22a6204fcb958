import { expect, test } from "vitest";
import { cardPayment } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop, type Shop } from "./open-shop.ts";

const shop = await openShop();
/** A hang outlives the adapter's patience, and a late effect comes seconds after. */
const SETTLED = { withinMs: 50_000 };

/** Every way in which the provider can fail to answer; the first half after its effect. */
const KINDS = [
  ...["drop_after", "error_500_stored", "reset_mid_body", "garbage_200", "html_502", "hang"],
  ...["drop_before", "error_500", "rate_limit", "conflict_409", "late"],
];

type Broken = Awaited<ReturnType<typeof brokenSales>>[number];

/** One checkout for each kind, of which the next call of this operation fails in that way. */
async function brokenSales(operation: "authorize" | "capture" | "refund") {
  const sales = await Promise.all(
    KINDS.map(async (kind) => ({ kind, checkout: await shop.open("mug") })),
  );
  await shop.stripe.fails(
    sales.map(({ kind, checkout }) => ({
      operation,
      kind,
      times: 1,
      metadataCheckoutId: checkout.checkoutId,
    })),
  );
  return sales;
}

function captured({ checkout }: Broken) {
  return eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );
}

async function struck(operation: string): Promise<Record<string, number>> {
  const { faultsByOperation } = await shop.stripe.calls();
  const own = Object.entries(faultsByOperation).filter(([name]) =>
    name.startsWith(`${operation}/`),
  );
  return Object.fromEntries(own.map(([name, count]) => [name.split("/")[1] ?? "", count]));
}

const once = Object.fromEntries(KINDS.map((kind) => [kind, 1]));

test("however an authorize goes unanswered, nobody hears declined and each is charged once", async () => {
  const sales = await brokenSales("authorize");

  const answers = await Promise.all(
    sales.map(({ checkout }) => shop.pay(checkout, "pm_card_visa", "pay")),
  );

  for (const { status } of answers) expect([200, 202]).toContain(status);
  await Promise.all(sales.map(captured));
  for (const { kind, checkout } of sales) {
    expect(await shop.stripe.captured(checkout), kind).toEqual([checkout.total.amountMinor]);
  }
  expect(await struck("authorize")).toEqual(once);
});

test("however a capture goes unanswered, the order is captured once", async () => {
  const sales = await brokenSales("capture");

  await Promise.all(sales.map(({ checkout }) => shop.pay(checkout, "pm_card_visa")));

  await Promise.all(sales.map(captured));
  for (const { kind, checkout } of sales) {
    expect(await shop.stripe.captured(checkout), kind).toEqual([checkout.total.amountMinor]);
  }
  expect(await struck("capture")).toEqual(once);
});

test("however a refund goes unanswered, the money goes back once", async () => {
  const sales = await brokenSales("refund");
  await Promise.all(sales.map(({ checkout }) => shop.pay(checkout, "pm_card_visa")));
  await Promise.all(sales.map(captured));

  await Promise.all(sales.map(refundedAll));

  for (const { kind, checkout } of sales) {
    expect(await shop.stripe.captured(checkout), kind).toEqual([0]);
  }
});

/** Asks with one key until it is done, as a merchant's system does. */
async function refundedAll({ checkout }: Broken): Promise<void> {
  const orderId = checkout.checkoutId.replace(/^chk_/, "ord_");
  await eventually(
    () => shop.storefront.refund(orderId, {}, { key: `refund-${checkout.checkoutId}` }),
    ({ status }) => status === 200,
    SETTLED,
  );
}

test.each(["duplicate", "reordered", "late"] as const)(
  "webhooks that come %s end every sale as ordered ones do",
  async (mode) => {
    await shop.stripe.control({ webhooks: { mode, delayMs: 400 } });
    const sales = await Promise.all(["mug", "shirt", "poster"].map((sku) => shop.open(sku)));
    const bankCard = await shop.open("mug");

    await Promise.all(sales.map((checkout) => shop.pay(checkout, "pm_card_visa")));
    await passAtBank(bankCard);

    for (const checkout of [...sales, bankCard]) {
      await eventually(
        () => shop.storefront.checkout(checkout),
        ({ body }) => body.status === "captured",
        SETTLED,
      );
      expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
    }
    await shop.stripe.control({ webhooks: { mode: "normal" } });
  },
);

/** Confirms at the bank and goes away: only the webhook tells. */
async function passAtBank(checkout: Awaited<ReturnType<Shop["open"]>>): Promise<void> {
  const { payment, expectedTotal } = cardPayment("pm_card_threeDSecure2Required", checkout.total);
  const returnUrl = "https://shop.example/thanks";
  const { body } = await shop.storefront.pay(checkout, {
    payment: { ...payment, returnUrl },
    expectedTotal,
  });
  const bank = new URL(body.payment?.nextAction?.url ?? "");
  const client_secret = bank.searchParams.get("client_secret") ?? "";
  const form = new URLSearchParams({ client_secret, outcome: "pass" });
  await fetch(bank, { method: "POST", body: form, redirect: "manual" });
}

test("an authorization that expires before its capture cancels the order and frees the stock", async () => {
  const before = await shop.stock("lamp");
  const checkout = await shop.open("lamp");

  await shop.pay(checkout, "pm_sim_captureExpired");

  await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "cancelled",
    SETTLED,
  );
  expect(await shop.stripe.captured(checkout)).toEqual([]);
  expect(await shop.stock("lamp")).toEqual(before);
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
