import type {
  Authorization,
  AuthorizeRequest,
  CaptureResult,
  PaymentProvider,
  RefundResult,
  ReversalResult,
  ShopperOutcome,
} from "../../payments/provider.ts";
import type { Money } from "../../schema/money.ts";
import type { ProviderName } from "../../schema/payment.ts";

/** The token of a card whose bank wants a word with its owner. */
export const ASKING_CARD = "pm_asks_the_shopper";

type Payment = {
  readonly authorization: Authorization;
  state: "held" | "captured" | "voided" | "refunded";
  readonly refunds: Map<string, number>;
};

/** Money by its own ledger: a key is one payment, whoever asks how often and in which order. */
export class Bank implements PaymentProvider {
  readonly #payments = new Map<string, Payment>();
  readonly #name: ProviderName;
  /** Says a definite no to every capture. */
  refusesCaptures = false;

  constructor(name: ProviderName) {
    this.#name = name;
  }

  /** Replays what the key made, even when that was voided before it arrived. */
  async authorize(request: AuthorizeRequest): Promise<Authorization> {
    return this.#paymentOf(request).authorization;
  }

  async shopperOutcome(): Promise<ShopperOutcome> {
    return { shopper: "confirmed" };
  }

  async capture(_key: string, { reference, amount }: Authorization): Promise<CaptureResult> {
    const payment = this.#byReference(reference);
    if (this.refusesCaptures) return { capture: "refused", reason: "expired" };
    if (payment?.state === "held") payment.state = "captured";
    return payment?.state === "captured"
      ? { capture: "captured", amount }
      : { capture: "refused", reason: payment?.state ?? "unknown" };
  }

  async refund(key: string, authorization: Authorization, amount: Money): Promise<RefundResult> {
    const payment = this.#byReference(authorization.reference);
    if (payment?.state !== "captured") return { refund: "refused", reason: "not_captured" };
    payment.refunds.set(key, amount.amountMinor);
    return { refund: "refunded", amount };
  }

  /** By the answer when there is one, else by the key alone: it may never have arrived. */
  async resolveAndVoid(
    request: AuthorizeRequest,
    known: Authorization | undefined,
  ): Promise<ReversalResult> {
    const payment = known ? this.#byReference(known.reference) : this.#paymentOf(request);
    if (!payment) return { reversal: "never_existed" };
    const isTaken = payment.state === "captured" || payment.state === "refunded";
    payment.state = isTaken ? "refunded" : "voided";
    return { reversal: isTaken ? "refunded" : "voided" };
  }

  /** Payments under which money is held or taken. */
  get live(): number {
    return [...this.#payments.values()].filter(
      ({ state }) => state === "held" || state === "captured",
    ).length;
  }

  /** Taken and not given back, in minor units. */
  get netMinor(): number {
    return [...this.#payments.values()]
      .filter(({ state }) => state === "captured")
      .reduce((total, { authorization, refunds }) => {
        const back = [...refunds.values()].reduce((sum, each) => sum + each, 0);
        return total + authorization.amount.amountMinor - back;
      }, 0);
  }

  #paymentOf({ key, amount, token }: AuthorizeRequest): Payment {
    const known = this.#payments.get(key);
    if (known) return known;
    const reference = `pi_${this.#name}_${this.#payments.size + 1}`;
    const shopper = token === ASKING_CARD ? { shopper: { type: "redirect" as const } } : {};
    const authorization = { provider: this.#name, reference, amount, ...shopper };
    const payment: Payment = { authorization, state: "held", refunds: new Map() };
    this.#payments.set(key, payment);
    return payment;
  }

  #byReference(reference: string): Payment | undefined {
    return [...this.#payments.values()].find(
      ({ authorization }) => authorization.reference === reference,
    );
  }
}
