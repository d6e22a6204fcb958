import { sameMoney } from "../../../schema/money.ts";
import { assert, isRefusal, type Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refusals, refuse } from "../../../schema/refusals.ts";
import { Saga } from "../../saga/saga.ts";
import { nextPayment, payRunId, routed } from "../paying/pay.input.ts";
import type { Hold } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { ended, withStatus } from "../sale/checkout-changes.ts";
import type { Buyer, CheckoutDeps, Elsewhere } from "../sale/ports.ts";
import { getStuck } from "../sale/stuck.ts";
import { createReply } from "../view/replies.ts";
import type { OpenInput } from "./open.input.ts";

type NoEvents = Record<never, never>;

/**
 * From a shopper's lines to a checkout with a price and held stock.
 *
 * Input: of the create call, by `openingOf`; its secret and hold are fixed there, so that a repeated
 * step says the same.
 * Steps: the quote and the route only read, so a refusal of theirs leaves no trace. Then the cart is
 * claimed, uses of promotions are taken, and all lines are held or none; what home has not may be
 * borrowed. A cart that another checkout is buying is answered by that one; this one then ends.
 * Commits: the checkout as `open` with the create's answer, or, where the create pays, the payment
 * and the beginning of its pay run.
 * Undo: releases the hold and returns uses by the hold's key, also when their own call is unknown or
 * refused in part; a claim needs none, for the cart asks its claimant whether it lives (decision 7).
 */
export const openSaga = Saga.named<OpenInput, CheckoutDeps, NoEvents, CheckoutTx>("open", {
  turnedBack: ({ tx, because, nowMs }) => {
    tx.save(ended(tx.checkout, "cancelled", nowMs));
    tx.answer("create", refusalForShopper(because));
  },
  stuck: getStuck,
})
  .step("quote", { reads: true, do: quoteAsSeen })
  .step("route", { reads: true, unless: ({ input }) => !input.payment, do: routePayment })
  .step("claim", {
    unless: ({ input }) => !input.cart,
    do: ({ deps, input }) => deps.carts.claim(input.sale, input.cart),
    undo: "nothing", // whoever finds the claim asks this checkout, which has ended by then
    commit: ({ tx, value, nowMs }) => {
      if (!("continues" in value)) return;
      tx.save(ended(tx.checkout, "cancelled", nowMs));
      tx.answer("create", value.continues);
    },
  })
  .step("takePromotions", {
    unless: ({ done }) => !done.quote.counted || wasClaimed(done.claim),
    do: ({ deps, input, done }) => {
      const counted = done.quote.counted ?? [];
      return deps.promotions.take(buyerOf(input), counted, input.hold.generation);
    },
    undo: ({ deps, input, done }) =>
      deps.promotions.returnUses(input.sale, done.quote?.counted ?? [], input.hold.generation),
    undoesRefusal: true,
    commit: ({ tx, done }) => {
      const { counted: promotions } = done.quote;
      tx.save({ ...tx.checkout, hold: { ...tx.checkout.hold, promotions } });
    },
  })
  .step("hold", {
    unless: ({ done }) => wasClaimed(done.claim),
    do: ({ deps, input }) => deps.inventory.hold(input.sale, input.hold),
    undo: ({ deps, input }) => deps.inventory.release(input.sale, input.hold),
    undoesRefusal: true,
    lapses: true, // a hold ends at its own time, and is named by the checkout's id
    commit: ({ tx, input, done, value, nowMs, begin }) => {
      if (isBorrowing(value)) return;
      tx.save(withStatus(tx.checkout, "open"));
      if (!input.payment || !done.route) return tx.answer("create", createReply(tx.checkout));
      const way = { routed: done.route, origin: input.origin, nowMs };
      const payment = nextPayment(tx.checkout, input.payment, way);
      tx.save(payment.paying);
      begin(payment.saga, payment.runId, payment.input);
    },
  })
  .step("borrow", {
    unless: ({ done }) => !isBorrowing(done.hold),
    do: ({ deps, input, done }) => deps.inventory.borrow(input.sale, borrowed(input, done.hold)),
    undo: ({ deps, input, done }) => deps.inventory.release(input.sale, borrowed(input, done.hold)),
    undoesRefusal: true,
    commit: ({ tx, input, done }) => {
      // A payment that came along waits: its shopper has not seen that it takes longer.
      const { from } = borrowed(input, done.hold);
      const hold = { ...tx.checkout.hold, from, isPaying: false };
      tx.save({ ...withStatus(tx.checkout, "open"), hold });
      tx.answer("create", createReply(tx.checkout));
    },
  });

function buyerOf({ sale, customerReference, hold: { shopper, account } }: OpenInput): Buyer {
  return { ...sale, customerReference, shopper, account };
}

/** A create with a payment is judged before anything is held: the shopper saw another total. */
async function quoteAsSeen({ deps, input }: { deps: CheckoutDeps; input: OpenInput }) {
  const { request, expiresAtMs, expectedTotal } = input;
  const quote = await deps.quote(buyerOf(input), request, expiresAtMs);
  if (isRefusal(quote) || !expectedTotal || sameMoney(quote.total, expectedTotal)) return quote;
  return refuse("quote_changed", { total: quote.total });
}

/** A payment that nobody could take is refused before anything is held. */
async function routePayment({ deps, input }: { deps: CheckoutDeps; input: OpenInput }) {
  const { sale, request, payment, expectedTotal } = input;
  assert(payment && expectedTotal, "a create that pays says what the shopper saw");
  const book = await deps.routing.book(sale.shopId);
  const { region, country } = request;
  const runId = payRunId(sale.checkoutId, 1);
  const wanted = { runId, shopId: sale.shopId, region, country, amount: expectedTotal };
  return routed(book, wanted, payment);
}

/** Another checkout has the cart, and its answer is this one's. */
function wasClaimed(claim: object | undefined): boolean {
  return claim !== undefined && "continues" in claim;
}

function isBorrowing(held: object | undefined): held is Elsewhere {
  return held !== undefined && "elsewhere" in held;
}

/** The lines that are sold out at home, to be held in the regions that may sell them instead. */
function borrowed({ hold }: OpenInput, held: object | undefined): Hold {
  const from = isBorrowing(held) ? held.elsewhere : {};
  const lines = hold.lines.filter(({ sku }) => sku in from);
  return { ...hold, lines, from };
}

/** What the shopper is told. The engine's own reasons mean that this checkout came to nothing. */
function refusalForShopper(because: Refusal): Refusal<RefusalCode> {
  const { refused, detail } = because;
  if (refused in refusals) return refuse(refused as RefusalCode, detail);
  return refuse("cancelled", { reason: refused });
}
