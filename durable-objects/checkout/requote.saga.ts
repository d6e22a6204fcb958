import type { QuoteRequest } from "../../pricing/quote.ts";
import type { Address, Customer, PatchCheckout, Quote } from "../../schema/checkout.ts";
import type { Refusal } from "../../schema/outcome.ts";
import type { RefusalCode } from "../../schema/refusals.ts";
import { retry } from "../saga/retry.ts";
import { Saga } from "../saga/saga.ts";
import { spreadOf } from "./cells.ts";
import type { CheckoutDeps, HoldChange, Sale } from "./checkout.deps.ts";
import { type Checkout, type Hold, withStatus } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { HOLD_MS, merged, OPEN_MS } from "./opening.ts";
import { checkoutView } from "./present.ts";
import type { Buyer } from "./promotions.ts";
import { getStuck } from "./stuck.ts";

export type RequoteInput = {
  readonly sale: Sale;
  readonly request: QuoteRequest;
  readonly customer: Customer;
  readonly customerReference: string;
  readonly shippingAddress: Address | undefined;
  readonly expiresAtMs: number;
  readonly hold: Hold;
  readonly grow: HoldChange;
  readonly shrink: HoldChange;
  /** The checkout had expired: all its pieces are taken anew, or it stays so. */
  readonly reopens?: boolean | undefined;
};

type NoEvents = Record<never, never>;

/**
 * Changes an open checkout. More pieces are taken before the change and fewer given back after it,
 * so that a change which is refused can always be undone. Nobody can pay meanwhile.
 */
export const requoteSaga = Saga.named<RequoteInput, CheckoutDeps, NoEvents, CheckoutTx>("requote", {
  turnedBack: ({ tx, input, because }) => {
    const { generation } = input.shrink;
    const hold = { ...tx.checkout.hold, generation };
    tx.save({ ...withStatus(tx.checkout, input.reopens ? "expired" : "open"), hold });
    tx.answer("patch", because as Refusal<RefusalCode>);
  },
  stuck: getStuck,
})
  .step("quote", {
    do: ({ deps, input }) => deps.quote(buyerOf(input), input.request, input.expiresAtMs),
    undo: "nothing", // it only reads; it is journaled so that no payment begins meanwhile
  })
  .step("extendHold", {
    do: ({ deps, input }) => deps.inventory.extend(input.sale, input.hold),
    undo: "nothing", // the checkout owns it and lets go of it in time
  })
  .step("grow", {
    unless: ({ input }) => input.grow.lines.length === 0,
    do: ({ deps, input }) => deps.inventory.resize(input.sale, input.grow),
    undo: ({ deps, input }) => deps.inventory.resize(input.sale, reverted(input.grow)),
    undoesRefusal: true,
  })
  .step("takePromotions", {
    unless: ({ input, done }) => isEmpty(added(input, done.quote)),
    do: ({ deps, input, done }) =>
      deps.promotions.take(buyerOf(input), added(input, done.quote), input.grow.generation),
    undo: ({ deps, input, done }) =>
      deps.promotions.giveBack(input.sale, added(input, done.quote), input.grow.generation),
    undoesRefusal: true,
  })
  .pivot("requote", {
    commit: ({ tx, input, done }) => {
      const { request, customer, shippingAddress, expiresAtMs, hold, shrink } = input;
      const { generation } = shrink;
      tx.save({
        ...tx.checkout,
        request,
        customer,
        shippingAddress,
        expiresAtMs,
        quote: done.quote,
        hold: { ...hold, generation, lines: request.lines, promotions: done.quote.counted },
      });
    },
  })
  .step("shrink", {
    unless: ({ input }) => input.shrink.lines.length === 0,
    do: ({ deps, input }) => given(deps.inventory.resize(input.sale, input.shrink)),
    retry: retry.persistently,
  })
  .step("givePromotionsBack", {
    unless: ({ input, done }) => isEmpty(dropped(input, done.quote)),
    do: ({ deps, input, done }) =>
      deps.promotions.giveBack(input.sale, dropped(input, done.quote), input.shrink.generation),
    retry: retry.persistently,
  })
  .step("reopen", {
    commit: ({ tx, input }) => {
      tx.save(withStatus(input.reopens ? reopened(tx.checkout) : tx.checkout, "open"));
      tx.answer("patch", { status: 200, body: checkoutView(tx.checkout) });
    },
  });

/** The run that makes a patch come true. */
export function requoting(checkout: Checkout, patch: PatchCheckout, nowMs: number) {
  const { shopId, checkoutId, hold, request, customerReference } = checkout;
  const lines = patch.lines ? merged(patch.lines) : request.lines;
  const shippingAddress = patch.shippingAddress ?? checkout.shippingAddress;
  const expiresAtMs = nowMs + OPEN_MS;
  const stock = { shopId, region: checkout.region, lines, shopper: checkout.customerReference };
  const spread = spreadOf(stock, hold.spread);
  const kept = { ...hold, spread, expiresAtMs: Math.max(hold.expiresAtMs, nowMs + HOLD_MS) };
  const changes = changesOf(hold.lines, lines);
  const { generation } = hold;
  const input: RequoteInput = {
    sale: { shopId, checkoutId },
    request: {
      ...request,
      lines,
      state: shippingAddress?.state,
      postalCode: shippingAddress?.postalCode,
      shippingOption: patch.shippingOption ?? request.shippingOption,
      promotionCodes: patch.promotionCodes ?? request.promotionCodes,
      vatNumber: patch.vatNumber ?? request.vatNumber,
      // Decided with the first quote, whatever has changed since.
      flags: checkout.quote.flags ?? {},
    },
    customer: patch.customer ?? checkout.customer,
    customerReference,
    shippingAddress,
    expiresAtMs,
    hold: kept,
    grow: { ...kept, generation: generation + 1, lines: changes.filter(isMore) },
    shrink: { ...kept, generation: generation + 2, lines: changes.filter((c) => !isMore(c)) },
  };
  return { runId: `${checkoutId}/requote/${generation}`, input };
}

/** The run that opens an expired checkout again: quoted anew, with all its pieces taken anew. */
export function reopening(checkout: Checkout, nowMs: number) {
  const nothing: Hold = { ...checkout.hold, lines: [], promotions: [] };
  const { runId, input } = requoting({ ...checkout, hold: nothing }, {}, nowMs);
  return { runId, input: { ...input, reopens: true } };
}

function reopened({ endedAtMs: _over, ...checkout }: Checkout): Checkout {
  return { ...checkout, reopened: (checkout.reopened ?? 0) + 1 };
}

function buyerOf({ sale, customerReference }: RequoteInput): Buyer {
  return { ...sale, customerReference };
}

/** Counted promotions of the new quote that the checkout has no use of yet. */
function added({ hold }: RequoteInput, quote: Quote | undefined) {
  return without(quote?.counted, hold.promotions);
}

/** Those that it has and no longer needs. */
function dropped({ hold }: RequoteInput, quote: Quote) {
  return without(hold.promotions, quote.counted);
}

function without(these: Hold["promotions"] = [], those: Hold["promotions"] = []) {
  const ids = new Set(those.map(({ promotionId }) => promotionId));
  return these.filter(({ promotionId }) => !ids.has(promotionId));
}

function isEmpty(list: readonly unknown[]): boolean {
  return list.length === 0;
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

function reverted({ lines, generation, ...change }: HoldChange): HoldChange {
  const back = lines.map((line) => ({ ...line, quantity: line.quantityBefore }));
  return { ...change, generation: generation + 1, lines: back };
}

/** Giving pieces back is never refused, but by a later change: then it is done already. */
async function given(answer: Promise<unknown>): Promise<void> {
  await answer;
}
