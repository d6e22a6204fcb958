import { cors } from "hono/cors";
import { refuse } from "../../schema/refusals.ts";
import { faultOf } from "./asking/ask.ts";
import { answerOptions, methodsAt, refuseOtherMethods } from "./gate/allowed-methods.ts";
import { newApi } from "./gate/api.ts";
import { requireKey } from "./gate/auth.ts";
import { guardBody } from "./gate/body.ts";
import { doors } from "./gate/doors.ts";
import { requireKnownSkus } from "./gate/doubtful-skus.ts";
import { problem } from "./gate/problem.ts";
import { secureAnswers } from "./gate/security-headers.ts";
import { asyncApi } from "./reference/asyncapi.ts";
import { openApi } from "./reference/openapi.ts";
import { catalogue } from "./routes/ops/catalogue.ts";
import { deadLetters } from "./routes/ops/dead-letters.ts";
import { feeds } from "./routes/ops/feeds.ts";
import { ops } from "./routes/ops/ops.ts";
import { paymentOps } from "./routes/ops/ops-payments.ts";
import { reconciliation } from "./routes/ops/reconciliation.ts";
import { shopDocuments } from "./routes/ops/shop-documents.ts";
import { shopEvents } from "./routes/ops/shop-events.ts";
import { stock } from "./routes/ops/stock.ts";
import { stockLedger } from "./routes/ops/stock-ledger.ts";
import { health, pages } from "./routes/pages.ts";
import { webhooks } from "./routes/provider-webhooks.ts";
import { addressForms } from "./routes/shop/address-forms.ts";
import { carts } from "./routes/shop/carts.ts";
import { checkouts } from "./routes/shop/checkouts.ts";
import { customerCarts } from "./routes/shop/customer-carts.ts";
import { orderLists } from "./routes/shop/order-lists.ts";
import { orders } from "./routes/shop/orders.ts";
import { products } from "./routes/shop/products.ts";
import { returns } from "./routes/shop/returns.ts";
import { stream } from "./routes/shop/stream.ts";
import { webhookEndpoints } from "./routes/shop/webhook-endpoints.ts";
import { withdrawals } from "./routes/shop/withdrawals.ts";

const app = newApi();

app.use(async (c, next) => {
  c.set("requestId", c.req.header("CF-Ray") ?? crypto.randomUUID());
  await next();
  c.header("Request-Id", c.var.requestId);
});
app.use(secureAnswers);
app.use(answerOptions(app));
app.use(
  "/v1/*",
  cors({
    origin: "*",
    allowMethods: (_origin, c) => [...methodsAt(app, c.req.path)],
    exposeHeaders: ["Allow", "ETag", "Idempotent-Replayed", "Order-Bookmark", "Request-Id"],
  }),
);
app.use(refuseOtherMethods(app));

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
app.use("/v1/*", requireKnownSkus);
app.route("/v1", products);
app.route("/v1", addressForms);
app.route("/v1", carts);
app.route("/v1", customerCarts);
app.route("/v1", checkouts);
app.route("/v1", stream);
app.route("/v1", orderLists);
app.route("/v1", withdrawals);
app.route("/v1", orders);
app.route("/v1", ops);
app.route("/v1", paymentOps);
app.route("/v1", reconciliation);
app.route("/v1", catalogue);
app.route("/v1", shopDocuments);
app.route("/v1", stock);
app.route("/v1", stockLedger);
app.route("/v1", shopEvents);
app.route("/v1", feeds);
app.route("/v1", deadLetters);
app.route("/v1", webhookEndpoints);

export { app };
