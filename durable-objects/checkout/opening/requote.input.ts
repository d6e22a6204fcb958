import type { QuoteRequest } from "../../../pricing/quote-request.ts";
import { type Address, type Customer, filled } from "../../../schema/buyer.ts";
import type { PatchCheckout } from "../../../schema/checkout.ts";
import { CHECKOUT_OPEN_MS } from "../../../schema/durations.ts";
import { type Person, personOf } from "../../pseudonym.ts";
import type { CartVersion, Checkout, Hold, Particulars } from "../sale/checkout.ts";
import { HOLD_MS } from "../sale/durations.ts";
import { merged } from "../sale/lines.ts";
import type { HoldChange, Sale } from "../sale/ports.ts";
import { spreadOf } from "../stock/cells.ts";
import { changedParticulars } from "./particulars.ts";

export type RequoteInput = {
  readonly sale: Sale;
  readonly request: QuoteRequest;
  readonly customer: Customer;
  readonly customerReference: string;
  readonly shippingAddress: Address | undefined;
  readonly particulars?: Particulars | undefined;
  readonly expiresAtMs: number;
  readonly hold: Hold;
  /** Somebody else buys from now on: a guest who logged in, say. What is counted is counted for them. */
  readonly handsOver?: boolean | undefined;
  readonly grow: HoldChange;
  readonly shrink: HoldChange;
  /** The checkout had expired: all its pieces are taken anew, or it stays so. */
  readonly reopens?: boolean | undefined;
  /** The cart that it was made from and has to get back; absent where nothing is to be claimed. */
  readonly cart?: CartVersion | undefined;
};

type Wish = { readonly body: PatchCheckout; readonly idKey: string; readonly nowMs: number };

/** The run that makes a patch come true. `idKey` keys the pseudonym of who buys from now on. */
export function requoting(checkout: Checkout, { body: patch, idKey, nowMs }: Wish) {
  const { shopId } = checkout;
  const customer = patch.customer ? filled(patch.customer) : checkout.customer;
  const person = patch.customer ? personOf(idKey, shopId, customer) : personSoFar(checkout);
  return { saga: "requote", ...requotingFor(person, { ...checkout, customer }, { patch, nowMs }) };
}

function personSoFar({ customerReference, hold: { shopper, account } }: Checkout): Person {
  return { customerReference, shopper, account };
}

function requotingFor(
  { customerReference, ...limited }: Person,
  checkout: Checkout,
  { patch, nowMs }: { readonly patch: PatchCheckout; readonly nowMs: number },
) {
  const { shopId, checkoutId, hold, request } = checkout;
  const lines = patch.lines ? merged(patch.lines) : request.lines;
  const { country = request.country, currency = request.currency } = patch;
  const isAbroad = country !== request.country;
  const addressSoFar = isAbroad ? undefined : checkout.shippingAddress;
  const shippingAddress = patch.shippingAddress ? filled(patch.shippingAddress) : addressSoFar;
  // Another country, or its money, may know nothing of the option chosen before.
  const isElsewhere = isAbroad || currency !== request.currency;
  const optionSoFar = isElsewhere ? undefined : request.shippingOption;
  const expiresAtMs = nowMs + CHECKOUT_OPEN_MS;
  const stock = {
    shopId,
    region: checkout.region,
    lines,
    shopper: limited.shopper ?? customerReference,
  };
  const spread = spreadOf(stock, hold.spread);
  const kept = {
    ...hold,
    ...limited,
    spread,
    expiresAtMs: Math.max(hold.expiresAtMs, nowMs + HOLD_MS),
  };
  const changes = changesOf(hold.lines, lines);
  const { generation } = hold;
  const input: RequoteInput = {
    sale: { shopId, checkoutId },
    request: {
      ...request,
      ...{ country, currency, lines },
      state: shippingAddress?.state,
      postalCode: shippingAddress?.postalCode,
      city: shippingAddress?.city,
      shippingOption: (patch.shippingOption ?? optionSoFar) || undefined,
      promotionCodes: patch.promotionCodes ?? request.promotionCodes,
      vatNumber: (patch.vatNumber ?? request.vatNumber) || undefined,
      // Decided with the first quote, whatever has changed since.
      flags: checkout.quote.flags ?? {},
    },
    customer: checkout.customer,
    customerReference,
    shippingAddress,
    particulars: changedParticulars(checkout.particulars, patch),
    expiresAtMs,
    hold: kept,
    handsOver: limited.shopper !== hold.shopper || limited.account !== hold.account,
    grow: { ...kept, generation: generation + 1, lines: changes.filter(isMore) },
    shrink: { ...kept, generation: generation + 2, lines: changes.filter((c) => !isMore(c)) },
  };
  return { runId: requoteRunId(checkout), input };
}

/** Of the change that is under way, or of the next one. */
export function requoteRunId({ checkoutId, hold }: Checkout): string {
  return `${checkoutId}/requote/${hold.generation}`;
}

/**
 * The run that opens an expired checkout again: quoted anew, with all its pieces taken anew, and its
 * cart if no other checkout has it and nobody changed it meanwhile.
 */
export function reopening(checkout: Checkout, nowMs: number) {
  const nothing: Hold = { ...checkout.hold, lines: [], promotions: [] };
  const { runId, input } = requotingFor(
    personSoFar(checkout),
    { ...checkout, hold: nothing },
    { patch: {}, nowMs },
  );
  return { runId, input: { ...input, reopens: true, cart: checkout.cart } };
}

type Change = HoldChange["lines"][number];

function changesOf(before: Hold["lines"], after: Hold["lines"]): readonly Change[] {
  const skus = new Set([...before, ...after].map(({ sku }) => sku));
  const quantity = (lines: Hold["lines"], sku: string) =>
    lines.find((line) => line.sku === sku)?.quantity ?? 0;
  return [...skus]
    .map((sku) => {
      return { sku, quantity: quantity(after, sku), quantityBefore: quantity(before, sku) };
    })
    .filter((change) => change.quantity !== change.quantityBefore);
}

function isMore({ quantity, quantityBefore }: Change): boolean {
  return quantity > quantityBefore;
}
