import { addressFormOf } from "../../../../schema/address-form.ts";
import { ProviderName } from "../../../../schema/payment.ts";
import type { RefusalCode } from "../../../../schema/refusals.ts";
import * as feed from "../examples/feed-examples.ts";
import { orderDetails } from "../examples/order-details-example.ts";
import { productList } from "../examples/product-examples.ts";
import * as reconciliation from "../examples/reconciliation-examples.ts";
import * as example from "../examples/sale-examples.ts";
import type { CallNotes } from "./call-notes.ts";
import { cartCalls } from "./cart-calls.ts";
import { catalogueCalls } from "./catalogue-calls.ts";
import { routingCalls } from "./routing-calls.ts";
import { shopEventCalls } from "./shop-event-calls.ts";
import { stockCalls } from "./stock-calls.ts";
import { withdrawalCalls } from "./withdrawal-calls.ts";

/** The refusals that any quote may end with. */
const quoting = [
  ...["unknown_sku", "currency_not_sold", "tax_rate_unknown", "state_needed"],
  ...["postal_code_mismatch", "shipping_unavailable"],
  ...["promotion_unknown", "promotion_not_active", "promotion_not_applicable"],
  ...["promotion_not_combinable", "promotion_exhausted", "vat_number_invalid"],
  ...["amount_too_large", "amount_too_small", "out_of_stock", "shopper_limit", "too_many_unpaid"],
] as const satisfies readonly RefusalCode[];
const paying = [
  ...["payment_declined", "payment_provider_failed", "quote_changed", "checkout_not_open"],
  ...["checkout_expired", "payment_superseded", "cancelled", "out_of_stock"],
  ...["payment_method_unavailable", "payment_required", "payment_not_required"],
  ...["order_not_placed", "amount_too_small"],
] as const satisfies readonly RefusalCode[];

/** By method and path. The refusals that keys, headers and bodies bring come by themselves. */
export const calls: Readonly<Record<string, CallNotes>> = {
  "GET /healthz": { answers: { 200: { ok: true } } },
  "GET /v1/products": {
    answers: { 200: productList },
    refuses: ["country_not_served", "currency_not_sold", "tax_rate_unknown"],
  },
  "GET /v1/address-form/{country}": {
    answers: { 200: addressFormOf("JP") },
    refuses: ["country_not_served"],
  },
  ...cartCalls,
  "POST /v1/checkouts": {
    body: example.createCheckout,
    answers: { 201: example.openCheckout },
    refuses: [
      ...quoting,
      ...["country_mismatch", "country_not_served", "expected_total_missing", "quote_changed"],
      ...["not_found", "cart_mismatch", "cart_empty", "cart_changed", "cart_consumed"],
      ...["payment_method_unavailable", "payment_required", "payment_not_required"],
      ...["cart_moved", "cart_merged", "checkout_at_home", "checkout_not_open", "checkout_expired"],
    ] as readonly RefusalCode[],
  },
  "GET /v1/checkouts/{checkoutId}": { answers: { 200: example.capturedWithTimeline } },
  "GET /v1/checkouts/{checkoutId}/stream": { answers: { 200: example.streamEvent } },
  "PATCH /v1/checkouts/{checkoutId}": {
    body: example.patchCheckout,
    answers: { 200: example.patched },
    refuses: [
      ...quoting,
      ...(["country_mismatch", "country_not_served", "checkout_elsewhere"] as const),
      ...(["checkout_not_open", "checkout_expired"] as const),
    ],
  },
  "POST /v1/checkouts/{checkoutId}/pay": {
    body: example.payCheckout,
    answers: { 200: example.captured, 202: example.awaitingShopper },
    refuses: paying,
  },
  "POST /v1/checkouts/{checkoutId}/cancel": {
    answers: { 200: example.cancelled },
    refuses: ["checkout_not_open", "checkout_expired"],
  },
  "GET /v1/orders": { answers: { 200: example.orderList } },
  "GET /v1/ops/orders": { answers: { 200: example.orderList } },
  "POST /v1/ops/orders/rebuild": {
    body: { region: "eu", limit: 200 },
    answers: { 200: { rebuilt: 200, next: example.order.orderId } },
  },
  "GET /v1/orders/{orderId}": { answers: { 200: orderDetails } },
  "POST /v1/orders/{orderId}/captures": {
    body: example.captureOrder,
    answers: { 200: example.captured },
    refuses: ["order_not_capturable", "lines_not_left", "capture_refused", "amount_not_takable"],
  },
  "POST /v1/orders/{orderId}/fulfillments": {
    body: example.fulfilOrder,
    answers: { 200: example.captured },
    refuses: ["order_not_fulfillable"],
  },
  "POST /v1/orders/{orderId}/refunds": {
    body: example.refundOrder,
    answers: { 200: example.refunded },
    refuses: [
      ...(["order_not_refundable", "lines_not_left", "refund_refused"] as const),
      ...(["order_disputed", "refund_window_over"] as const),
      "amount_not_takable",
    ],
  },
  "POST /v1/orders/{orderId}/cancel": {
    body: example.cancelOrder,
    answers: { 200: example.cancelled },
    refuses: ["order_not_cancellable", "lines_not_left", "order_disputed"],
  },
  ...withdrawalCalls,
  ...catalogueCalls,
  ...stockCalls,
  "POST /v1/ops/checkouts/{checkoutId}/resume": {
    answers: { 202: example.resumed },
    refuses: ["not_stuck"],
  },
  "GET /v1/ops/reconciliation": { answers: { 200: reconciliation.reconciled } },
  "POST /v1/ops/reconciliation": {
    body: reconciliation.reconcileDay,
    answers: { 200: reconciliation.reconciled },
  },
  "GET /v1/ops/feeds": { answers: { 200: { feeds: [feed.feedView] } } },
  "POST /v1/ops/feeds/{region}/{feed}/pause": {
    body: feed.pauseFeed,
    answers: { 200: feed.pausedFeed },
  },
  "POST /v1/ops/feeds/{region}/{feed}/resume": { answers: { 200: feed.feedView } },
  "POST /v1/ops/feeds/{region}/{feed}/replay": {
    body: feed.replayFeed,
    answers: { 200: feed.feedView },
    refuses: ["offset_unknown"],
  },
  "GET /v1/ops/analytics": { answers: { 200: { hours: [feed.rollup] } } },
  "GET /v1/ops/mailbox": { answers: { 200: { mails: [feed.mail] } } },
  "GET /v1/ops/dead-letters": { answers: { 200: feed.letterList } },
  "GET /v1/ops/dead-letters/{letterId}": { answers: { 200: feed.letterInFull } },
  "POST /v1/ops/dead-letters/{letterId}/redrive": {
    answers: { 200: feed.redrivenLetter },
    refuses: ["letter_discarded"],
  },
  "POST /v1/ops/dead-letters/redrive": {
    body: feed.redriveLetters,
    answers: { 200: feed.redriven },
  },
  "POST /v1/ops/dead-letters/{letterId}/discard": {
    body: feed.discardLetter,
    answers: { 200: feed.discardedLetter },
    refuses: ["letter_redriven"],
  },
  "POST /v1/webhook-endpoints": {
    body: feed.registerEndpoint,
    answers: { 201: feed.endpoint },
    refuses: ["webhook_target_refused", "webhook_endpoints_full"],
  },
  "GET /v1/webhook-endpoints": { answers: { 200: { endpoints: [feed.endpoint] } } },
  "GET /v1/webhook-endpoints/{endpointId}": { answers: { 200: feed.endpointInRegions } },
  "DELETE /v1/webhook-endpoints/{endpointId}": { answers: { 200: { removed: true } } },
  "POST /v1/webhook-endpoints/{endpointId}/rotate": { answers: { 200: feed.rotatedEndpoint } },
  "POST /v1/webhook-endpoints/{endpointId}/enable": { answers: { 200: feed.endpointInRegions } },
  "POST /v1/webhook-endpoints/{endpointId}/replay": {
    body: feed.replayEndpoint,
    answers: { 200: feed.replayed },
    refuses: ["offset_unknown"],
  },
  "GET /v1/webhook-endpoints/{endpointId}/deliveries": {
    answers: { 200: { deliveries: [feed.delivery] } },
  },
  ...routingCalls,
  ...shopEventCalls,
  ...Object.fromEntries(
    ProviderName.options.map((provider): [string, CallNotes] => [
      `POST /v1/webhooks/${provider}`,
      { refuses: ["bad_signature"] },
    ]),
  ),
};
