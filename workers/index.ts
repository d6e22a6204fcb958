import { consume } from "./consumers/consume.ts";
import { app } from "./edge/app.ts";
import { runJobs } from "./jobs/scheduled.ts";

export { CartObject } from "../durable-objects/cart/cart.object.ts";
export { CheckoutObject } from "../durable-objects/checkout/checkout.object.ts";
export { CustomerObject } from "../durable-objects/customer/customer.object.ts";
export { FeedObject } from "../durable-objects/feed/feed.object.ts";
export { InventoryObject } from "../durable-objects/inventory/inventory.object.ts";
export { PromotionObject } from "../durable-objects/promotion/promotion.object.ts";
export { ProviderHealthObject } from "../durable-objects/provider-health/provider-health.object.ts";
export { StockLedgerObject } from "../durable-objects/stock-ledger/stock-ledger.object.ts";

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: ({ cron }, env) => runJobs(cron, env, Date.now()),
} satisfies ExportedHandler<Env>;
