import type { Dispute, Secured } from "../../../payments/provider.ts";
import type { Route } from "../../../payments/routing/routing.ts";
import type { QuoteRequest } from "../../../pricing/quote-request.ts";
import type { Address, BillingAddress, Customer } from "../../../schema/buyer.ts";
import type { Line, Quote } from "../../../schema/checkout.ts";
import type { CartId, CheckoutId, ShopId } from "../../../schema/ids.ts";
import type { Money } from "../../../schema/money.ts";
import type { Order } from "../../../schema/order.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import type {
  CaptureMode,
  NextAction,
  PaymentView,
  ProviderName,
  SaleMethod,
} from "../../../schema/payment.ts";
import type { CountedPromotion } from "../../../schema/promotion.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import type { CheckoutStatus } from "../../../schema/states.ts";
import type { Capture, Refund, Shipment } from "./after-sale-acts.ts";
import type { Cancellation } from "./cancellation.ts";
import type { GoodsReturn, Withdrawal } from "./withdrawal.ts";

/** One sale as its object keeps it. The only place where its personal data stands. */
export type Checkout = {
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  /** The cart that it was made from, if it was. */
  readonly cart?: CartVersion | undefined;
  readonly region: RegionCode;
  readonly status: CheckoutStatus;
  readonly clientSecret: string;
  readonly customer: Customer;
  readonly customerReference: string;
  readonly shippingAddress?: Address | undefined;
  readonly particulars?: Particulars | undefined;
  /** What the quote was asked for; a change is quoted from it anew. */
  readonly request: QuoteRequest;
  readonly quote: Quote;
  readonly hold: Hold;
  /** An open checkout that is not paid by then lets its stock go. Epoch ms. */
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
  /** How often it was opened again after it had expired. */
  readonly reopened?: number;
  readonly payments: readonly Payment[];
  readonly order?: Order;
  /** The payment that the order was placed with; absent where it cost nothing. */
  readonly paidBy?: PaidBy;
  /** Money that is or was taken, in the order in which it was asked for. */
  readonly captures?: readonly Capture[];
  /** Money that goes back by the merchant's wish, in the order in which it was asked for. */
  readonly refunds?: readonly Refund[];
  /** The order is to be cancelled as soon as no other money call is out, and why. */
  readonly cancelBecause?: "capture_refused" | "authorization_expired" | "requested";
  /** The Idempotency-Key of a refund that cancels all there is: it is owed the cancel's answer. */
  readonly cancelsForRefund?: string | undefined;
  /** Pieces that will neither be sent nor paid, in the order in which that was asked for. */
  readonly cancellations?: readonly Cancellation[];
  /** Disputes of the order's payment, as last heard of. */
  readonly disputes?: readonly Dispute[];
  /** It is to end cancelled as soon as no money can come any more. */
  readonly isCalledOff?: true;
  /** What of each SKU was handed over to be carried to the shopper. */
  readonly shipments?: readonly Shipment[];
  /** Withdrawals from the contract; of those that were not confirmed the last one. */
  readonly withdrawals?: readonly Withdrawal[];
  readonly returns?: readonly GoodsReturn[];
  /** Webhooks that could not be looked into so far. */
  readonly unread?: readonly FailedNotice[];
  /** How often the providers were asked a last time, and when they last could not be. */
  readonly lastLooks?: { readonly done: number; readonly failedAtMs?: number };
  /** Somebody was told that the authorization will soon lapse. */
  readonly isExpiryTold?: true;
};

/** What the buyer told for the parcel and the invoice, and no price depends on. Personal data. */
export type Particulars = {
  readonly billingAddress?: BillingAddress | undefined;
  readonly company?: string | undefined;
  readonly note?: string | undefined;
  /** By SKU. */
  readonly lineNotes?: Readonly<Record<string, string>> | undefined;
};

/** A cart as it was when the checkout was priced. */
export type CartVersion = {
  readonly cartId: CartId;
  readonly version: number;
  /** The checkout that has the cart, and whose place this one takes. */
  readonly instead?: CheckoutId | undefined;
};

/** A webhook that could not be looked into: when that is tried again, and what was the matter. */
export type FailedNotice = {
  /** As `noticeName` names it. */
  readonly notice: string;
  readonly attempts: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly dueAtMs: number;
  readonly cause: string;
};

export type PaidBy = {
  readonly attempt: number;
  readonly paymentReference: string;
  readonly secured: Secured;
  readonly captureMode: CaptureMode;
};

/** All lines of a checkout, held under one key, all or none; counted promotions with them. */
export type Hold = {
  readonly key: string;
  /** Of the last change of its lines, done or undone. */
  readonly generation: number;
  readonly lines: readonly Line[];
  readonly expiresAtMs: number;
  /** Absent where every SKU's stock is one object; fixed with the hold, so that it is found again. */
  readonly spread?: Spread | undefined;
  /** By SKU, lines that another region sells as a last resort; fixed with the hold, too. */
  readonly from?: Readonly<Record<string, RegionCode>> | undefined;
  /** The shopper's pseudonyms (`Person`), and whether the payment came with the wish: limits ask for it. */
  readonly shopper?: string | undefined;
  readonly account?: string | undefined;
  readonly isPaying?: boolean | undefined;
  /** Of each of these the checkout has one use. */
  readonly promotions?: readonly CountedPromotion[] | undefined;
};

/** Where a hold's lines are looked for: it begins at a cell of its own, and goes round. */
export type Spread = {
  /** Of the shopper: one cell sees all holds of theirs, and can count them. */
  readonly hash: number;
  /** By SKU, where there are more than one. */
  readonly cells: Readonly<Record<string, number>>;
};

/** One attempt to pay. */
export type Payment = {
  readonly attempt: number;
  readonly runId: string;
  readonly method: SaleMethod;
  readonly amount: Money;
  readonly status: PaymentView["status"];
  readonly provider?: ProviderName;
  readonly refusal?: Refusal;
  /** What the shopper has to do before the provider goes on. */
  readonly nextAction?: NextAction | undefined;
  /** When the shopper last came back from their bank, epoch ms: their proof was sent in then. */
  readonly shopperBackAtMs?: number;
  /** Where the shopper's browser goes in the end; the storefront's own page. */
  readonly returnUrl?: string | undefined;
  /** The attempt whose money came after everybody had given it up. */
  readonly lateOf?: number;
};

/** What of an attempt's run a merchant is shown: who was tried for it, and why. */
export type RoutedAttempt = { readonly attempt: number; readonly route: Route };

/** Its money goes back, or will as soon as no other money call is out. */
export function isCancelled({ status, cancelBecause }: Checkout): boolean {
  return status === "cancelling" || status === "cancelled" || cancelBecause !== undefined;
}

/** Some of the order's goods have left, or are about to: its stock no longer comes back by itself. */
export function hasParcels({ shipments = [] }: Checkout): boolean {
  return shipments.some(({ status }) => status !== "refused");
}

/** An order whose money is held, and nobody is about to take it or has sent its goods. */
export function isUntaken(checkout: Checkout): boolean {
  const { order, captures = [] } = checkout;
  if (order?.payment !== "authorized" || hasParcels(checkout)) return false;
  return captures.every(({ status }) => status === "refused" || status === "unsent");
}

export function paymentOf(checkout: Checkout | undefined, attempt: number): Payment | undefined {
  return checkout?.payments.find((each) => each.attempt === attempt);
}

export function latestPayment(checkout: Checkout): Payment | undefined {
  return checkout.payments.at(-1);
}
