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
import {
  authorizationOf,
  type Declined,
  declined,
  isEntry,
  securedOf,
} from "./model-stripe-answers.ts";
import type { Outside } from "./outside.ts";
import { attemptOf, type Entry, giveBack, netMinor, payUp, stands } from "./provider-ledger.ts";

/** A provider that can be asked: it knows its keys, answers with the end, and finds by our name. */
export class ModelStripe implements PaymentProvider {
  readonly #outside: Outside;
  /** What a key came to: a repeat hears the same. */
  readonly #kept = new Map<string, Entry | Declined | CaptureResult | RefundResult>();

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  async authorize(request: AuthorizeRequest): Promise<Authorization | Declined> {
    const { key, paymentReference } = request;
    const no = (retryable: boolean) => () => this.#keep(key, declined(retryable));
    const noes = { declines: no(false), "declines for now": no(true) };
    return (await this.#outside.call(`stripe: authorize ${attemptOf(paymentReference)}`, {
      done: () => {
        const kept = this.#kept.get(key) ?? this.#keep(key, this.#opened(request));
        return isEntry(kept) ? authorizationOf(kept) : kept;
      },
      noes: () => (this.#kept.has(key) ? {} : noes),
    })) as Authorization | Declined;
  }

  async shopperOutcome(_name: PaymentName, known: Authorization): Promise<ShopperOutcome> {
    return this.#read("shopperOutcome", (): ShopperOutcome => {
      const entry = this.#find(known.reference);
      if (entry.state === "awaiting") return { shopper: "awaited" };
      if (entry.state === "closed") return declined(false);
      return { shopper: "confirmed", secured: securedOf(entry) };
    });
  }

  shopperReturned(name: PaymentName, known: Authorization): Promise<ShopperOutcome> {
    return this.shopperOutcome(name, known);
  }

  async capture({ key, secured, amount }: CaptureRequest): Promise<CaptureResult> {
    const no = (): CaptureResult => ({ capture: "refused", reason: "expired" });
    const done = (): CaptureResult => {
      const entry = this.#find(secured.reference);
      if (entry.state !== "held") return no();
      // Taken by hand meanwhile: it says what it took.
      const { capturedMinor } = entry;
      if (capturedMinor > 0)
        return { capture: "captured", amount: { ...amount, amountMinor: capturedMinor } };
      entry.capturedMinor = amount.amountMinor;
      return { capture: "captured", amount };
    };
    return (await this.#outside.call("stripe: capture", {
      done: () => this.#kept.get(key) ?? this.#keep(key, done()),
      noes: () => (this.#kept.has(key) ? {} : { refuses: () => this.#keep(key, no()) }),
    })) as CaptureResult;
  }

  async refund({ key, secured, amount }: RefundRequest): Promise<RefundResult> {
    const no = (): RefundResult => ({ refund: "refused", reason: "too_late" });
    const done = (): RefundResult => {
      const entry = this.#find(secured.reference);
      if (netMinor(entry) < amount.amountMinor) return no();
      const { amountMinor } = amount;
      const reference = `${entry.reference}_refund`;
      entry.refundedMinor += amountMinor;
      entry.refunds.push({ reference, amountMinor });
      return { refund: "refunded", amount, reference };
    };
    return (await this.#outside.call("stripe: refund", {
      done: () => this.#kept.get(key) ?? this.#keep(key, done()),
      noes: () => (this.#kept.has(key) ? {} : { refuses: () => this.#keep(key, no()) }),
    })) as RefundResult;
  }

  async captureOutcome(): Promise<CaptureResult> {
    throw new Error("Bug: no capture is pending here");
  }

  async refundOutcome(): Promise<RefundResult> {
    throw new Error("Bug: no refund is pending here");
  }

  /** Makes the intent with the same key where it never came, and cancels it: a late one finds that. */
  async resolveAndVoid(request: AuthorizeRequest): Promise<ReversalResult> {
    const { key, paymentReference } = request;
    return (await this.#outside.call(`stripe: void ${attemptOf(paymentReference)}`, {
      done: (): ReversalResult => {
        const kept = this.#kept.get(key) ?? this.#keep(key, this.#opened(request));
        return isEntry(kept) ? { reversal: giveBack(kept) } : { reversal: "never_existed" };
      },
    })) as ReversalResult;
  }

  async reverse({ secured }: ReverseRequest): Promise<ReversalResult> {
    return (await this.#outside.call("stripe: reverse", {
      done: (): ReversalResult => {
        const entry = this.#find(secured.reference);
        const taken = { amountMinor: entry.capturedMinor, currency: "EUR" };
        return { reversal: giveBack(entry), taken };
      },
    })) as ReversalResult;
  }

  async lookUp({ paymentReference }: PaymentName): Promise<Secured | undefined> {
    return this.#read("lookUp", () => {
      const entry = this.#outside.ledger.find("stripe", paymentReference);
      return entry && stands(entry) ? securedOf(entry) : undefined;
    });
  }

  async standing({ secured }: KnownPayment): Promise<Standing> {
    return this.#read("standing", () => {
      const entry = this.#find(secured.reference);
      const money = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
      const refunds = entry.refunds.map(({ reference, amountMinor }) => ({
        ...{ reference, amount: money(amountMinor), status: "refunded" as const },
      }));
      const isHeld = entry.state === "held" && entry.capturedMinor === 0;
      return { captured: money(entry.capturedMinor), isHeld, refunds };
    });
  }

  async disputes(): Promise<readonly Dispute[]> {
    return [];
  }

  /** The shopper's bank has taken its word: stripe tells that there is something to look at. */
  shopperPays(entry: Entry): void {
    payUp(entry);
    this.#tells(entry, entry.method === "card" ? "amount_capturable_updated" : "succeeded", true);
  }

  /** The bank did not believe the shopper, or the shopper thought better of it. */
  shopperFails(entry: Entry): void {
    entry.state = "closed";
    this.#tells(entry, "payment_failed", false);
  }

  #tells({ ours, reference }: Entry, what: string, success: boolean): void {
    this.#outside.tell({
      name: `stripe: ${what} ${attemptOf(ours)}`,
      ways: () => ({
        told: () => ({
          ...{ provider: "stripe", noticeId: `${what} ${reference}`, kind: "authorization" },
          ...{ type: `payment_intent.${what}`, success, createdAtMs: 0 },
          ...{ reference, about: reference, ourReference: ours },
        }),
      }),
    });
  }

  async #read<R>(name: string, done: () => R): Promise<R> {
    return (await this.#outside.call(`stripe: ${name}`, { done, reads: true })) as R;
  }

  #opened({ paymentReference, method, amount, returnUrl }: AuthorizeRequest): Entry {
    const { amountMinor } = amount;
    const reference = `stripe_${attemptOf(paymentReference)}`;
    const names = { provider: "stripe", ours: paymentReference, reference } as const;
    const isAwaited = method !== "card" || returnUrl !== undefined;
    return this.#outside.ledger.open({ ...names, method, amountMinor }, { isAwaited });
  }

  #keep<R extends Entry | Declined | CaptureResult | RefundResult>(key: string, result: R): R {
    this.#kept.set(key, result);
    return result;
  }

  #find(reference: string | undefined): Entry {
    const entry = this.#outside.ledger.find("stripe", reference);
    assert(entry, `stripe knows ${reference}`);
    return entry;
  }
}
