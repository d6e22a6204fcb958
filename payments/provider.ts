import type { AdyenMethod } from "../schema/adyen-method.ts";
import type { CheckoutId, ShopId } from "../schema/ids.ts";
import type { Money } from "../schema/money.ts";
import type { Refusal } from "../schema/outcome.ts";
import type { NextAction, PaymentDetails, PaymentMethod, ProviderName } from "../schema/payment.ts";
import type { RegionCode } from "../schema/regions.ts";
import type { Notice } from "./webhook-notice.ts";

/** Our names for a payment: they come back, signed, in webhooks and look-ups. */
export type PaymentName = {
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  /** As `payment-reference.ts` builds it; the same for all calls of one attempt at one provider. */
  readonly paymentReference: string;
};

/** Everything that an authorization is made of: sent again byte for byte when the answer is lost. */
export type AuthorizeRequest = PaymentName & {
  /** Hex, at most 64 characters; the same at every try, never reused for another call. */
  readonly key: string;
  readonly amount: Money;
  readonly method: PaymentMethod;
  /** Stripe's name for the card or for what its Elements collected of it; local methods need none. */
  readonly token?: string | undefined;
  /**
   * What Adyen's component gave: an encrypted card, or what it says of a local method. In memory alone: absent
   * when a crash took it, and then the request cannot be sent again.
   */
  readonly card?: AdyenMethod | undefined;
  /** The payment was begun with something of Adyen's component; a card always is. */
  readonly isOfComponent?: boolean | undefined;
  readonly details?: PaymentDetails | undefined;
  readonly shopper: Shopper;
  /** Where the provider sends the shopper back; without it, a wanted step of theirs is a decline. */
  readonly returnUrl?: string | undefined;
  /** When an unpaid offer (QR code, app link) has to end, epoch ms: within our own hold. */
  readonly offerEndsAtMs: number;
  /** More than one capture may follow, for goods that are sent in parts. */
  readonly severalCaptures: boolean;
};

/** What providers want to know of whoever pays. It is sent, and never put into metadata. */
export type Shopper = {
  readonly email: string;
  readonly name?: string | undefined;
  readonly country: string;
};

/** What a call knows besides its request. Times in epoch milliseconds. */
export type ProviderCall = {
  /** Home of the sale: a key is only known to the endpoint that it was first sent to. */
  readonly region: RegionCode;
  /** When the call was first made: past the life of its key (`keysLastMs`) it is never sent again. */
  readonly startedAtMs: number;
  /**
   * Of a payment that goes back: when the last request left us that could still make it arrive at
   * the provider; `startedAtMs` where it is absent.
   */
  readonly lastSentAtMs?: number;
  readonly nowMs: number;
  /** A look-up by our reference searches payments begun before then; all until now where absent. */
  readonly untilMs?: number;
  /** Which try of this call it is, from 1. At the first it is certain that nothing was sent before. */
  readonly nthTry: number;
  /** What the provider has told of this sale by signed webhooks, oldest first. */
  readonly heard: readonly Notice[];
};

/** Money is held for us at a provider, or taken, or will be once the shopper has done their part. */
export type Authorization = {
  readonly provider: ProviderName;
  readonly method: PaymentMethod;
  /** The provider's name for the payment; some give it only once the shopper is back. */
  readonly reference?: string;
  readonly amount: Money;
  /** What the shopper must do first. */
  readonly shopper?: NextAction;
  /** One-phase methods: the money is ours already and nothing has to be captured. */
  readonly isCaptured?: true;
  /** Captures must come before this, epoch ms; then the hold is gone. */
  readonly captureBeforeMs?: number;
  /** The provider granted more than one capture. */
  readonly severalCaptures?: true;
};

/** The reason of a no that the provider never said: a crash of ours took the card before it was sent. */
export const CARD_LOST = "card_lost";

/** An authorization that is final: it has its name. */
export type Secured = Authorization & { readonly reference: string };

/** How a payment that waits for its shopper stands; a refusal is final. */
export type ShopperOutcome =
  | { readonly shopper: "confirmed"; readonly secured: Secured }
  | { readonly shopper: "awaited" }
  | Refusal<"payment_declined">;

export type CaptureRequest = PaymentName & {
  readonly key: string;
  readonly secured: Secured;
  readonly amount: Money;
  /** Which capture of the payment it is, from 1. */
  readonly n: number;
  /** No further capture follows: what is not taken now is let go. */
  readonly isLast: boolean;
  /** What was taken of the payment before, as far as the order knows; nothing where it is absent. */
  readonly takenBefore?: Money | undefined;
};

/**
 * `refused` is final; `pending` ends by webhook or by asking. An unknown outcome throws. `amount` is
 * what was taken, and not what was wished; `standing`, what of the payment is taken all the same.
 */
export type CaptureResult =
  | { readonly capture: "captured"; readonly amount: Money }
  | Pending<"capture">
  | { readonly capture: "refused"; readonly reason: string; readonly standing?: Money };

export type RefundRequest = PaymentName & {
  readonly key: string;
  readonly secured: Secured;
  readonly amount: Money;
  /** Which refund of the payment it is, from 1. */
  readonly n: number;
};

/** Money that goes back; a definite no is a value, for a captured payment stays one. */
export type RefundResult =
  | { readonly refund: "refunded"; readonly amount: Money; readonly reference: string }
  | Pending<"refund">
  | { readonly refund: "refused"; readonly reason: string };

/** The provider took the call and has not decided; `reference` is its name for it. */
type Pending<Act extends "capture" | "refund"> = { readonly [A in Act]: "pending" } & {
  readonly reference: string;
};

export type ReverseRequest = PaymentName & { readonly key: string; readonly secured: Secured };

/** What became of money that must go back; `taken`, what had been taken of it by then. */
export type ReversalResult = {
  readonly reversal: "voided" | "refunded" | "never_existed";
  readonly taken?: Money;
};

/** What of a payment is taken, held and given back, as its provider has it and whoever asked for it. */
export type Standing = {
  readonly captured: Money;
  /** More of it may still be captured. */
  readonly isHeld: boolean;
  /** By the provider's names. `refused` was none, or came back. */
  readonly refunds: readonly StandingRefund[];
};
export type StandingRefund = {
  readonly reference: string;
  readonly amount: Money;
  readonly status: "pending" | "refunded" | "refused";
};

/** A payment of ours that its provider holds or took. */
export type KnownPayment = PaymentName & { readonly secured: Secured };

/** `reference` is the provider's name of it, where that is known: one that reads payments reads it. */
export type LookedUp = PaymentName & {
  readonly method: PaymentMethod;
  readonly reference?: string | undefined;
};

/** How the shopper's bank argues about a payment. `reference` names the dispute. */
export type Dispute = {
  readonly reference: string;
  readonly dispute: "open" | "won" | "lost";
  readonly amount: Money;
  readonly reason: string;
};

/** What the shopper's browser brought back from the provider's page; proves nothing by itself. */
export type ReturnProof = Readonly<Record<string, string>>;

/**
 * A payment provider. Every call answers definitely, or throws when the outcome is unknown; then
 * the same call with the same key is safe, and is how the outcome is found out. Where a provider
 * cannot be asked, its signed webhooks (`call.heard`) are the answer.
 *
 * Throws `Unrepeatable` when the outcome is unknown and repeating can never tell it.
 */
export interface PaymentProvider {
  /** Holds the amount. Refuses: payment_declined, with a `reason`, and `retryable` when another provider may say yes. */
  authorize(
    request: AuthorizeRequest,
    call: ProviderCall,
  ): Promise<Authorization | Refusal<"payment_declined">>;

  /** Finds out how a payment stands that the shopper was sent away for. */
  shopperOutcome(
    name: PaymentName,
    authorization: Authorization,
    call: ProviderCall,
  ): Promise<ShopperOutcome>;

  /** As `shopperOutcome`, with what the shopper brought back. The same proof may come twice. */
  shopperReturned(
    name: PaymentName,
    authorization: Authorization,
    call: ProviderCall & { readonly key: string; readonly proof: ReturnProof },
  ): Promise<ShopperOutcome>;

  /** Takes held money. A definite no is a value: the sale is placed and has to be cancelled. */
  capture(request: CaptureRequest, call: ProviderCall): Promise<CaptureResult>;

  /** How a capture stands that was pending. */
  captureOutcome(
    request: CaptureRequest,
    pending: string,
    call: ProviderCall,
  ): Promise<CaptureResult>;

  /** Gives captured money back. */
  refund(request: RefundRequest, call: ProviderCall): Promise<RefundResult>;

  /** How a refund stands that was pending, or that has failed since it was done. */
  refundOutcome(request: RefundRequest, pending: string, call: ProviderCall): Promise<RefundResult>;

  /**
   * Finds out what an authorization came to, by its key and our reference, and gives back whatever
   * it holds or took. Works without the answer of `authorize`, twice, and before a late `authorize`
   * arrives. Throws until the provider has confirmed that no money can come any more.
   */
  resolveAndVoid(
    request: AuthorizeRequest,
    known: Authorization | undefined,
    call: ProviderCall,
  ): Promise<ReversalResult>;

  /** As `resolveAndVoid`, for a payment whose name is known: it is voided, or all of it refunded. */
  reverse(request: ReverseRequest, call: ProviderCall): Promise<ReversalResult>;

  /**
   * What is held or taken under our reference, whatever we believe: late money is found by it.
   * Undefined when there is none.
   */
  lookUp(payment: LookedUp, call: ProviderCall): Promise<Secured | undefined>;

  /** How a payment stands by now. Throws when it cannot be asked. */
  standing(payment: KnownPayment, call: ProviderCall): Promise<Standing>;

  /** The payment's disputes as they stand. */
  disputes(secured: Secured, call: ProviderCall): Promise<readonly Dispute[]>;
}
