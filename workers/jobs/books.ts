import { Bookings } from "../../payments/adyen/settlement-bookings.ts";
import type { LedgerPayment } from "../../payments/ledger-source.ts";
import type { Providers } from "../../payments/providers/providers.ts";
import { providersFrom } from "../../payments/providers/providers.ts";
import type { Day } from "../../payments/reconciliation/reconciliation-store.ts";
import { StripeLedger } from "../../payments/stripe/stripe-ledger.ts";
import { UnroutedWebhooks } from "../../payments/unrouted-webhooks.ts";
import type { Notice } from "../../payments/webhook-notice.ts";
import { type CheckoutId, regionOf, type ShopId } from "../../schema/ids.ts";
import { sum, zero } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import type { ProviderName } from "../../schema/payment.ts";

const DAY_MS = 86_400_000;

/**
 * How long a payment is left to its running sale, ms.
 * Throws: when the variable is no number, for then everything would count as old.
 */
export function graceMs({ RECONCILIATION_GRACE_MS }: Env): number {
  const grace = Number(RECONCILIATION_GRACE_MS);
  const isGood = RECONCILIATION_GRACE_MS !== "" && Number.isSafeInteger(grace) && grace >= 0;
  assert(isGood, "RECONCILIATION_GRACE_MS is a whole number of milliseconds");
  return grace;
}

/** One payment, as our findings name it. */
export type Named = {
  readonly provider: ProviderName;
  readonly reference: string;
  readonly ourReference: string;
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
};

/** The providers' books: Stripe's by asking, Adyen's by its reports and webhooks. */
export class ProviderBooks {
  readonly providers: Providers;
  readonly #stripe: StripeLedger;
  readonly #bookings: Bookings;
  readonly #kept: UnroutedWebhooks;

  constructor(env: Env) {
    this.providers = providersFrom(env);
    const config = { apiBase: env.STRIPE_API_BASE, secretKey: env.STRIPE_SECRET_KEY };
    this.#stripe = new StripeLedger(config);
    this.#bookings = new Bookings(env.CATALOG);
    this.#kept = new UnroutedWebhooks(env.CATALOG);
  }

  /** Of Stripe, what was begun that day; of Adyen, what reports announced that day tell of. */
  async paymentsOf(day: Day): Promise<readonly LedgerPayment[]> {
    if (day.provider === "adyen") return this.#bookings.payments(day);
    const fromMs = Date.parse(day.day);
    const payments: LedgerPayment[] = [];
    for await (const payment of this.#stripe.listPayments(fromMs, fromMs + DAY_MS)) {
      payments.push(await this.#withChargebacks(payment));
    }
    return payments;
  }

  /** As it stands now; undefined when the books have none of that name. */
  async payment(named: Named, nowMs: number): Promise<LedgerPayment | undefined> {
    const { provider, reference } = named;
    if (provider === "stripe") {
      const payment = await this.#stripe.payment(reference);
      return payment && this.#withChargebacks(payment);
    }
    const booked = await this.#bookings.payment(reference);
    return booked ?? this.#heardPayment(named, nowMs);
  }

  /** What webhooks told or would have told of it: for its sale, or for giving it back. */
  async noticesOf(named: Named, nowMs: number): Promise<readonly Notice[]> {
    const { provider, reference } = named;
    const told = await this.#kept.toldOf(provider, reference);
    const booked = provider === "adyen" ? await this.#bookings.notices(reference, nowMs) : [];
    const known = new Set(told.map(({ noticeId }) => noticeId));
    return [...told, ...booked.filter(({ noticeId }) => !known.has(noticeId))];
  }

  /** Not settled yet: only webhooks can tell what it holds. */
  async #heardPayment(named: Named, nowMs: number): Promise<LedgerPayment | undefined> {
    const { provider, reference, ourReference, shopId, checkoutId } = named;
    const heard = await this.noticesOf(named, nowMs);
    const name = { shopId, checkoutId, paymentReference: ourReference, method: "card" } as const;
    const call = { region: regionOf(checkoutId), startedAtMs: nowMs, nowMs, attempt: 1, heard };
    const secured = await this.providers[provider].lookUp(name, call);
    const told = heard.find(({ amount }) => amount)?.amount;
    if (!told) return undefined;
    const none = zero(told.currency);
    const same = { provider, reference, ourReference, amount: told, createdAtMs: 0 };
    const status = secured ? "held" : "ended";
    return { ...same, status, captured: none, refunded: none, isDisputed: false };
  }

  /** Stripe's list of payments says that one is disputed, and not what came of it. */
  async #withChargebacks(payment: LedgerPayment): Promise<LedgerPayment> {
    if (!payment.isDisputed) return payment;
    const { reference, captured, amount, createdAtMs } = payment;
    const secured = { provider: "stripe", method: "card", reference, amount } as const;
    // The region chooses an endpoint at Adyen alone.
    const call = { region: "eu", startedAtMs: createdAtMs, nowMs: createdAtMs } as const;
    const disputes = await this.providers.stripe.disputes(secured, {
      ...call,
      ...{ attempt: 1, heard: [] },
    });
    const lost = disputes.filter(({ dispute }) => dispute === "lost").map((each) => each.amount);
    return { ...payment, chargedBack: sum(lost, captured.currency) };
  }
}
