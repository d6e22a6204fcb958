import type { ShopId } from "../../schema/ids.ts";
import type { Currency, Money } from "../../schema/money.ts";
import type { Order } from "../../schema/order.ts";
import type { ProviderName } from "../../schema/payment.ts";
import type { LedgerPayment } from "../ledger-source.ts";

/** What of an order is compared with its provider's books. One that cost nothing stands in none. */
export type OrderMoney = Pick<
  Order,
  "shopId" | "checkoutId" | "orderId" | "captured" | "refunded" | "dispute"
> & { readonly provider: ProviderName; readonly providerReference: string };

/** Lean: a day's orders are in memory at once. Undefined where nobody was asked to pay. */
export function orderMoney(order: Order): OrderMoney | undefined {
  const { shopId, checkoutId, orderId, provider, providerReference } = order;
  if (!provider || providerReference === undefined) return undefined;
  const { captured, refunded, dispute } = order;
  return { shopId, checkoutId, orderId, provider, providerReference, captured, refunded, dispute };
}

/** One shop's money in one currency, minor units: as its orders have it and as the provider has it. */
export type Figures = {
  readonly shopId: ShopId;
  readonly currency: Currency;
  payments: number;
  orders: number;
  readonly ordered: Side;
  readonly provider: Side;
};
export type Side = { capturedMinor: number; refundedMinor: number; chargedBackMinor: number };

export function netMinor({ capturedMinor, refundedMinor, chargedBackMinor }: Side): number {
  return capturedMinor - refundedMinor - chargedBackMinor;
}

/** Money may leave as a dispute opens, and come back when it is won. */
export function knowsLoss({ dispute }: Partial<OrderMoney>): boolean {
  return dispute === "open" || dispute === "lost";
}

/** Figures by shop and currency. */
export class Sums {
  readonly #figures = new Map<string, Figures>();

  add(shopId: ShopId, payment: LedgerPayment, order: OrderMoney | undefined): void {
    const { captured, refunded, chargedBack } = payment;
    const figures = this.#of(shopId, captured.currency);
    figures.payments += 1;
    const lostMinor = chargedBack?.amountMinor ?? 0;
    addTo(figures.provider, captured, refunded, lostMinor);
    if (order) this.addOrder(order, knowsLoss(order) ? lostMinor : 0);
  }

  /** An order knows of a dispute, and not how much it takes: that is the provider's to say. */
  addOrder({ shopId, captured, refunded }: OrderMoney, lostMinor: number): void {
    const figures = this.#of(shopId, captured.currency);
    figures.orders += 1;
    addTo(figures.ordered, captured, refunded, lostMinor);
  }

  all(): readonly Figures[] {
    return [...this.#figures.values()];
  }

  #of(shopId: ShopId, currency: Currency): Figures {
    const name = `${shopId} ${currency}`;
    const nothing = () => ({ capturedMinor: 0, refundedMinor: 0, chargedBackMinor: 0 });
    const figures = this.#figures.get(name) ?? {
      ...{ shopId, currency, payments: 0, orders: 0 },
      ...{ ordered: nothing(), provider: nothing() },
    };
    this.#figures.set(name, figures);
    return figures;
  }
}

function addTo(side: Side, captured: Money, refunded: Money, lostMinor: number): void {
  side.capturedMinor += captured.amountMinor;
  side.refundedMinor += refunded.amountMinor;
  side.chargedBackMinor += lostMinor;
}
