import type { Run } from "../../../durable-objects/saga/run.ts";
import type { Shop } from "./shop.ts";

type End = {
  readonly events: readonly string[];
  readonly isHeld?: true;
  readonly isAllocated?: true;
  /** Sold, and handed over. */
  readonly isGone?: true;
  /** It cost nothing: no provider has heard of it. */
  readonly isFree?: true;
  /** Of what was sold, so many pieces are on the shelf again. */
  readonly piecesBack?: number;
};
type Ends = { readonly [status: string]: End | undefined };

const placed = "tender.order.placed.v1";
const captured = "tender.order.captured.v1";
const requested = "tender.order.fulfillment_requested.v1";
const failed = "tender.order.capture_failed.v1";
const pending = "tender.order.capture_pending.v1";
const refunded = "tender.order.refunded.v1";
const failedRefund = "tender.order.refund_failed.v1";
const shipped = "tender.order.fulfillment_updated.v1";
const cancelled = "tender.order.cancelled.v1";

/** The ends that a sale may come to, each with its events and where its stock is then. */
export const ends = {
  nothing: { nothing: { events: [] } },
  open: { open: { events: [], isHeld: true } },
  ended: { cancelled: { events: [] }, expired: { events: [] } },
  sold: { captured: { events: [placed, captured, requested], isAllocated: true } },
  givenAway: { captured: { events: [placed, requested], isAllocated: true, isFree: true } },
  notGivenAway: { cancelled: { events: [placed, requested, cancelled] } },
  soldSlowly: {
    captured: { events: [placed, pending, captured, requested], isAllocated: true },
  },
  takenBackSlowly: { cancelled: { events: [placed, pending, failed, cancelled] } },
  unpaid: { placed: { events: [placed], isAllocated: true } },
  takenByHand: { captured: { events: [placed, captured, requested], isAllocated: true } },
  soldInPartsSlowly: {
    placed: { events: [placed, pending, captured, requested], isAllocated: true },
  },
  shipped: {
    captured: { events: [placed, captured, requested, shipped], isAllocated: true, isGone: true },
  },
  refundFailed: {
    captured: { events: [placed, captured, requested, failedRefund], isAllocated: true },
  },
  soldInParts: { placed: { events: [placed, captured, requested], isAllocated: true } },
  refunded: { captured: { events: [placed, captured, requested, refunded], isAllocated: true } },
  refundedUnsent: {
    captured: {
      events: [placed, captured, requested, refunded],
      ...{ isAllocated: true, piecesBack: 1 },
    },
  },
  refundedSent: {
    captured: {
      events: [placed, captured, requested, shipped, refunded],
      ...{ isAllocated: true, isGone: true, piecesBack: 1 },
    },
  },
  refundOfSentFailed: {
    captured: {
      events: [placed, captured, requested, shipped, failedRefund],
      ...{ isAllocated: true, isGone: true },
    },
  },
  cancelledInPart: {
    placed: { events: [placed, shipped], isAllocated: true, piecesBack: 1 },
  },
  takenBack: { cancelled: { events: [placed, failed, cancelled] } },
  cancelled: { cancelled: { events: [placed, captured, requested, cancelled] } },
} satisfies Record<string, Ends>;

/** What is wrong with a sale at rest: its end, its events, its stock, its money, its answers. */
export function judge(shop: Shop, allowed: readonly Ends[], run: Run["ended"]): readonly string[] {
  const { status } = shop;
  const events = shop.events();
  const known = allowed.flatMap((each) => each[status] ?? []);
  const end = known.find((each) => each.events.join() === events.join()) ?? known[0];
  if (!end) return [`the run ends ${run ?? "nowhere"} and the checkout is ${status}`];
  const findings: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown) => {
    if (String(found) !== String(wanted))
      findings.push(`${status}: ${what} ${found}, not ${wanted}`);
  };
  const pieces = status === "nothing" ? 0 : pieceCount(shop) - (end.piecesBack ?? 0);
  expect("events", events, end.events);
  expect("pieces held", shop.stockOf("held"), end.isHeld ? pieces : 0);
  const isInHouse = end.isAllocated && !end.isGone;
  expect("pieces allocated", shop.stockOf("allocated"), isInHouse ? pieces : 0);
  expect("pieces gone", shop.stockOf("gone"), end.isGone ? pieces : 0);
  expect("promotions taken", shop.promotionsTaken(), promotionsOf(shop, end));
  const isPaid = end.isAllocated && !end.isFree;
  expect("live payments", shop.stripe.live + shop.adyen.live, isPaid ? 1 : 0);
  expect("net captures", shop.stripe.netMinor + shop.adyen.netMinor, orderMinor(shop));
  const hasExpired = status === "expired" || (status !== "nothing" && shop.checkout.reopened);
  expect("expiries told", shop.expiredTold.size, hasExpired ? 1 : 0);
  expect("unanswered calls", shop.unanswered(), "");
  return findings;
}

/** Uses are taken with the hold and given back with it; an order keeps them until it is cancelled. */
function promotionsOf(shop: Shop, { isHeld, events }: End): readonly string[] {
  if ((!isHeld && events.length === 0) || events.includes(cancelled)) return [];
  const promotions = shop.checkout.hold.promotions ?? [];
  return promotions.map(({ promotionId }) => String(promotionId)).toSorted();
}

function pieceCount({ checkout }: Shop): number {
  return checkout.hold.lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function orderMinor(shop: Shop): number {
  const order = shop.status === "nothing" ? undefined : shop.checkout.order;
  return order ? order.captured.amountMinor - order.refunded.amountMinor : 0;
}
