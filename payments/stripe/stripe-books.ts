import { sum } from "../../schema/money.ts";
import type { LedgerPayment, LedgerSource } from "../ledger-source.ts";
import type { StripeConfig } from "./client.ts";
import { StripeProvider } from "./stripe.provider.ts";
import { StripeLedger } from "./stripe-ledger.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Stripe's books as reconciliation reads them: a day has the payments that were begun on it. */
export class StripeBooks implements LedgerSource {
  readonly isComplete = true;
  /** An order may be placed a while after its payment was begun. */
  readonly ordersWithin = { beforeMs: 0, afterMs: 6 * HOUR_MS };
  readonly #ledger: StripeLedger;
  readonly #provider: StripeProvider;

  constructor(config: StripeConfig) {
    this.#ledger = new StripeLedger(config);
    this.#provider = new StripeProvider(config);
  }

  async paymentsOf(day: string): Promise<readonly LedgerPayment[]> {
    const fromMs = Date.parse(day);
    const payments: LedgerPayment[] = [];
    for await (const payment of this.#ledger.listPayments(fromMs, fromMs + DAY_MS)) {
      payments.push(await this.#withChargebacks(payment));
    }
    return payments;
  }

  async payment(reference: string): Promise<LedgerPayment | undefined> {
    const payment = await this.#ledger.payment(reference);
    return payment && this.#withChargebacks(payment);
  }

  /** None: Stripe's webhooks only say when to ask, and the sale asks by itself. */
  async notices(): Promise<readonly []> {
    return [];
  }

  /** Stripe's list of payments says that one is disputed, and not what came of it. */
  async #withChargebacks(payment: LedgerPayment): Promise<LedgerPayment> {
    if (!payment.isDisputed) return payment;
    const { provider, reference, amount, captured } = payment;
    const disputes = await this.#provider.disputes({ provider, method: "card", reference, amount });
    const lost = disputes.filter(({ dispute }) => dispute === "lost").map((each) => each.amount);
    return { ...payment, chargedBack: sum(lost, captured.currency) };
  }
}
