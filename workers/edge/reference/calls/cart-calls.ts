import type { RefusalCode } from "../../../../schema/refusals.ts";
import * as cart from "../examples/cart-examples.ts";
import * as example from "../examples/sale-examples.ts";
import type { CallNotes } from "./call-notes.ts";

const over = ["cart_consumed", "cart_moved", "cart_merged"] as const satisfies RefusalCode[];
const editing = [
  ...(["cart_changed", "cart_claimed"] as const),
  ...over,
] as const satisfies RefusalCode[];

export const cartCalls: Readonly<Record<string, CallNotes>> = {
  "POST /v1/carts": {
    body: example.createCart,
    answers: { 201: example.emptyCart },
    refuses: ["country_not_served"],
  },
  "GET /v1/carts": {
    answers: { 200: { carts: [example.cart] } },
    refuses: ["customer_unknown"],
  },
  "GET /v1/carts/{cartId}": {
    answers: { 200: example.cart },
    refuses: ["cart_moved", "cart_merged"],
  },
  "PATCH /v1/carts/{cartId}": {
    body: cart.changeCart,
    answers: { 200: cart.movedCart },
    refuses: [...over, "cart_claimed", "country_not_served", "currency_not_sold"],
  },
  "PUT /v1/carts/{cartId}/customer": {
    body: cart.logIn,
    answers: { 200: cart.mergedCart },
    refuses: [...over, "cart_claimed", "customer_unknown"],
  },
  "POST /v1/customer-tokens": {
    body: { customerId: "c-1815" },
    answers: { 201: cart.customerToken },
  },
  "PUT /v1/carts/{cartId}/lines/{sku}": {
    body: example.setLine,
    answers: { 200: example.cart },
    refuses: [...editing, "unknown_sku", "currency_not_sold", "cart_full"],
  },
  "DELETE /v1/carts/{cartId}/lines/{sku}": {
    answers: { 200: example.emptyCart },
    refuses: editing,
  },
  "PUT /v1/carts/{cartId}/codes": {
    body: example.setCodes,
    answers: { 200: example.cart },
    refuses: editing,
  },
};
