import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CHECKOUT_OPEN_MS, MINUTE_MS } from "../../schema/durations.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, shopIn } from "./open-shop.ts";

const SETTLED = { withinMs: 30_000 };

/** Opens the folder's shop for one test, with the shop's clock put forward. */
async function shopAt(folder: string, clockOffsetMs = 0) {
  const shop = await shopIn(folder, { CLOCK_OFFSET_MS: String(clockOffsetMs) });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await shop.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...shop, close };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tender-endings-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("a cancelled checkout gives its stock back and takes no payment", async () => {
  const shop = await shopAt(await newFolder());
  const before = await shop.stock("mug");
  const checkout = await shop.open("mug", 3);
  expect(await shop.stock("mug")).toMatchObject({ held: before.held + 3 });

  const cancelled = await shop.storefront.cancel(checkout, { key: "off" });

  expect(cancelled).toMatchObject({ status: 200, body: { status: "cancelled" } });
  await eventually(
    () => shop.stock("mug"),
    ({ held, available }) => held === before.held && available === before.available,
    SETTLED,
  );
  expect((await shop.pay(checkout, "pm_card_visa")).status).toBe(409);
  expect((await shop.storefront.cancel(checkout, { key: "off" })).replayed).toBe(true);
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
  expect(await shop.audit()).toEqual(CLEAN);
});

test("a checkout that was left alone expires and gives its stock back", async () => {
  const folder = await newFolder();
  const early = await shopAt(folder);
  const before = await early.stock("mug");
  const checkout = await early.open("mug", 2);
  await early.close();

  const late = await shopAt(folder, CHECKOUT_OPEN_MS + MINUTE_MS);
  const refused = await late.pay(checkout, "pm_card_visa");

  expect(refused).toMatchObject({ status: 410, body: { code: "checkout_expired" } });
  expect((await late.storefront.checkout(checkout)).body.status).toBe("expired");
  await eventually(
    () => late.stock("mug"),
    ({ held, available }) => held === before.held && available === before.available,
    SETTLED,
  );
  expect(await late.stripe.paymentsOf(checkout)).toEqual([]);
  expect(await late.audit()).toEqual(CLEAN);
});

test("a sale that was paid survives a restart, and its answer with it", async () => {
  const folder = await newFolder();
  const first = await shopAt(folder);
  const checkout = await first.open("mug");
  const paid = await first.pay(checkout, "pm_card_visa", "before-the-restart");
  await first.close();

  const second = await shopAt(folder);
  const again = await second.pay(checkout, "pm_card_visa", "before-the-restart");

  expect(again).toMatchObject({ status: 200, replayed: true, body: paid.body });
  expect(await second.audit()).toEqual(CLEAN);
  expect(await second.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});
