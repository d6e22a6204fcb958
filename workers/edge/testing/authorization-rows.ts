import type { ApiKey } from "../gate/api-keys.ts";

type Kind = ApiKey["kind"];

/** Who may make a call, and of what it tells or what it changes. */
export type Row = {
  readonly opens: readonly Kind[] | "anyone";
  /**
   * `thing`: its path or body names something that one shop owns, which is not there for any other. `shop`: whatever it names is
   * looked up within the key's own shop. `deployment`: it is the same for all shops.
   */
  readonly of: "thing" | "shop" | "deployment";
  /** Of a shopper it wants the sale's secret besides. */
  readonly secret?: true;
  /** Of a storefront's key it wants the token of a customer besides. */
  readonly token?: true;
  readonly query?: string;
};

const storefront: readonly Kind[] = ["publishable", "secret"];
const merchant: readonly Kind[] = ["secret"];
const operator: readonly Kind[] = ["operator"];
const house: readonly Kind[] = ["secret", "operator"];
const all: readonly Kind[] = ["publishable", "secret", "operator"];

const open: Row = { opens: "anyone", of: "deployment" };
const ofShop = (opens: readonly Kind[], query?: string): Row => ({
  ...{ opens, of: "shop" },
  ...(query === undefined ? {} : { query }),
});
const ofThing = (opens: readonly Kind[], query?: string): Row => ({
  ...ofShop(opens, query),
  of: "thing",
});
const ofSale = (opens: readonly Kind[]): Row => ({ ...ofThing(opens), secret: true });
const ofDeployment = (opens: readonly Kind[]): Row => ({ ...ofShop(opens), of: "deployment" });

/** Written by hand, beside the doors that the edge asks: a route without its row fails the test. */
export const rows: Readonly<Record<string, Row>> = {
  "GET /healthz": open,
  "POST /v1/webhooks/stripe": open,
  "POST /v1/webhooks/adyen": open,
  "GET /v1/checkouts/{checkoutId}/return/{attempt}": { ...open, query: "shop=rival" },
  "GET /v1/products": ofShop(storefront, "currency=EUR&country=DE"),
  "GET /v1/address-form/{country}": ofDeployment(storefront),
  "POST /v1/carts": ofShop(storefront),
  "GET /v1/carts": { ...ofShop(storefront, "customerId=ada"), token: true },
  "GET /v1/carts/{cartId}": ofThing(storefront),
  "PATCH /v1/carts/{cartId}": ofThing(storefront),
  "PUT /v1/carts/{cartId}/customer": { ...ofThing(storefront), token: true },
  "POST /v1/customer-tokens": ofShop(merchant),
  "PUT /v1/carts/{cartId}/lines/{sku}": ofThing(storefront),
  "DELETE /v1/carts/{cartId}/lines/{sku}": ofThing(storefront),
  "PUT /v1/carts/{cartId}/codes": ofThing(storefront),
  "POST /v1/checkouts": ofThing(storefront),
  "GET /v1/checkouts/{checkoutId}": ofSale(storefront),
  "GET /v1/checkouts/{checkoutId}/stream": ofSale(storefront),
  "PATCH /v1/checkouts/{checkoutId}": ofSale(storefront),
  "POST /v1/checkouts/{checkoutId}/pay": ofSale(storefront),
  "POST /v1/checkouts/{checkoutId}/cancel": ofSale(storefront),
  "GET /v1/orders": ofShop(house, "customerId=ada%40example.com"),
  "GET /v1/orders/{orderId}": ofSale(all),
  "POST /v1/orders/{orderId}/captures": ofThing(house),
  "POST /v1/orders/{orderId}/fulfillments": ofThing(house),
  "POST /v1/orders/{orderId}/refunds": ofThing(house),
  "POST /v1/orders/{orderId}/cancel": ofThing(house),
  "POST /v1/orders/{orderId}/returns": ofThing(house),
  "POST /v1/orders/{orderId}/withdrawals": ofSale(all),
  "POST /v1/orders/{orderId}/withdrawals/{withdrawal}/confirm": ofSale(all),
  "POST /v1/withdrawals": ofShop(storefront),
  "POST /v1/webhook-endpoints": ofShop(merchant),
  "GET /v1/webhook-endpoints": ofShop(merchant),
  "GET /v1/webhook-endpoints/{endpointId}": ofThing(merchant),
  "DELETE /v1/webhook-endpoints/{endpointId}": ofThing(merchant),
  "POST /v1/webhook-endpoints/{endpointId}/rotate": ofThing(merchant),
  "POST /v1/webhook-endpoints/{endpointId}/enable": ofThing(merchant),
  "POST /v1/webhook-endpoints/{endpointId}/replay": ofThing(merchant),
  "GET /v1/webhook-endpoints/{endpointId}/deliveries": ofThing(merchant, "region=eu"),
  "GET /v1/ops/orders": ofShop(operator),
  "POST /v1/ops/orders/rebuild": ofShop(operator),
  "POST /v1/ops/checkouts/{checkoutId}/resume": ofThing(operator),
  "GET /v1/ops/dump/{what}": ofShop(operator),
  "GET /v1/ops/catalogue/products": ofShop(operator),
  "PUT /v1/ops/catalogue/products": ofShop(operator),
  "GET /v1/ops/catalogue/products/{sku}": ofShop(operator),
  "PUT /v1/ops/catalogue/products/{sku}": ofShop(operator),
  "DELETE /v1/ops/catalogue/products/{sku}": ofShop(operator),
  "GET /v1/ops/catalogue/promotions": ofShop(operator),
  "GET /v1/ops/catalogue/promotions/{promotionId}": ofShop(operator),
  "PUT /v1/ops/catalogue/promotions/{promotionId}": ofShop(operator),
  "POST /v1/ops/catalogue/promotions/{promotionId}/end": ofShop(operator),
  "GET /v1/ops/catalogue/shipping-rates/{zone}/{currency}": ofShop(operator),
  "PUT /v1/ops/catalogue/shipping-rates/{zone}/{currency}": ofShop(operator),
  "GET /v1/ops/catalogue/shipping-zones": ofShop(operator),
  "PUT /v1/ops/catalogue/shipping-zones/{country}": ofShop(operator),
  "GET /v1/ops/catalogue/notices": ofShop(operator),
  "PUT /v1/ops/catalogue/notices": ofShop(operator),
  "GET /v1/ops/catalogue/ships-from": ofShop(operator),
  "PUT /v1/ops/catalogue/ships-from": ofShop(operator),
  "POST /v1/ops/stock": ofShop(operator),
  "POST /v1/ops/stock/corrections": ofShop(operator),
  "POST /v1/ops/stock/counts": ofShop(operator),
  "POST /v1/ops/stock/limits": ofShop(operator),
  "POST /v1/ops/stock/last-resort": ofShop(operator),
  "GET /v1/ops/stock/{region}/{sku}": ofShop(operator),
  "GET /v1/ops/stock/{region}/{sku}/cells": ofShop(operator),
  "GET /v1/ops/stock/{region}/{sku}/movements": ofShop(operator),
  "POST /v1/ops/stock/moves": ofShop(operator),
  "POST /v1/ops/stock/cells": ofShop(operator),
  "POST /v1/ops/stock/pools": ofShop(operator),
  "GET /v1/ops/stock-ledger/{sku}": ofShop(operator),
  "POST /v1/ops/stock-ledger/{sku}/reconcile": ofShop(operator),
  "GET /v1/ops/routing": ofShop(operator),
  "PUT /v1/ops/routing": ofShop(operator),
  "GET /v1/ops/settings": ofShop(operator),
  "PUT /v1/ops/settings": ofShop(operator),
  "GET /v1/ops/providers": ofDeployment(operator),
  "GET /v1/ops/reconciliation": ofShop(operator, "day=2026-05-01"),
  "POST /v1/ops/reconciliation": ofShop(operator),
  "GET /v1/ops/feeds": ofDeployment(operator),
  "POST /v1/ops/feeds/{region}/{feed}/pause": ofDeployment(operator),
  "POST /v1/ops/feeds/{region}/{feed}/resume": ofDeployment(operator),
  "POST /v1/ops/feeds/{region}/{feed}/replay": ofDeployment(operator),
  "GET /v1/ops/analytics": ofShop(operator),
  "GET /v1/ops/mailbox": ofShop(operator),
  "GET /v1/ops/shop-events": ofShop(operator, "type=tender.checkout.reservation_expired.v1"),
  "GET /v1/ops/abandoned": ofShop(operator),
  "GET /v1/ops/dead-letters": ofShop(operator),
  "GET /v1/ops/dead-letters/{letterId}": ofThing(operator),
  "POST /v1/ops/dead-letters/{letterId}/redrive": ofThing(operator),
  "POST /v1/ops/dead-letters/redrive": ofShop(operator),
  "POST /v1/ops/dead-letters/{letterId}/discard": ofThing(operator),
};
