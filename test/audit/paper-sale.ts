import fc from "fast-check";
import { capturable, recordCapture } from "../../durable-objects/checkout/after-sale/captures.ts";
import {
  recordShipped,
  tellFulfilment,
  withParcel,
} from "../../durable-objects/checkout/after-sale/fulfilment.ts";
import { nextMoneyCall } from "../../durable-objects/checkout/after-sale/money-queue.ts";
import { placed } from "../../durable-objects/checkout/after-sale/order.ts";
import {
  recordRefund,
  recordReturnedRefund,
  refundOf,
} from "../../durable-objects/checkout/after-sale/refunds.ts";
import { recordOutsideActs } from "../../durable-objects/checkout/provider-news/outside-acts.ts";
import type { NewRun, SaleDoor } from "../../durable-objects/checkout/sale/calls.ts";
import type { Cancellation } from "../../durable-objects/checkout/sale/cancellation.ts";
import type { Checkout, PaidBy } from "../../durable-objects/checkout/sale/checkout.ts";
import type { CheckoutTx } from "../../durable-objects/checkout/sale/checkout.tx.ts";
import { withCapture, withRefund } from "../../durable-objects/checkout/sale/checkout-changes.ts";
import { roundedDown } from "../../payments/amounts.ts";
import type { RefundResult, Standing } from "../../payments/provider.ts";
import { TIMES } from "../../pricing/testing/quote-fixtures.ts";
import type { Line, Quote } from "../../schema/checkout.ts";
import { CheckoutId, ShopId } from "../../schema/ids.ts";
import { plus } from "../../schema/money.ts";
import type { Order } from "../../schema/order.ts";
import { assert } from "../../schema/outcome.ts";

export const skus = ["a", "b", "c"] as const;
const NOW_MS = TIMES.nowMs;

export const terms = fc.record({
  captureMode: fc.constantFrom("at_once", "on_fulfillment", "manual"),
  severalCaptures: fc.boolean(),
  provider: fc.constantFrom("stripe", "adyen"),
});
export type Terms = typeof terms extends fc.Arbitrary<infer T> ? T : never;

/** How the provider decides about a money call. */
export type Outcome = "done" | "refused" | "late" | "bounced";

/** A placed sale on paper: the product's own rules, with a provider that answers as it is told. */
export class PaperSale {
  checkout: Checkout;
  refusals = 0;

  constructor(offer: Quote, { captureMode, severalCaptures, provider }: Terms) {
    const secured = { provider, reference: "pi_1", method: "card", severalCaptures };
    const paidBy = { attempt: 1, paymentReference: "p", secured, captureMode } as PaidBy;
    const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
    const sale: object = {
      ...{ shopId: ShopId.parse("demo"), checkoutId, region: "eu", quote: offer },
      ...{ status: "paying", hold: { lines: [] }, payments: [], customerReference: "c" },
      request: { country: "DE" },
    };
    this.checkout = placed(sale as Checkout, paidBy, NOW_MS);
  }

  get tx(): CheckoutTx {
    const sale = this;
    const tx: object = {
      answer: () => undefined,
      emit: () => undefined,
      save: (checkout: Checkout) => {
        this.checkout = checkout;
      },
      get checkout() {
        return sale.checkout;
      },
    };
    return tx as CheckoutTx;
  }

  get order(): Order {
    assert(this.checkout.order, "it was placed");
    return this.checkout.order;
  }

  /** As the object lets calls in; what they begin is played at once. */
  get door(): SaleDoor {
    const answer = { reply: { refused: "internal" }, replayed: false } as const;
    return {
      enter: async (_route, _call, rule, work) => {
        const no = rule(this.checkout);
        if (no) this.refusals += 1;
        return no ? answer : work(this.checkout);
      },
      run: async (_route, _call, run) => {
        this.#play(run);
        return answer;
      },
      change: async () => answer, // no act of these withdraws
      keep: () => answer,
      moneyCall: async (_route, _call, queued) => {
        this.checkout = queued;
        return answer;
      },
    };
  }

  #play({ saga, input }: NewRun): void {
    const { lines, n, cancellation } = input as {
      readonly lines: readonly Line[];
      readonly n: number;
      readonly cancellation: Cancellation;
    };
    if (saga === "fulfil") {
      this.checkout = withParcel(this.checkout, lines);
      recordShipped(this.tx, n, NOW_MS);
      return;
    }
    const { cancellations = [] } = this.checkout;
    this.checkout = { ...this.checkout, cancellations: [...cancellations, cancellation] };
    tellFulfilment(this.tx, NOW_MS);
  }

  /** All money calls that are queued leave, and come back so. */
  settle(outcome: Outcome): void {
    for (let run = nextMoneyCall(this.checkout); run; run = nextMoneyCall(this.checkout)) {
      if (run.saga === "cancel") return;
      const { n, amount } = run.input as { n: number; amount: Order["total"] };
      if (run.saga === "capture") this.#captured(n, amount);
      else this.#refunded(n, outcome);
    }
  }

  #captured(n: number, amount: Order["total"]): void {
    this.checkout = withCapture(this.checkout, n, { status: "sent" });
    const recording = { tx: this.tx, runId: "run", nowMs: NOW_MS, begin: () => undefined };
    recordCapture(recording, n, { capture: "captured", amount });
  }

  #refunded(n: number, outcome: Outcome): void {
    this.checkout = withRefund(this.checkout, n, { status: "sent" });
    const { amount } = refundOf(this.checkout, n);
    const answers: Record<Outcome, RefundResult> = {
      done: { refund: "refunded", reference: "re", amount },
      bounced: { refund: "refunded", reference: "re", amount },
      refused: { refund: "refused", reason: "closed" },
      late: { refund: "pending", reference: "re" },
    };
    const recording = { tx: this.tx, nowMs: NOW_MS, begin: () => undefined };
    recordRefund(recording, n, answers[outcome]);
    if (outcome === "bounced") recordReturnedRefund(this.tx, n, NOW_MS);
  }

  /** By hand in the provider's dashboard, of what its books have left; nobody here asked for it. */
  byHand(call: "capture there" | "refund there", part: Order["total"]): void {
    const { refunds = [], paidBy } = this.checkout;
    assert(paidBy, "it was paid");
    const amount = roundedDown(paidBy.secured.provider, part);
    if (amount.amountMinor === 0 || this.checkout.cancelBecause) return;
    const found = refunds.flatMap(({ reference, isFound, status, amount: sum }) =>
      isFound && reference && status === "refunded" ? [{ reference, status, amount: sum }] : [],
    );
    const made = { reference: `re_${refunds.length + 1}`, status: "refunded", amount } as const;
    const isCapture = call === "capture there";
    const standing: Standing = {
      captured: isCapture ? plus(this.order.captured, amount) : this.order.captured,
      isHeld: capturable(this.checkout).amountMinor > (isCapture ? amount.amountMinor : 0),
      refunds: isCapture ? found : [...found, made],
    };
    recordOutsideActs(this.tx, standing, NOW_MS);
  }

  /** What providers still decide about is decided. */
  end(): void {
    for (const { n, status } of this.checkout.refunds ?? []) {
      if (status === "pending") this.#refunded(n, "done");
    }
  }
}
