import { cors } from "hono/cors";
import { refuse } from "../../schema/refusals.ts";
import { newApi } from "./api.ts";
import { faultOf } from "./ask.ts";
import { requireKey } from "./auth.ts";
import { guardBody } from "./body.ts";
import { doors } from "./doors.ts";
import { problem } from "./problem.ts";
import { asyncApi } from "./reference/asyncapi.ts";
import { openApi } from "./reference/openapi.ts";
import { carts } from "./routes/carts.ts";
import { catalogue } from "./routes/catalogue.ts";
import { checkouts } from "./routes/checkouts.ts";
import { deadLetters } from "./routes/dead-letters.ts";
import { feeds } from "./routes/feeds.ts";
import { ops } from "./routes/ops.ts";
import { paymentOps } from "./routes/ops-payments.ts";
import { orderLists } from "./routes/order-lists.ts";
import { orders } from "./routes/orders.ts";
import { health, pages } from "./routes/pages.ts";
import { products } from "./routes/products.ts";
import { reconciliation } from "./routes/reconciliation.ts";
import { returns } from "./routes/returns.ts";
import { shopEvents } from "./routes/shop-events.ts";
import { stock } from "./routes/stock.ts";
import { stockLedger } from "./routes/stock-ledger.ts";
import { stream } from "./routes/stream.ts";
import { webhookEndpoints } from "./routes/webhook-endpoints.ts";
import { webhooks } from "./routes/webhooks.ts";

const app = newApi();

app.use(async (c, next) => {
  c.set("requestId", c.req.header("CF-Ray") ?? crypto.randomUUID());
  await next();
  c.header("Request-Id", c.var.requestId);
});
app.use(
  "/v1/*",
  cors({
    origin: "*",
    exposeHeaders: ["ETag", "Idempotent-Replayed", "Order-Bookmark", "Request-Id"],
  }),
);

app.onError((error, c) => {
  const { requestId } = c.var;
  console.error({ event: "edge.fault", requestId, problem: error.stack ?? String(error) });
  return problem(c, faultOf(error));
});
app.notFound((c) => problem(c, refuse("not_found")));

app.route("/", health);
app.route("/", pages);
app.get("/openapi.json", (c) => c.json(openApi(app)));
app.get("/asyncapi.json", (c) => c.json(asyncApi()));

// Signed by the provider over its raw bytes, so they pass neither the body guard nor our keys.
app.route("/v1", webhooks);
app.route("/v1", returns);

app.use("/v1/*", guardBody);
for (const { path, keys } of doors) app.use(path, requireKey(...keys));
app.route("/v1", products);
app.route("/v1", carts);
app.route("/v1", checkouts);
app.route("/v1", stream);
app.route("/v1", orderLists);
app.route("/v1", orders);
app.route("/v1", ops);
app.route("/v1", paymentOps);
app.route("/v1", reconciliation);
app.route("/v1", catalogue);
app.route("/v1", stock);
app.route("/v1", stockLedger);
app.route("/v1", shopEvents);
app.route("/v1", feeds);
app.route("/v1", deadLetters);
app.route("/v1", webhookEndpoints);

export { app };
