import type {
  Authorization,
  AuthorizeRequest,
  CaptureRequest,
  CaptureResult,
  Dispute,
  KnownPayment,
  PaymentName,
  PaymentProvider,
  RefundRequest,
  RefundResult,
  ReversalResult,
  ReverseRequest,
  Secured,
  ShopperOutcome,
  Standing,
} from "../../../payments/provider.ts";
import { assert } from "../../../schema/outcome.ts";
import type { ProviderName } from "../../../schema/payment.ts";

/** The token of a card whose bank wants a word with its owner. */
export const ASKING_CARD = "pm_asks_the_shopper";

type Payment = {
  readonly authorization: Secured;
  readonly paymentReference: string;
  state: "held" | "captured" | "voided" | "refunded";
  readonly captures: Map<string, number>;
  readonly refunds: Map<string, number>;
};

/** Money by its own ledger: a key is one payment, whoever asks how often and in which order. */
export class Bank implements PaymentProvider {
  readonly #payments = new Map<string, Payment>();
  readonly #name: ProviderName;
  /** Says a definite no to every capture. */
  refusesCaptures = false;
  /** Takes captures and refunds, and says how they ended only when it is asked. */
  isSlow = false;
  /** Calls that were only received, by key: each says how it ends. */
  readonly #received = new Map<string, () => CaptureResult | RefundResult>();

  constructor(name: ProviderName) {
    this.#name = name;
  }

  /** Replays what the key made, even when that was voided before it arrived. */
  async authorize(request: AuthorizeRequest): Promise<Authorization> {
    const { authorization } = this.#paymentOf(request);
    const asks = request.token === ASKING_CARD || request.method !== "card";
    return asks ? { ...authorization, shopper: { type: "redirect" } } : authorization;
  }

  async shopperOutcome(_name: PaymentName, { reference }: Authorization): Promise<ShopperOutcome> {
    const payment = this.#byReference(reference ?? "");
    assert(payment, "the bank knows what it asked about");
    return { shopper: "confirmed", secured: payment.authorization };
  }

  shopperReturned(name: PaymentName, authorization: Authorization): Promise<ShopperOutcome> {
    return this.shopperOutcome(name, authorization);
  }

  async capture(request: CaptureRequest): Promise<CaptureResult> {
    if (!this.isSlow) return this.captureOutcome(request);
    this.#received.set(request.key, () => this.#captured(request));
    return { capture: "pending", reference: `capture of ${request.key}` };
  }

  async captureOutcome(request: CaptureRequest): Promise<CaptureResult> {
    return this.#captured(request);
  }

  #captured({ key, secured, amount }: CaptureRequest): CaptureResult {
    const payment = this.#byReference(secured.reference);
    if (this.refusesCaptures) return { capture: "refused", reason: "expired" };
    if (payment?.state === "held") payment.state = "captured";
    if (payment?.state !== "captured") {
      return { capture: "refused", reason: payment?.state ?? "unknown" };
    }
    payment.captures.set(key, amount.amountMinor);
    return { capture: "captured", amount };
  }

  async refund(request: RefundRequest): Promise<RefundResult> {
    if (!this.isSlow) return this.refundOutcome(request);
    this.#received.set(request.key, () => this.#refunded(request));
    return { refund: "pending", reference: `refund of ${request.key}` };
  }

  async refundOutcome(request: RefundRequest): Promise<RefundResult> {
    return this.#refunded(request);
  }

  #refunded({ key, secured, amount }: RefundRequest): RefundResult {
    const payment = this.#byReference(secured.reference);
    if (payment?.state !== "captured") return { refund: "refused", reason: "not_captured" };
    payment.refunds.set(key, amount.amountMinor);
    return { refund: "refunded", amount, reference: `re_${key}` };
  }

  /** By the answer when there is one, else by the key alone: it may never have arrived. */
  async resolveAndVoid(
    request: AuthorizeRequest,
    known: Authorization | undefined,
  ): Promise<ReversalResult> {
    const named = known?.reference ? this.#byReference(known.reference) : undefined;
    return givenBack(named ?? this.#paymentOf(request));
  }

  async reverse({ secured }: ReverseRequest): Promise<ReversalResult> {
    const payment = this.#byReference(secured.reference);
    return payment ? givenBack(payment) : { reversal: "never_existed" };
  }

  async lookUp({ paymentReference }: PaymentName): Promise<Secured | undefined> {
    const isLive = ({ state }: Payment) => state === "held" || state === "captured";
    const payments = [...this.#payments.values()].filter(isLive);
    return payments.find((each) => each.paymentReference === paymentReference)?.authorization;
  }

  async standing({ secured }: KnownPayment): Promise<Standing> {
    const payment = this.#byReference(secured.reference);
    const money = (amountMinor: number) => ({ ...secured.amount, amountMinor });
    const refunds = [...(payment?.refunds ?? [])].map(([key, amountMinor]) => ({
      ...{ reference: `re_${key}`, amount: money(amountMinor), status: "refunded" as const },
    }));
    const taken = payment?.authorization.isCaptured
      ? secured.amount.amountMinor
      : totalOf(payment?.captures ?? new Map());
    return { captured: money(taken), isHeld: payment?.state === "held", refunds };
  }

  async disputes(): Promise<readonly Dispute[]> {
    return [];
  }

  /** How the last call ends that was only received; undefined when there is none. */
  settled(): CaptureResult | RefundResult | undefined {
    return [...this.#received.values()].at(-1)?.();
  }

  /** What is told of the payment that its shopper was asked to confirm. */
  confirmed(): ShopperOutcome | undefined {
    const payment = [...this.#payments.values()].at(-1);
    return payment && { shopper: "confirmed", secured: payment.authorization };
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
      .reduce((net, payment) => {
        const taken = payment.authorization.isCaptured
          ? payment.authorization.amount.amountMinor
          : totalOf(payment.captures);
        return net + taken - totalOf(payment.refunds);
      }, 0);
  }

  #paymentOf({ key, amount, method, paymentReference }: AuthorizeRequest): Payment {
    const known = this.#payments.get(key);
    if (known) return known;
    const reference = `pi_${this.#name}_${this.#payments.size + 1}`;
    const isPaid = method !== "card";
    const authorization: Secured = {
      ...{ provider: this.#name, method, reference, amount },
      ...(isPaid ? { isCaptured: true as const } : { severalCaptures: true as const }),
    };
    const payment: Payment = {
      ...{ authorization, paymentReference, state: isPaid ? "captured" : "held" },
      ...{ captures: new Map(), refunds: new Map() },
    };
    this.#payments.set(key, payment);
    return payment;
  }

  #byReference(reference: string): Payment | undefined {
    return [...this.#payments.values()].find(
      ({ authorization }) => authorization.reference === reference,
    );
  }
}

function givenBack(payment: Payment): ReversalResult {
  const isTaken = payment.state === "captured" || payment.state === "refunded";
  payment.state = isTaken ? "refunded" : "voided";
  return { reversal: isTaken ? "refunded" : "voided" };
}

function totalOf(amounts: ReadonlyMap<string, number>): number {
  return [...amounts.values()].reduce((sum, each) => sum + each, 0);
}
