import { randomBytes } from "node:crypto";
import type { Line, Quote } from "../../schema/checkout.ts";
import { regionOf } from "../../schema/ids.ts";
import { customerReferenceOf } from "../pseudonym.ts";
import { doneValues, type Run } from "../saga/run.ts";
import type { CreateCall } from "./calls.ts";
import type { Goods } from "./carts.ts";
import { spreadOf } from "./cells.ts";
import type { Checkout } from "./checkout.ts";
import type { OpenInput } from "./open.saga.ts";
import { storable } from "./payments.ts";

const MINUTE_MS = 60_000;
export const OPEN_MS = 15 * MINUTE_MS; // from the quote: long enough to find a card
/** Holds outlive the checkout by the longest payment's window, so that paying rarely extends them. */
export const HOLD_MS = OPEN_MS + 25 * MINUTE_MS;

export type Opening = CreateCall & { readonly goods: Goods };

/** What the open run works from. `idKey` keys the pseudonym that stands for the customer. */
export function openingOf(call: Opening, idKey: string, nowMs: number): OpenInput {
  const { checkoutId, caller, body, goods } = call;
  const { currency, country, customer, shippingAddress, shippingOption, vatNumber } = body;
  const { cart, promotionCodes } = goods;
  const lines = merged(goods.lines);
  const region = regionOf(checkoutId);
  const state = shippingAddress?.state;
  const { shopId } = caller;
  const shopper = customerReferenceOf(idKey, shopId, customer.customerId ?? customer.email);
  const spread = spreadOf({ shopId, region, lines, shopper });
  const isPaying = body.payment !== undefined;
  const held = { key: checkoutId, generation: 1, lines, expiresAtMs: nowMs + HOLD_MS };
  return {
    sale: { shopId, checkoutId },
    cart,
    request: {
      ...{ region, currency, country, state, postalCode: shippingAddress?.postalCode, lines },
      ...{ shippingOption, promotionCodes, vatNumber },
    },
    hold: { ...held, spread, shopper, isPaying },
    customer,
    customerReference: shopper,
    clientSecret: `cs_${randomBytes(24).toString("base64url")}`,
    shippingAddress,
    expiresAtMs: nowMs + OPEN_MS,
    payment: body.payment && storable(body.payment),
    expectedTotal: body.expectedTotal,
    origin: call.origin,
  };
}

/** The sale as it is first written: quoted, its stock on the way. */
export function openedCheckout(input: OpenInput, run: Run, nowMs: number): Checkout {
  const quote = doneValues(run).quote as Quote;
  const { sale, cart, hold, customer, customerReference, clientSecret, shippingAddress } = input;
  return {
    ...sale,
    cart,
    region: input.request.region,
    status: "processing",
    clientSecret,
    customer,
    customerReference,
    shippingAddress,
    request: input.request,
    quote,
    hold,
    expiresAtMs: input.expiresAtMs,
    createdAtMs: nowMs,
    payments: [],
  };
}

/** A SKU named twice is one line: one object is asked once. */
export function merged(lines: readonly Line[]): readonly Line[] {
  const quantities = new Map<Line["sku"], number>();
  for (const { sku, quantity } of lines) {
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  }
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}
