import * as shelf from "../examples/catalogue-examples.ts";
import type { CallNotes } from "./call-notes.ts";

/** The calls with which operators change what is sold. */
export const catalogueCalls: Readonly<Record<string, CallNotes>> = {
  "GET /v1/ops/catalogue/products": { answers: { 200: shelf.productPage } },
  "PUT /v1/ops/catalogue/products": { body: shelf.productBatch, answers: { 200: { stored: 1 } } },
  "GET /v1/ops/catalogue/products/{sku}": { answers: { 200: shelf.product } },
  "PUT /v1/ops/catalogue/products/{sku}": {
    body: shelf.productTerms,
    answers: { 200: shelf.product },
  },
  "DELETE /v1/ops/catalogue/products/{sku}": { answers: { 200: { sku: "mug" } } },
  "GET /v1/ops/catalogue/promotions": { answers: { 200: { promotions: [shelf.promotion] } } },
  "GET /v1/ops/catalogue/promotions/{promotionId}": { answers: { 200: shelf.promotion } },
  "PUT /v1/ops/catalogue/promotions/{promotionId}": {
    body: shelf.promotionTerms,
    answers: { 200: shelf.promotion },
    refuses: ["promotion_code_taken"],
  },
  "POST /v1/ops/catalogue/promotions/{promotionId}/end": {
    answers: { 200: { ...shelf.promotion, version: 2, endsAt: "2026-11-27T09:05" } },
  },
  "GET /v1/ops/catalogue/shipping-rates/{zone}/{currency}": { answers: { 200: shelf.rates } },
  "PUT /v1/ops/catalogue/shipping-rates/{zone}/{currency}": {
    body: shelf.rates,
    answers: { 200: shelf.rates },
  },
  "GET /v1/ops/catalogue/notices": { answers: { 200: shelf.notices } },
  "PUT /v1/ops/catalogue/notices": { body: shelf.notices, answers: { 200: shelf.notices } },
  "GET /v1/ops/catalogue/ships-from": { answers: { 200: shelf.shipsFrom } },
  "PUT /v1/ops/catalogue/ships-from": { body: shelf.shipsFrom, answers: { 200: shelf.shipsFrom } },
  "GET /v1/ops/catalogue/shipping-zones": { answers: { 200: { zones: [shelf.zone] } } },
  "PUT /v1/ops/catalogue/shipping-zones/{country}": {
    body: { zone: "alps" },
    answers: { 200: shelf.zone },
  },
};
