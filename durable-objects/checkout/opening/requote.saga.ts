import type { Quote } from "../../../schema/checkout.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import { retry } from "../../saga/retry.ts";
import { Saga } from "../../saga/saga.ts";
import type { Checkout, Hold } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withStatus } from "../sale/checkout-changes.ts";
import type { Buyer, CheckoutDeps, HoldChange } from "../sale/ports.ts";
import { getStuck } from "../sale/stuck.ts";
import { checkoutView } from "../view/checkout-view.ts";
import type { RequoteInput } from "./requote.input.ts";

type NoEvents = Record<never, never>;

/**
 * Changes an open checkout, or opens an expired one again. Nobody can pay meanwhile.
 *
 * Input: of the PATCH, by `requoting`; of an operator's wish, by `reopening`. Both fix the
 * generations of the hold that its changes are fenced by (decision 4).
 * Steps: more pieces and uses are taken before the change, fewer given back after it, so that a
 * change which is refused can always be undone.
 * Commits: the new request, quote, customer and hold at the pivot; `open` and the answer at the end,
 * or as they were, with a newer generation, when it turns back.
 * Undo: resizes the hold to what it was under a later generation: a `grow` that arrives after it
 * does nothing.
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
  .step("claim", {
    unless: ({ input }) => !input.cart,
    do: async ({ deps, input }) => {
      const claim = await deps.carts.claim(input.sale, input.cart);
      return "continues" in claim ? refuse("cart_claimed") : claim;
    },
    undo: "nothing", // whoever finds the claim asks this checkout, which is still expired then
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
      deps.promotions.returnUses(input.sale, added(input, done.quote), input.grow.generation),
    undoesRefusal: true,
  })
  .pivot("requote", {
    commit: ({ tx, input, done }) => {
      const { request, customer, customerReference, shippingAddress, particulars } = input;
      const { hold, shrink } = input;
      const { generation } = shrink;
      tx.save({
        ...tx.checkout,
        request,
        customer,
        customerReference,
        shippingAddress,
        particulars,
        expiresAtMs: input.expiresAtMs,
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
    unless: ({ input, done }) =>
      isEmpty(dropped(input, done.quote)) && isEmpty(handedOver(input, done.quote)),
    do: async ({ deps, input, done }) => {
      const { sale, shrink } = input;
      await deps.promotions.returnUses(sale, dropped(input, done.quote), shrink.generation);
      const kept = handedOver(input, done.quote);
      return deps.promotions.handOver(buyerOf(input), kept, shrink.generation);
    },
    retry: retry.persistently,
  })
  .step("reopen", {
    commit: ({ tx, input }) => {
      tx.save(withStatus(input.reopens ? reopened(tx.checkout) : tx.checkout, "open"));
      tx.answer("patch", { status: 200, body: checkoutView(tx.checkout) });
    },
  });

function reopened({ endedAtMs: _over, ...checkout }: Checkout): Checkout {
  return { ...checkout, reopened: (checkout.reopened ?? 0) + 1 };
}

function buyerOf({ sale, customerReference, hold: { shopper, account } }: RequoteInput): Buyer {
  return { ...sale, customerReference, shopper, account };
}

/** Counted promotions of the new quote that the checkout has no use of yet. */
function added({ hold }: RequoteInput, quote: Quote | undefined) {
  return without(quote?.counted, hold.promotions);
}

/** Those that it has and no longer needs. */
function dropped({ hold }: RequoteInput, quote: Quote) {
  return without(hold.promotions, quote.counted);
}

/** Those that it keeps, and that are another person's from now on. */
function handedOver({ hold, handsOver }: RequoteInput, quote: Quote) {
  if (!handsOver) return [];
  const ids = new Set(hold.promotions?.map(({ promotionId }) => promotionId));
  return (quote.counted ?? []).filter(({ promotionId }) => ids.has(promotionId));
}

function without(these: Hold["promotions"] = [], those: Hold["promotions"] = []) {
  const ids = new Set(those.map(({ promotionId }) => promotionId));
  return these.filter(({ promotionId }) => !ids.has(promotionId));
}

function isEmpty(list: readonly unknown[]): boolean {
  return list.length === 0;
}

function reverted({ lines, generation, ...change }: HoldChange): HoldChange {
  const back = lines.map((line) => ({ ...line, quantity: line.quantityBefore }));
  return { ...change, generation: generation + 1, lines: back };
}

/** Giving pieces back is never refused, but by a later change: then it is done already. */
async function given(answer: Promise<unknown>): Promise<void> {
  await answer;
}
