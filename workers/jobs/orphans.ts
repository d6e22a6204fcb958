import { checkoutStub } from "../../durable-objects/placement.ts";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { providerKey } from "../../payments/idempotency-key.ts";
import type { LedgerPayment } from "../../payments/ledger-source.ts";
import { differences, isPaidBy } from "../../payments/reconciliation/ledger-comparison.ts";
import { orderMoney } from "../../payments/reconciliation/reconciliation-figures.ts";
import type { Done, Item } from "../../payments/reconciliation/reconciliation-rows.ts";
import { ReconciliationBook } from "../../payments/reconciliation/reconciliation-store.ts";
import type { Notice, NoticeKind, RoutedNotice } from "../../payments/webhook-notice.ts";
import { orderIdOf, regionOf } from "../../schema/ids.ts";
import { graceMs, ProviderBooks } from "./books.ts";
import { eachOf } from "./deliver-notice.ts";

const GAP_FIRST_MS = 5_000;
const GAP_MAX_MS = 6 * 3_600_000;
const WAKES_MAX = 3; // what still differs then is drift, for a person
const GIVE_UP_MS = 14 * 86_400_000;
const BATCH = 100;

/** A webhook that says that money came. */
export function tellsOfMoney({ kind, success }: Notice): boolean {
  return success && (kind === "authorization" || kind === "capture");
}

/** Keeps money that a webhook told of and whose sale there is not (any more), if it stands by now. */
export async function keepOrphan(env: Env, routed: RoutedNotice, nowMs: number): Promise<void> {
  const { shopId, checkoutId, notice } = routed;
  const { provider, reference, ourReference } = notice;
  const named = { provider, reference, ourReference, shopId, checkoutId };
  const payment = await new ProviderBooks(env).payment(named, nowMs);
  if (!payment) return;
  const findings = differences({ shopId, checkoutId, payment, order: undefined });
  await new ReconciliationBook(env.CATALOG).keepFindings(dayOf(nowMs), findings, nowMs);
}

/** The UTC day, as 2026-11-24. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

type Outcome = {
  readonly done: Done;
  readonly cause?: string;
  /** Whether it is looked at again. */
  readonly isOpen: boolean;
};

const ended = (done: Done): Outcome => ({ done, isOpen: false });

/**
 * Resolves what did not match: tells the sale, which mends what is its own; gives back what no sale
 * knows; reports what still differs. Twice at a time does no harm, and no item holds up another.
 */
export async function resolveFindings(env: Env, nowMs: number): Promise<void> {
  const book = new ReconciliationBook(env.CATALOG);
  const books = new ProviderBooks(env);
  await eachOf(await book.due(nowMs, BATCH), async (item) => {
    const { done, cause = "", isOpen } = await outcomeOf({ env, books, item, nowMs });
    const isOver = nowMs - item.firstAtMs > GIVE_UP_MS;
    const end = isOpen && isOver ? "reported" : done;
    const gap = Math.min(GAP_MAX_MS, GAP_FIRST_MS * 2 ** Math.min(item.attempts, 20));
    await book.note(item, {
      done: end,
      cause,
      dueAtMs: isOpen && !isOver ? nowMs + gap : undefined,
    });
    const { provider, reference, kind, orderedMinor, providerMinor, currency } = item;
    const level = end === "reported" ? "error" : "warn";
    console[level]({
      ...{ event: "reconciliation.item", provider, reference, kind, done: end, cause },
      ...{ orderedMinor, providerMinor, currency },
    });
  });
}

type Look = {
  readonly env: Env;
  readonly books: ProviderBooks;
  readonly item: Item;
  readonly nowMs: number;
};

async function outcomeOf(look: Look): Promise<Outcome> {
  try {
    return await lookAt(look);
  } catch (problem) {
    // Adyen answers with a webhook: until that came, to have asked is all there is.
    const done = look.item.done === "found" ? "asked" : look.item.done;
    return { done, cause: String(problem), isOpen: true };
  }
}

async function lookAt(look: Look): Promise<Outcome> {
  const { env, books, item, nowMs } = look;
  const { shopId, checkoutId, kind } = item;
  const payment = await books.payment(item, nowMs);
  if (!payment) return ended("never_existed");
  const order = await orderOf(env, item);
  const money = order && orderMoney(order);
  const own = money && isPaidBy(money, payment) ? money : undefined;
  const left = differences({ shopId, checkoutId, payment, order: own });
  if (left.length === 0) return own || kind !== "orphan" ? ended("matched") : goneBack(payment);
  const isForPeople = own
    ? item.attempts >= WAKES_MAX
    : left.every((each) => each.kind !== "orphan");
  if (isForPeople) return ended("reported");
  return (await wake(look)) ? { done: "woken", isOpen: true } : giveBack(look, payment);
}

/** As its object has it: the store may be behind. */
async function orderOf(env: Env, { shopId, checkoutId }: Item) {
  const snapshot = await checkoutStub(env, shopId, checkoutId).snapshot();
  if (snapshot) return snapshot.order;
  return orderStoreOf(env, regionOf(checkoutId)).order(shopId, orderIdOf(checkoutId));
}

function goneBack({ status, captured }: LedgerPayment): Outcome {
  // Nothing is held yet, and something may come: its webhook is then the one that counts.
  if (status === "awaited") return ended("never_existed");
  return ended(captured.amountMinor > 0 ? "refunded" : "voided");
}

/** Tells the sale what its provider's books say. False when the money is none of that sale's. */
async function wake({ env, books, item, nowMs }: Look): Promise<boolean> {
  const { shopId, checkoutId } = item;
  const sale = checkoutStub(env, shopId, checkoutId);
  const notices = await books.noticesOf(item, nowMs);
  if (!(await sale.claim(noticeOf(item, nowMs)))) return false;
  for (const notice of notices) await sale.receive(notice);
  return true;
}

const NOTICE_KINDS = {
  orphan: "authorization",
  amounts_differ: "books",
  dispute_differs: "dispute",
  unknown_to_provider: "authorization",
} as const satisfies Record<Item["kind"], NoticeKind>;

/** What a webhook would have told. The same look says the same, the next one is heard anew. */
function noticeOf(item: Item, nowMs: number): Notice {
  const { provider, reference, ourReference, kind, attempts } = item;
  return {
    ...{ provider, reference, ourReference, about: reference },
    noticeId: `books/${kind}/${reference}/${attempts}`,
    type: "reconciliation",
    kind: NOTICE_KINDS[kind],
    success: true,
    createdAtMs: nowMs,
  };
}

/** Straight at its provider, by a key of the payment's own: no sale will ever ask for it. */
async function giveBack({ env, books, item, nowMs }: Look, payment: LedgerPayment) {
  const { provider, reference, ourReference, shopId, checkoutId, firstAtMs, attempts } = item;
  if (payment.createdAtMs > nowMs - graceMs(env)) return { done: "found", isOpen: true } as const;
  const request = {
    ...{ shopId, checkoutId, paymentReference: ourReference },
    key: providerKey("reconciliation", provider, reference),
    secured: { provider, method: "card", reference, amount: payment.amount },
  } as const;
  const { reversal } = await books.providers[provider].reverse(request, {
    ...{ region: regionOf(checkoutId), startedAtMs: firstAtMs, nowMs, nthTry: attempts + 1 },
    heard: await books.noticesOf(item, nowMs),
  });
  return ended(reversal);
}
