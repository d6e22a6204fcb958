import { capabilityOf } from "../../../payments/method-capabilities.ts";
import type { Secured } from "../../../payments/provider.ts";
import type { NoRoute } from "../../../payments/routing/amount-route.ts";
import { drawOf, type Route, type RouteBook } from "../../../payments/routing/routing.ts";
import type { CheckoutId, ShopId } from "../../../schema/ids.ts";
import type { Money } from "../../../schema/money.ts";
import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import type {
  CaptureMode,
  PaymentDetails,
  PaymentMethod,
  PaymentRequest,
  SaleMethod,
} from "../../../schema/payment.ts";
import type { Country, RegionCode } from "../../../schema/regions.ts";
import type { Checkout, Payment, RoutedAttempt } from "../sale/checkout.ts";
import { withPayment } from "../sale/checkout-changes.ts";
import { RETRIES_MS } from "../sale/durations.ts";
import { type PlaceFreeInput, whyNotMethod } from "./place-free.input.ts";
import { providersWithToken, type StoredTokens, storedTokens } from "./provider-tokens.ts";
import type { AttemptedGoods } from "./stock-steps.ts";

const FREE = "the total is zero: no provider is asked";

/** A payment as it may be written down: nothing that Adyen's component gave is in it. */
export type PaymentInput = StoredTokens & {
  readonly method: SaleMethod;
  readonly details?: PaymentDetails | undefined;
  /** Where the shopper's browser goes in the end; the storefront's own page. */
  readonly returnUrl?: string | undefined;
};

/** One attempt to pay, as its run keeps it. */
export type PayInput = AttemptedGoods &
  RoutedAttempt & {
    readonly amount: Money;
    readonly method: PaymentMethod;
    readonly payment: PaymentInput;
    readonly shopper: { readonly email: string; readonly name?: string; readonly country: string };
    readonly captureMode: CaptureMode;
    /** When an unpaid QR code or link ends, epoch ms. */
    readonly offerEndsAtMs: number;
    /** Our own address that the provider sends the shopper back to. */
    readonly returnUrl?: string | undefined;
    /** Money that came after its attempt was given up: nothing is authorized, it pays as it is. */
    readonly late?: { readonly attempt: number; readonly secured: Secured } | undefined;
  };

/** Who is tried, in which order, and when the money is taken. */
export type Routed = Route & { readonly captureMode: CaptureMode };

export function storable({ method, tokens, details, returnUrl }: PaymentRequest): PaymentInput {
  return { method, ...storedTokens(tokens), details, returnUrl };
}

type Wanted = {
  /** The run that it will be: what chance decides is derived from it. */
  readonly runId: string;
  readonly shopId: ShopId;
  readonly region: RegionCode;
  readonly country: Country;
  readonly amount: Money;
};

/** What a checkout's next payment is for. */
export function wantedNext(checkout: Checkout): Wanted {
  const { shopId, checkoutId, region, quote, request, payments } = checkout;
  const runId = payRunId(checkoutId, payments.length + 1);
  return { runId, shopId, region, country: request.country, amount: quote.total };
}

/**
 * Refuses, before anything is tried: payment_required and payment_not_required where the method does
 * not fit the total; payment_method_unavailable or amount_too_small where nobody can take it.
 */
export function routed(
  book: RouteBook,
  { runId, ...wanted }: Wanted,
  payment: PaymentInput,
): Routed | NoRoute | Refusal<"payment_required" | "payment_not_required"> {
  const { method, details, returnUrl } = payment;
  const no = whyNotMethod(method, wanted.amount);
  if (no) return no;
  const { captureMode } = book;
  if (method === "none") return { providers: [], why: [FREE], captureMode };
  const route = book.route({
    ...{ ...wanted, method, draw: drawOf(runId) },
    tokens: providersWithToken(payment),
    has: [...(details?.cpf ? ["cpf" as const] : []), ...(returnUrl ? ["returnUrl" as const] : [])],
  });
  return isRefusal(route) ? route : { ...route, captureMode };
}

/** The longest that an attempt with these providers can take, and its shopper's part of it. */
export function windowsOf({ providers }: Route, method: PaymentMethod) {
  const shoppers = providers.map((provider) => capabilityOf(provider, method)?.shopperMs ?? 0);
  const shopperMs = Math.max(0, ...shoppers);
  return { shopperMs, windowMs: shopperMs + RETRIES_MS };
}

type Way = {
  readonly routed: Routed;
  /** Of this API as the storefront called it: shoppers come back to it from their bank. */
  readonly origin: string;
  readonly nowMs: number;
};

/** The checkout's next payment: its record, and the run that makes it. */
export function nextPayment(checkout: Checkout, payment: PaymentInput, way: Way) {
  const { shopId, checkoutId, quote, customer, shippingAddress } = checkout;
  const attempt = checkout.payments.length + 1;
  const { captureMode, ...route } = way.routed;
  const { method, returnUrl } = payment;
  const basics = { ...payBasics(checkout, attempt), route, amount: quote.total };
  if (method === "none") {
    const free: PlaceFreeInput = { ...basics, method, windowMs: RETRIES_MS };
    return paymentBegun(checkout, free, {});
  }
  const { shopperMs, windowMs } = windowsOf(route, method);
  const name = customer.name ?? shippingAddress?.name;
  const input: PayInput = {
    ...{ ...basics, method, payment, captureMode, windowMs },
    shopper: {
      email: customer.email,
      ...(name ? { name } : {}),
      country: checkout.request.country,
    },
    offerEndsAtMs: way.nowMs + shopperMs,
    returnUrl:
      returnUrl && `${way.origin}/v1/checkouts/${checkoutId}/return/${attempt}?shop=${shopId}`,
  };
  return paymentBegun(checkout, input, { returnUrl });
}

export function payRunId(checkoutId: CheckoutId, attempt: number): string {
  return `${checkoutId}/pay/${attempt}`;
}

/** What the run of every payment of this checkout begins with. */
export function payBasics({ shopId, checkoutId, cart, hold }: Checkout, attempt: number) {
  return { sale: { shopId, checkoutId }, cart, attempt, hold };
}

/** A payment as it begins: its record in the sale, and its run. */
export function paymentBegun(
  checkout: Checkout,
  input: PayInput | PlaceFreeInput,
  more: Partial<Payment>,
) {
  const { attempt, method, amount, sale } = input;
  const saga = method === "none" ? "placeFree" : "pay";
  const runId = payRunId(sale.checkoutId, attempt);
  const payment: Payment = { ...more, attempt, runId, method, amount, status: "processing" };
  return { saga, runId, input, paying: withPayment(checkout, payment) };
}
