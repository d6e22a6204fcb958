import { CHECKOUT_OPEN_MS, LATE_CALLS_MS } from "../../schema/durations.ts";
import type { CheckoutId, ShopId } from "../../schema/ids.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { PromotionStore, UseRow } from "./promotion.store.ts";

/** A use is looked into so long after it was taken: by then most checkouts were bought or have ended. */
export const ASK_AFTER_MS = 2 * CHECKOUT_OPEN_MS;

/** Limits as the quote had them; what is absent is not limited. */
type Limits = {
  readonly usesMax?: number | undefined;
  readonly usesPerCustomerMax?: number | undefined;
};

/** Asks for one use. The same checkout has one, however often it asks. */
export type UseRequest = Limits & {
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  /** A hash that is the same for a customer's every checkout. */
  readonly customer: string;
  /** A second one where they have an account. Who shares either with a use is who has it. */
  readonly account?: string | undefined;
};
export type TakeRequest = UseRequest & { readonly generation: number };
export type ReturnRequest = Pick<TakeRequest, "shopId" | "checkoutId" | "generation">;

export type Exhausted = Refusal<"promotion_exhausted">;
type Accepted = { readonly ok: true };
const ACCEPTED: Accepted = { ok: true };

/**
 * Counts one use for this checkout while the limits allow; repeated, it counts no second one. Refuses when
 * all are used up, and a call of a generation that was given back or overtaken meanwhile.
 */
export function take(
  store: PromotionStore,
  request: TakeRequest,
  nowMs: number,
): Accepted | Exhausted {
  const { shopId, checkoutId, generation } = request;
  const row = store.use(checkoutId);
  if (row && row.generation > generation) return refuse("promotion_exhausted");
  if (row && row.state !== "given_back") {
    if (row.generation < generation) store.save({ ...row, generation });
    return ACCEPTED;
  }
  if (row?.generation === generation || isUsedUp(store, request)) {
    return refuse("promotion_exhausted");
  }
  store.save({
    checkout_id: checkoutId,
    shop_id: shopId,
    ...countedFor(request),
    state: "taken",
    generation,
    due_at_ms: nowMs + ASK_AFTER_MS,
  });
  store.move(1);
  return ACCEPTED;
}

function countedFor(request: UseRequest): Pick<UseRow, "customer" | "account"> {
  const { customer, account, usesPerCustomerMax } = request;
  if (usesPerCustomerMax === undefined) return { customer: null, account: null };
  return { customer, account: account ?? null };
}

/** The use of this checkout is counted for somebody else from now on. Repeated or late, it changes nothing. */
export function handOver(store: PromotionStore, request: TakeRequest): Accepted {
  const { checkoutId, generation } = request;
  const row = store.use(checkoutId);
  if (row && row.state !== "given_back" && row.generation <= generation) {
    store.save({ ...row, ...countedFor(request), generation });
  }
  return ACCEPTED;
}

/**
 * Undo of `take`, and the end of a sale that is not placed: the use is free again. A `take` of this
 * generation or an earlier one that arrives later is refused. What an order used up stays used: see `returnOrderedUse`.
 */
export function returnUse(store: PromotionStore, request: ReturnRequest, nowMs: number): Accepted {
  if (store.use(request.checkoutId)?.state === "used") return ACCEPTED;
  return giveBack(store, request, nowMs);
}

/**
 * A placed order was cancelled before it left: its use is free again, once, whether or not the counter
 * knows by now that it was placed. What a checkout had given back before it was placed stays as it is.
 */
export function returnOrderedUse(
  store: PromotionStore,
  request: ReturnRequest,
  nowMs: number,
): Accepted {
  return giveBack(store, request, nowMs);
}

function giveBack(
  store: PromotionStore,
  { shopId, checkoutId, generation }: ReturnRequest,
  nowMs: number,
): Accepted {
  const row = store.use(checkoutId);
  if (row && row.generation > generation) return ACCEPTED;
  if (row && row.state !== "given_back") store.move(-1);
  store.save({
    checkout_id: checkoutId,
    shop_id: shopId,
    customer: null,
    account: null,
    state: "given_back",
    generation,
    due_at_ms: nowMs + LATE_CALLS_MS,
  });
  return ACCEPTED;
}

/** Whether this checkout could not have a use now. The one that it has is its own, unless somebody else is to buy. */
export function isUsedUp(store: PromotionStore, request: UseRequest): boolean {
  const { checkoutId, customer, account, usesMax, usesPerCustomerMax } = request;
  const row = store.use(checkoutId);
  const hasOne = row !== undefined && row.state !== "given_back";
  if (hasOne && row.customer === customer && row.account === (account ?? null)) return false;
  if (!hasOne && usesMax !== undefined && store.taken() >= usesMax) return true;
  return usesPerCustomerMax !== undefined && store.takenBy(request) >= usesPerCustomerMax;
}

/** How the checkout of a use stands; undefined when it could not be asked. */
export type Standing = "live" | "placed" | "ended" | undefined;

/**
 * Decides about a use that was looked into (decision 12): a placed order keeps it for good, an ended checkout
 * that could not say so gives it back, a living one is asked again later.
 */
export function resolveUse(
  store: PromotionStore,
  { checkout_id: checkoutId, generation, state }: UseRow,
  standing: Standing,
  nowMs: number,
): void {
  const row = store.use(checkoutId);
  // It changed while its checkout was asked: the answer is of before, so it is asked again.
  if (row?.generation !== generation || row.state !== state) return;
  if (row.state === "given_back") {
    store.forget(checkoutId);
  } else if (row.state === "taken" && (!standing || standing === "live")) {
    store.save({ ...row, due_at_ms: nowMs + ASK_AFTER_MS });
  } else if (row.state === "taken" && standing === "placed") {
    store.save({ ...row, state: "used", due_at_ms: null });
  } else if (row.state === "taken") {
    store.move(-1);
    const due_at_ms = nowMs + LATE_CALLS_MS;
    const nobody = { customer: null, account: null };
    store.save({ ...row, ...nobody, state: "given_back", due_at_ms });
  }
}
