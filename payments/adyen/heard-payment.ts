import { type Money, minus, sum } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import type { Authorization, PaymentName, StandingRefund } from "../provider.ts";
import type { Notice } from "../webhook-notice.ts";
import { BOUNCED, DONE, isOnePhase, type Outcome } from "./mapping.ts";

/** Which payment it is, by our name for it and by Adyen's where that is known. */
type Payment = {
  readonly paymentReference: string;
  readonly reference?: string | undefined;
  /** One-phase: what is authorised is taken, and no capture is told of. */
  readonly isOnePhase: boolean;
  /** What an answer of Adyen's says was taken, before any webhook does. */
  readonly taken?: Money | undefined;
};

/** What the webhooks say of a payment, as far as it is known from answers. */
export function heardPayment(
  { paymentReference }: Pick<PaymentName, "paymentReference">,
  known: Pick<Authorization, "method" | "reference" | "isCaptured"> & { readonly amount?: Money },
  heard: readonly Notice[],
): HeardPayment {
  const taken = known.isCaptured ? known.amount : undefined;
  const isOne = isOnePhase(known.method);
  const { reference } = known;
  return new HeardPayment({ paymentReference, reference, isOnePhase: isOne, taken }, heard);
}

/**
 * What Adyen's signed webhooks say of one payment. Their order does not matter: what took money
 * outweighs an earlier no, and what bounced outweighs the yes that it followed.
 * Source: https://docs.adyen.com/development-resources/webhooks/webhook-types
 */
export class HeardPayment {
  readonly #payment: Payment;
  readonly #notices: readonly Notice[];

  constructor(payment: Payment, heard: readonly Notice[]) {
    const { paymentReference, reference } = payment;
    this.#payment = payment;
    this.#notices = heard.filter(
      ({ provider, ourReference, reference: about }) =>
        provider === "adyen" &&
        (ourReference === paymentReference ||
          ourReference.startsWith(`${paymentReference}_`) ||
          (reference !== undefined && about === reference)),
    );
  }

  /** Adyen's names of what was authorised under our reference: more than one would be a surprise. */
  get authorised(): readonly string[] {
    const names = this.#all("AUTHORISATION", true).map(({ reference }) => reference);
    return [...new Set(names)];
  }

  /** The payment ended without money: refused, or its offer closed unpaid. */
  get closed(): "refused" | "expired" | undefined {
    if (this.authorised.length > 0) return undefined;
    if (this.#all("AUTHORISATION", false).length > 0) return "refused";
    return this.#all("OFFER_CLOSED", true).length > 0 ? "expired" : undefined;
  }

  /** The authorization that holds money or has taken it. */
  get held(): { readonly reference: string; readonly amount: Money } | undefined {
    const reference = this.authorised.find((name) => !this.givenBack(name));
    if (reference === undefined) return undefined;
    const amount = this.#authorisedAmount(reference);
    assert(amount, "Adyen holds money of a known currency");
    return { reference, amount };
  }

  /** A cancel by our own reference found a payment and ended it. */
  get isCancelledByOurs(): boolean {
    return this.#all("TECHNICAL_CANCEL", true).length > 0;
  }

  /** How many cancels by our own reference found no payment. */
  get notFound(): number {
    const told = this.#all("TECHNICAL_CANCEL", false);
    const none = told.filter(({ reference, about }) => reference === about);
    return new Set(none.map(({ about }) => about)).size;
  }

  /** The payment that a cancel by our reference found and could not end. */
  get found(): readonly string[] {
    return this.#all("TECHNICAL_CANCEL", false)
      .filter(({ reference, about }) => reference !== about)
      .map(({ reference }) => reference);
  }

  /** How a payment's money went back; undefined while some may be held or taken. */
  givenBack(reference: string): "voided" | "refunded" | undefined {
    const wasTaken = this.#captures(reference).some(({ amountMinor }) => amountMinor > 0);
    const isReversed = this.#about(reference, ["CANCEL_OR_REFUND"], true).some(
      ({ about }) => !this.#bounced("REFUND", about),
    );
    if (isReversed) return wasTaken ? "refunded" : "voided";
    if (wasTaken) return this.left(reference) ? undefined : "refunded";
    const ends = ["CANCELLATION", "TECHNICAL_CANCEL", "EXPIRE"];
    return this.#about(reference, ends, true).length > 0 ? "voided" : undefined;
  }

  /** What was taken of it in all, whoever asked for it; undefined for nothing. */
  taken(reference: string): Money | undefined {
    const captures = this.#captures(reference);
    const currency = captures[0]?.currency;
    return currency === undefined ? undefined : sum(captures, currency);
  }

  /** Its refunds by Adyen's names, whoever asked for them. A reversal gives back what was left. */
  refunds(reference: string): readonly StandingRefund[] {
    const told = this.#about(reference, DONE.REFUND ?? [], true);
    const once = new Map(told.map((notice) => [notice.about, notice]));
    const refunds = [...once.values()].flatMap(({ about, amount }) => {
      const status = this.#bounced("REFUND", about) ? ("refused" as const) : ("refunded" as const);
      return amount ? [{ reference: about, amount, status }] : [];
    });
    const [reversed] = this.#about(reference, ["CANCEL_OR_REFUND"], true);
    const left = this.left(reference);
    if (!reversed || !left) return refunds;
    const status = this.#bounced("REFUND", reversed.about) ? "refused" : "refunded";
    return [...refunds, { reference: reversed.about, amount: left, status }];
  }

  /** What was taken and has not gone back by a refund; undefined for nothing. */
  left(reference: string): Money | undefined {
    const captures = this.#captures(reference);
    const currency = captures[0]?.currency;
    if (currency === undefined) return undefined;
    const taken = sum(captures, currency);
    const refunded = sum(this.#stands("REFUND", reference), currency);
    return refunded.amountMinor < taken.amountMinor ? minus(taken, refunded) : undefined;
  }

  /** Whether anything was told of captures, a refused one too. */
  hasCaptures(reference: string): boolean {
    return this.#about(reference, ["CAPTURE", "CAPTURE_FAILED"]).length > 0;
  }

  /** How often Adyen told that it could not do that. */
  failures(reference: string, types: readonly string[]): number {
    return this.#about(reference, types, false).length;
  }

  /** What came of a capture or refund, found by Adyen's name for it or by ours. */
  outcome(
    type: "CAPTURE" | "REFUND",
    { ours, reference }: { readonly ours: string; readonly reference?: string | undefined },
  ): Outcome | undefined {
    const isIt = ({ about, ourReference }: Notice) => about === reference || ourReference === ours;
    const told = this.#notices.filter(isIt);
    const of = (types: readonly string[] = []) => told.filter((n) => types.includes(n.type));
    const [bounce] = of(BOUNCED[type]);
    if (bounce) return { is: "refused", reason: bounce.type.toLowerCase() };
    const yes = of(DONE[type]).find(({ success }) => success);
    if (yes) return { is: "done", amount: yes.amount, reference: yes.about };
    const [no] = of(DONE[type]);
    return no ? { is: "refused", reason: `${type.toLowerCase()}_refused` } : undefined;
  }

  #authorisedAmount(reference: string): Money | undefined {
    return this.#about(reference, ["AUTHORISATION"], true)[0]?.amount;
  }

  #captures(reference: string): readonly Money[] {
    const { isOnePhase, taken } = this.#payment;
    if (!isOnePhase) return this.#stands("CAPTURE", reference);
    const answered = reference === this.#payment.reference ? taken : undefined;
    const whole = this.#authorisedAmount(reference) ?? answered;
    return whole ? [whole] : [];
  }

  #all(type: string, success: boolean): readonly Notice[] {
    return this.#notices.filter((notice) => notice.type === type && notice.success === success);
  }

  #about(reference: string, types: readonly string[], success?: boolean): readonly Notice[] {
    return this.#notices.filter(
      (notice) =>
        notice.reference === reference &&
        types.includes(notice.type) &&
        (success === undefined || notice.success === success),
    );
  }

  /** The amounts that were taken or went back for good, each modification once. */
  #stands(type: "CAPTURE" | "REFUND", reference: string): readonly Money[] {
    const done = this.#about(reference, DONE[type] ?? [], true);
    const once = new Map(done.map((notice) => [notice.about, notice]));
    return [...once.values()].flatMap(({ about, amount }) =>
      amount && !this.#bounced(type, about) ? [amount] : [],
    );
  }

  #bounced(type: "CAPTURE" | "REFUND", about: string): boolean {
    return this.#notices.some(
      (notice) => notice.about === about && BOUNCED[type]?.includes(notice.type),
    );
  }
}
