import { randomBytes } from "node:crypto";
import type { QuoteRequest } from "../../../pricing/quote-request.ts";
import { type Address, type Customer, filled } from "../../../schema/buyer.ts";
import type { Quote } from "../../../schema/checkout.ts";
import { CHECKOUT_OPEN_MS } from "../../../schema/durations.ts";
import { regionOf } from "../../../schema/ids.ts";
import type { Money } from "../../../schema/money.ts";
import { personOf } from "../../pseudonym.ts";
import { doneValues, type Run } from "../../saga/run.ts";
import type { PaymentInput } from "../paying/pay.input.ts";
import { storable } from "../paying/pay.input.ts";
import type { CreateCall } from "../sale/calls.ts";
import type { CartVersion, Checkout, Hold, Particulars } from "../sale/checkout.ts";
import { HOLD_MS } from "../sale/durations.ts";
import { merged } from "../sale/lines.ts";
import type { Goods, Sale } from "../sale/ports.ts";
import { spreadOf } from "../stock/cells.ts";
import { particularsOf } from "./particulars.ts";

export type OpenInput = {
  readonly sale: Sale;
  /** Absent when the create named its lines itself. */
  readonly cart?: CartVersion | undefined;
  readonly request: QuoteRequest;
  readonly hold: Hold;
  readonly customer: Customer;
  readonly customerReference: string;
  readonly clientSecret: string;
  readonly shippingAddress?: Address | undefined;
  readonly particulars?: Particulars | undefined;
  readonly expiresAtMs: number;
  /** A create that carries a payment pays in the same breath. */
  readonly payment?: PaymentInput | undefined;
  readonly expectedTotal?: Money | undefined;
  /** Of this API as the storefront called it: shoppers come back to it from their bank. */
  readonly origin: string;
};

export type Opening = CreateCall & { readonly goods: Goods };

/** What the open run works from. `idKey` keys the pseudonym that stands for the customer. */
export function openingOf(call: Opening, idKey: string, nowMs: number): OpenInput {
  const { checkoutId, caller, body, goods } = call;
  const { currency, country } = body;
  const customer = filled(body.customer);
  const shippingAddress = body.shippingAddress && filled(body.shippingAddress);
  const shippingOption = body.shippingOption || undefined;
  const vatNumber = body.vatNumber || undefined;
  const { cart, promotionCodes } = goods;
  const lines = merged(goods.lines);
  const region = regionOf(checkoutId);
  const { state, postalCode, city } = shippingAddress ?? {};
  const { shopId } = caller;
  const { customerReference, ...limited } = personOf(idKey, shopId, customer);
  const { shopper = customerReference } = limited;
  const spread = spreadOf({ shopId, region, lines, shopper });
  const isPaying = body.payment !== undefined;
  const held = { key: checkoutId, generation: 1, lines, expiresAtMs: nowMs + HOLD_MS };
  return {
    sale: { shopId, checkoutId },
    cart,
    request: {
      ...{ region, currency, country, state, postalCode, city, lines },
      ...{ shippingOption, promotionCodes, vatNumber },
    },
    hold: { ...held, ...limited, spread, isPaying },
    customer,
    customerReference,
    clientSecret: `cs_${randomBytes(24).toString("base64url")}`,
    shippingAddress,
    particulars: particularsOf(body, goods.lines),
    expiresAtMs: nowMs + CHECKOUT_OPEN_MS,
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
    particulars: input.particulars,
    request: input.request,
    quote,
    hold,
    expiresAtMs: input.expiresAtMs,
    createdAtMs: nowMs,
    payments: [],
  };
}
