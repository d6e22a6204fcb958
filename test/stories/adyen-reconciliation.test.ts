import { expect, test } from "vitest";
import { AdyenProvider } from "../../payments/adyen/adyen.provider.ts";
import { adyenConfigFrom } from "../../payments/adyen/config.ts";
import { providerKey } from "../../payments/idempotency-key.ts";
import { paymentReference } from "../../payments/payment-reference.ts";
import type { Secured } from "../../payments/provider.ts";
import { checkoutIdFrom } from "../../schema/ids.ts";
import { localKeys } from "../../scripts/machine/local-keys.ts";
import { newRequest } from "../clients/adyen-sales.ts";
import { adyenCard } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";
import { operatorHeaders, reconciled, runCron } from "./operator.ts";

const shop = await openShop({ RECONCILIATION_GRACE_MS: "0" });
const SETTLED = { withinMs: 30_000, gapMs: 200 };
const simulator = `${shop.simulatorUrl}/_simulator/adyen`;
const provider = new AdyenProvider(
  adyenConfigFrom({ ...localKeys, ADYEN_API_BASE: `${shop.simulatorUrl}/adyen` }),
);
const reconcile = () => reconciled(shop.url, "adyen");

async function announceReport(): Promise<void> {
  const body = JSON.stringify({ eventCode: "REPORT_AVAILABLE" });
  const response = await fetch(`${simulator}/events`, {
    method: "POST",
    headers: operatorHeaders,
    body,
  });
  expect(response.status).toBe(201);
}

type Row = { readonly pspReference: string; readonly [column: string]: unknown };

async function ledgerOf(reference: string): Promise<Row | undefined> {
  const lines = (await (await fetch(`${simulator}/ledger`)).text()).split("\n");
  const rows = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Row);
  return rows.find(({ pspReference }) => pspReference === reference);
}

/** A payment at Adyen under our names that no sale of ours has asked for. */
async function foundling(isTaken: boolean): Promise<string> {
  const { shopId, ...request } = newRequest();
  const checkoutId = checkoutIdFrom("eu", crypto.getRandomValues(new Uint8Array(17)));
  const name = {
    shopId,
    checkoutId,
    paymentReference: paymentReference({ shopId, checkoutId, attempt: 1 }),
  };
  const call = {
    region: "eu",
    startedAtMs: Date.now(),
    nowMs: Date.now(),
    nthTry: 1,
    heard: [],
  } as const;
  const held = await provider.authorize(
    { ...request, ...name, key: providerKey(checkoutId) },
    call,
  );
  const secured = held as Secured;
  const { amount } = request;
  const capture = {
    ...name,
    key: providerKey(checkoutId, "c"),
    secured,
    amount,
    n: 1,
    isLast: true,
  };
  if (isTaken) expect(await provider.capture(capture, call)).toMatchObject({ capture: "pending" });
  return secured.reference;
}

test("orders and Adyen's settlement report agree, and money that no sale knows goes back", async () => {
  const held = await foundling(false);
  const checkout = await shop.open("mug");
  const paid = await shop.storefront.pay(checkout, {
    payment: { method: "card", tokens: { adyen: adyenCard() } },
    expectedTotal: checkout.total,
  });
  expect(paid.status).toBe(200);
  const taken = await foundling(true);
  await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );
  await eventually(
    () => ledgerOf(taken),
    (row) => row?.amountCaptured === 1789,
    SETTLED,
  );
  await announceReport();

  const seen = await eventually(
    async () => {
      await runCron(shop.url, "*/5 * * * *");
      return reconcile();
    },
    ({ items }) => items.some(({ reference, done }) => reference === taken && done === "refunded"),
    SETTLED,
  );

  expect(seen.items.filter(({ kind }) => kind !== "orphan")).toEqual([]);
  expect(await ledgerOf(taken)).toMatchObject({ amountRefunded: 1789 });
  await announceReport();
  const later = await eventually(
    async () => {
      await runCron(shop.url, "*/5 * * * *");
      return reconcile();
    },
    ({ figures }) => figures[0]?.driftMinor === 0,
    SETTLED,
  );
  expect(later.figures).toMatchObject([{ provider: "adyen", currency: "EUR", orders: 1 }]);

  // What is only held is in no report: its webhooks tell of it.
  await eventually(
    async () => {
      await runCron(shop.url, "* * * * *");
      return reconcile();
    },
    ({ items }) => items.some(({ reference, done }) => reference === held && done === "voided"),
    { withinMs: 90_000, gapMs: 1_000 },
  );
}, 180_000);

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
