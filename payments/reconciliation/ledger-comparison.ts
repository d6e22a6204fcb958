import { type CheckoutId, type OrderId, orderIdOf, type ShopId } from "../../schema/ids.ts";
import { type Currency, type Money, minus, zero } from "../../schema/money.ts";
import type { ProviderName } from "../../schema/payment.ts";
import type { LedgerPayment } from "../ledger-source.ts";
import { readReference } from "../payment-reference.ts";
import { type Figures, knowsLoss, type OrderMoney, Sums } from "./reconciliation-figures.ts";

/** What does not match. */
export type Finding = {
  readonly kind: "orphan" | "amounts_differ" | "dispute_differs" | "unknown_to_provider";
  readonly provider: ProviderName;
  /** The provider's name of the payment. */
  readonly reference: string;
  readonly ourReference: string;
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  readonly currency: Currency;
  readonly orderedMinor: number;
  readonly providerMinor: number;
};

export type Comparison = {
  readonly figures: readonly Figures[];
  readonly findings: readonly Finding[];
  /** Payments that name none of our sales: somebody else's on the same account, and left alone. */
  readonly foreign: number;
  /** Too young to be judged. */
  readonly running: number;
};

export type Books = {
  readonly payments: readonly LedgerPayment[];
  /** By order id: of these payments and of that day. */
  readonly orders: ReadonlyMap<OrderId, OrderMoney>;
  /** Orders whose payment the provider does not know. */
  readonly unpaid: readonly OrderMoney[];
  /** Payments begun from then on are left alone, epoch ms. */
  readonly runningFromMs: number;
};

/** Compares a provider's books with our orders, to the minor unit. */
export function compare({ payments, orders, unpaid, runningFromMs }: Books): Comparison {
  const sums = new Sums();
  const findings: Finding[] = [];
  let foreign = 0;
  let running = 0;
  for (const payment of payments) {
    const sale = readReference(payment.ourReference ?? "");
    if (!sale) foreign += 1;
    else if (payment.createdAtMs >= runningFromMs) running += 1;
    else {
      const order = orders.get(orderIdOf(sale.checkoutId));
      const own = order && isPaidBy(order, payment) ? order : undefined;
      sums.add(sale.shopId, payment, own);
      findings.push(...differences({ ...sale, payment, order: own }));
    }
  }
  for (const order of unpaid) {
    sums.addOrder(order, 0);
    findings.push(unknownToProvider(order));
  }
  return { figures: sums.all(), findings, foreign, running };
}

const ORPHANS_MAX = 20; // a bad day; more look like our own storage being gone than theirs being wrong
const ORPHANS_MAX_SHARE = 0.05;

/**
 * Whether so many payments have no order that nothing is given back by itself: a moved database or a
 * wrong RESIDENCY looks like that, and would refund every sale. `allowed` is a person's word for it.
 */
export function isBraked({ findings }: Comparison, payments: number, allowed = 0): boolean {
  const orphans = findings.filter(({ kind }) => kind === "orphan").length;
  return orphans > Math.max(ORPHANS_MAX, payments * ORPHANS_MAX_SHARE, allowed);
}

export function isPaidBy(order: OrderMoney, { provider, reference }: LedgerPayment): boolean {
  return order.provider === provider && order.providerReference === reference;
}

type Pair = {
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  readonly payment: LedgerPayment;
  readonly order: OrderMoney | undefined;
};

/** What is wrong with one payment, if anything. */
export function differences({ payment, order, ...sale }: Pair): readonly Finding[] {
  if (!order) return ownerless(sale, payment);
  const { captured, refunded } = payment;
  const isSame =
    order.captured.amountMinor === captured.amountMinor &&
    order.refunded.amountMinor === refunded.amountMinor;
  if (!isSame) return [findingOf("amounts_differ", order, payment)];
  const isTaken = isChargedBack(payment);
  const isSameDispute = isTaken ? knowsLoss(order) : order.dispute !== "lost";
  return isSameDispute ? [] : [findingOf("dispute_differs", order, payment)];
}

/** What a bank took of money that had gone back already is lost, and a person's to claim. */
function ownerless(sale: Omit<Pair, "payment" | "order">, payment: LedgerPayment) {
  const orphan = findingOf("orphan", sale, payment);
  if (standsOpen(payment)) return [orphan];
  return orphan.providerMinor < 0 ? [findingOf("dispute_differs", sale, payment)] : [];
}

/** It holds money, or has some that did not go back. */
export function standsOpen({ status, captured, refunded, chargedBack }: LedgerPayment): boolean {
  if (status === "held") return true;
  const left = minus(captured, refunded);
  return left.amountMinor > (chargedBack?.amountMinor ?? 0);
}

function isChargedBack({ chargedBack }: LedgerPayment): boolean {
  return chargedBack !== undefined && chargedBack.amountMinor > 0;
}

/** Its sides are what stands: captured less refunded less charged back. */
function findingOf(
  kind: Finding["kind"],
  sale: Pick<OrderMoney, "shopId" | "checkoutId"> & Partial<OrderMoney>,
  payment: LedgerPayment,
): Finding {
  const { shopId, checkoutId } = sale;
  const { provider, reference, ourReference = "", captured, refunded, chargedBack } = payment;
  const { currency } = captured;
  const none = zero(currency);
  const ordered = { captured: sale.captured ?? none, refunded: sale.refunded ?? none };
  const lost = knowsLoss(sale) ? (chargedBack ?? none) : none;
  return {
    ...{ kind, shopId, checkoutId, currency, provider, reference, ourReference },
    orderedMinor: netOf(ordered.captured, ordered.refunded, lost),
    providerMinor: netOf(captured, refunded, chargedBack ?? none),
  };
}

/** An order whose payment its provider's books lack: nothing stands on the provider's side. */
function unknownToProvider(order: OrderMoney): Finding {
  const { shopId, checkoutId, provider, providerReference: reference, captured, refunded } = order;
  const { currency } = captured;
  return {
    ...{ kind: "unknown_to_provider", shopId, checkoutId, currency, provider, reference },
    ourReference: "",
    orderedMinor: netOf(captured, refunded, zero(currency)),
    providerMinor: 0,
  };
}

/** May be below nothing: a refund and a chargeback of the same money are both paid. */
function netOf(captured: Money, refunded: Money, chargedBack: Money): number {
  const [inMinor, outMinor, lostMinor] = [captured, refunded, chargedBack].map(
    ({ amountMinor }) => amountMinor,
  );
  return (inMinor ?? 0) - (outMinor ?? 0) - (lostMinor ?? 0);
}
