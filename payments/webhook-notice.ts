import type { CheckoutId, ShopId } from "../schema/ids.ts";
import type { Money } from "../schema/money.ts";
import type { ProviderName } from "../schema/payment.ts";

/**
 * What a webhook is about. Only `authorization`, `capture`, `void` and `refund` say an outcome
 * (with `success`); the others say that something happened and the payment is to be looked at.
 */
export type NoticeKind =
  | "authorization"
  | "capture"
  | "void"
  | "refund"
  | "expiry"
  | "dispute"
  /** The provider's books differ from the order: they are to be read. */
  | "books"
  | "other";

/**
 * A verified webhook, reduced to what its signature covers. For a provider that can be asked it is
 * a reason to ask; for one that cannot (Adyen) it is the answer.
 */
export type Notice = {
  readonly provider: ProviderName;
  /** The same event always has the same one: duplicates are known by it. */
  readonly noticeId: string;
  /** The provider's own word for the event. */
  readonly type: string;
  readonly kind: NoticeKind;
  readonly success: boolean;
  /** The provider's name of the payment. */
  readonly reference: string;
  /** The provider's name of the capture, void or refund; the payment's own where it is about that. */
  readonly about: string;
  /** Our reference as it came back: of the payment, or of the capture or refund. */
  readonly ourReference: string;
  readonly amount?: Money;
  /** The payment's sums by then, where they came along. They give a reason to ask, and no answer. */
  readonly told?: { readonly captured: Money; readonly refunded?: Money };
  /** As the provider dates it, epoch ms. Never decides anything. */
  readonly createdAtMs: number;
};

/** A notice and the sale that it belongs to. */
export type RoutedNotice = {
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  readonly notice: Notice;
};

/** What came of one webhook request. */
export type WebhookReading =
  /** Not the provider's, altered, too old or from the future: nothing in it is believed. */
  | { readonly is: "forged" }
  | {
      readonly is: "verified";
      readonly routed: readonly RoutedNotice[];
      /** Verified, but names no sale of ours (yet): kept by id and fetched again later. */
      readonly unroutable: readonly Unroutable[];
      /** Announced reports that can be downloaded. */
      readonly reports: readonly Report[];
    };

export type Unroutable = {
  readonly provider: ProviderName;
  readonly eventId: string;
  readonly type: string;
  readonly reference: string;
};

export type Report = {
  readonly provider: ProviderName;
  readonly name: string;
  readonly url: string;
};
