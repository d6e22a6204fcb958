// First: the product's libraries keep the `fetch` that they find.

import product, * as objects from "../../workers/index.ts";
import { countedObject } from "./counted-object.ts";
import { countPlatform, requested } from "./counted-platform.ts";
import { countsSoFar, startCounting } from "./counts.ts";

/** The product, counting what it does: for the guards, and for the bench's table of costs. Never deployed. */
export const CartObject = countedObject("CartObject", objects.CartObject);
export const CheckoutObject = countedObject("CheckoutObject", objects.CheckoutObject);
export const CustomerObject = countedObject("CustomerObject", objects.CustomerObject);
export const FeedObject = countedObject("FeedObject", objects.FeedObject);
export const InventoryObject = countedObject("InventoryObject", objects.InventoryObject);
export const PromotionObject = countedObject("PromotionObject", objects.PromotionObject);
export const ProviderHealthObject = countedObject(
  "ProviderHealthObject",
  objects.ProviderHealthObject,
);
export const StockLedgerObject = countedObject("StockLedgerObject", objects.StockLedgerObject);

export default {
  fetch: async (request, env, ctx) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/counts/start") return Response.json(startCounting() ?? {});
    if (pathname === "/counts") return Response.json(countsSoFar());
    countPlatform(env);
    requested("fetch");
    return product.fetch(request, env, ctx);
  },
  queue: async (batch, env) => {
    countPlatform(env);
    requested("queue");
    await product.queue(batch, env);
  },
  scheduled: (controller, env) => product.scheduled(controller, env),
} satisfies ExportedHandler<Env>;
