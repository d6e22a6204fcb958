import { createRoute } from "@hono/zod-openapi";
import { netMinor, type Side } from "../../../../payments/reconciliation/reconciliation-figures.ts";
import type { Item, KeptFigures } from "../../../../payments/reconciliation/reconciliation-rows.ts";
import { ReconciliationBook } from "../../../../payments/reconciliation/reconciliation-store.ts";
import type { ShopId } from "../../../../schema/ids.ts";
import { ReconcileDay, ReconciledDay, Reconciliation } from "../../../../schema/reconciliation.ts";
import { reconcile } from "../../../jobs/reconcile.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";

const ITEMS_MAX = 1000; // more on one day is an outage, and in the log

const answer = { 200: json(Reconciliation, "The day as it stands."), default: problemAnswer };

const read = createRoute({
  method: "get",
  path: "/ops/reconciliation",
  summary: "Read how a day's payments compare with the orders, and what was done about the rest.",
  request: { query: ReconciledDay },
  responses: answer,
});

const run = createRoute({
  method: "post",
  path: "/ops/reconciliation",
  summary: "Compare a day's payments at a provider with the orders now. Again is safe.",
  request: { body: jsonBody(ReconcileDay) },
  responses: answer,
});

export const reconciliation = newApi();

on(reconciliation, read, async (c) => {
  const { day } = c.req.valid("query");
  return c.json(await reconciled(c.env, c.var.apiKey.shopId, day), 200);
});

on(reconciliation, run, async (c) => {
  const day = c.req.valid("json");
  await reconcile(c.env, day, Date.now());
  return c.json(await reconciled(c.env, c.var.apiKey.shopId, day.day), 200);
});

async function reconciled(env: Env, shopId: ShopId, day: string): Promise<Reconciliation> {
  const book = new ReconciliationBook(env.CATALOG);
  const [figures, items] = await Promise.all([
    book.figures(shopId, day),
    book.items(shopId, day, ITEMS_MAX),
  ]);
  return { day, figures: figures.map(figuresView), items: items.map(itemView) };
}

function figuresView(kept: KeptFigures): Reconciliation["figures"][number] {
  const { providerName, currency, payments, orders, ordered, provider, ranAtMs } = kept;
  const sums = ({ capturedMinor, refundedMinor, chargedBackMinor }: Side) => ({
    captured: { amountMinor: capturedMinor, currency },
    refunded: { amountMinor: refundedMinor, currency },
    chargedBack: { amountMinor: chargedBackMinor, currency },
  });
  return {
    ...{ provider: providerName, currency, payments, orders },
    orderSums: sums(ordered),
    providerSums: sums(provider),
    driftMinor: netMinor(provider) - netMinor(ordered),
    ranAt: new Date(ranAtMs).toISOString(),
  };
}

function itemView(item: Item): Reconciliation["items"][number] {
  const { provider, reference, checkoutId, kind, currency, done, cause, firstAtMs } = item;
  return {
    ...{ provider, reference, checkoutId, kind, currency, done },
    orderNetMinor: item.orderedMinor,
    providerNetMinor: item.providerMinor,
    ...(cause ? { cause } : {}),
    firstSeenAt: new Date(firstAtMs).toISOString(),
  };
}
