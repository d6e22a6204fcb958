import type { CheckoutId, ShopId } from "../schema/ids.ts";
import type { Money } from "../schema/money.ts";
import type { Refusal } from "../schema/outcome.ts";
import type { NextAction, ProviderName } from "../schema/payment.ts";

/** Everything that an authorization is made of: sent again byte for byte when the answer is lost. */
export type AuthorizeRequest = {
  /** Hex, at most 64 characters; the same on every attempt, never reused for another call. */
  readonly key: string;
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  /** Our name for this payment; comes back in webhooks and look-ups. */
  readonly paymentReference: string;
  readonly amount: Money;
  /** The provider's own token for what the shopper pays with. */
  readonly token: string;
  /** Where the provider sends the shopper back; without it, a wanted step of theirs is a decline. */
  readonly returnUrl?: string | undefined;
};

/** When a call was first made, and now: providers forget keys. Epoch milliseconds. */
export type CallTime = { readonly startedAtMs: number; readonly nowMs: number };

/** Money is held for us at a provider, or will be once the shopper has done their part. */
export type Authorization = {
  readonly provider: ProviderName;
  /** The provider's name for the payment: capture, void and refund go by it. */
  readonly reference: string;
  readonly amount: Money;
  /** What the shopper must do first. */
  readonly shopper?: NextAction;
};

/** How a payment that waits for its shopper stands; a refusal is final. */
export type ShopperOutcome =
  | { readonly shopper: "confirmed" }
  | { readonly shopper: "awaited" }
  | Refusal<"payment_declined">;

/** `refused` is final; `pending` ends with a webhook. A capture of unknown outcome throws. */
export type CaptureResult =
  | { readonly capture: "captured"; readonly amount: Money }
  | { readonly capture: "pending" }
  | { readonly capture: "refused"; readonly reason: string };

/** Money that went back; a definite no is a value, for a captured payment stays one. */
export type RefundResult =
  | { readonly refund: "refunded"; readonly amount: Money }
  | { readonly refund: "refused"; readonly reason: string };

/** What became of money that must go back. */
export type ReversalResult = { readonly reversal: "voided" | "refunded" | "never_existed" };

/**
 * A payment provider. Every call answers definitely, or throws when the outcome is unknown; then
 * the same call with the same key is safe, and is how the outcome is found out.
 */
export interface PaymentProvider {
  /** Holds the amount. Refuses: payment_declined, with a `reason` for the shopper. */
  authorize(
    request: AuthorizeRequest,
    time: CallTime,
  ): Promise<Authorization | Refusal<"payment_declined">>;

  /** Asks how a payment stands that the shopper was sent away for: the truth behind all events. */
  shopperOutcome(reference: string): Promise<ShopperOutcome>;

  /** Takes the held amount. A definite no is a value: the sale is placed and has to be cancelled. */
  capture(key: string, authorization: Authorization): Promise<CaptureResult>;

  /** Gives a part of captured money back. Throws while the provider has not decided. */
  refund(key: string, authorization: Authorization, amount: Money): Promise<RefundResult>;

  /**
   * Finds out what an authorization came to, by its key and its reference, and gives the money
   * back. Works without the answer of `authorize`, twice, and before a late `authorize` arrives.
   */
  resolveAndVoid(
    request: AuthorizeRequest,
    known: Authorization | undefined,
    time: CallTime,
  ): Promise<ReversalResult>;
}

/** What a verified webhook says, reduced to what the sale needs. */
export type PaymentWebhook = {
  readonly provider: ProviderName;
  readonly eventId: string;
  readonly type: string;
  readonly reference: string;
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  readonly createdAtMs: number;
};
