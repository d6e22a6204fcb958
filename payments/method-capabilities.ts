import type { Currency } from "../schema/money.ts";
import { PaymentMethod, ProviderName } from "../schema/payment.ts";
import type { Country } from "../schema/regions.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * How long a provider surely keeps idempotency keys, less some hours. A call whose outcome is still
 * unknown by then is not sent any more, for it could act a second time: Stripe may forget keys after
 * 24 h, Adyen after 7 days.
 * Sources: https://docs.stripe.com/api/idempotent_requests,
 * https://docs.adyen.com/development-resources/api-idempotency
 */
export const keysLastMs = {
  stripe: 20 * 3_600_000,
  adyen: 6 * DAY_MS,
} as const satisfies Record<ProviderName, number>;

/** What a provider can do with a method. A pair that is not in the table cannot be paid with. */
export type Capability = {
  /** Two-phase: money is held, then captured; undo is a void. One-phase: paid at once; undo is a refund. */
  readonly phases: 1 | 2;
  readonly shopper: "none_or_redirect" | "redirect" | "qr" | "app_or_qr";
  /** Where the method is known; everywhere when absent. ISO 4217 and ISO 3166-1. */
  readonly currencies?: readonly Currency[];
  readonly countries?: readonly Country[];
  /** Details of the request without which this provider cannot take it. */
  readonly needs?: readonly ("cpf" | "returnUrl")[];
  readonly partialCapture: boolean;
  /** How long a hold is good for, at least; a payment's own `captureBeforeMs` is exact. */
  readonly authorizationMs?: number;
  /** How long after the payment money can be refunded. */
  readonly refundMs: number;
  /** How long the shopper has for their part, from the authorize on. */
  readonly shopperMs: number;
  /** Where the method's own bounds are not the provider's, in the minor units of its currency. */
  readonly limits?: { readonly leastMinor?: number; readonly greatestMinor?: number };
  readonly source: Source;
};

/**
 * The pages that a row is to be compared with, and the day on which it was written. Not every page was
 * open then: who compares a row anew gives it a new day.
 */
type Source = { readonly pages: readonly string[]; readonly writtenOn: string };

const SHOPPER_MS = 12 * MINUTE_MS; // long enough for a bank's app on a second phone

const card = {
  phases: 2,
  shopper: "none_or_redirect",
  partialCapture: true,
  shopperMs: SHOPPER_MS,
} as const;
const ideal = {
  phases: 1,
  shopper: "redirect",
  currencies: ["EUR"],
  countries: ["NL"],
  needs: ["returnUrl"],
  partialCapture: false,
  shopperMs: SHOPPER_MS,
} as const;
/** One step, at the shopper's bank or in the Wero app. */
const wero = {
  phases: 1,
  shopper: "redirect",
  currencies: ["EUR"],
  needs: ["returnUrl"],
  partialCapture: false,
  shopperMs: SHOPPER_MS,
} as const;
const pix = {
  phases: 1,
  shopper: "qr",
  currencies: ["BRL"],
  countries: ["BR"],
  needs: ["cpf"], // Stripe takes it without one for shops in Brazil alone
  partialCapture: false,
  shopperMs: SHOPPER_MS,
} as const;
const upi = {
  phases: 1,
  shopper: "app_or_qr",
  currencies: ["INR"],
  countries: ["IN"],
  partialCapture: false,
  shopperMs: 5 * MINUTE_MS, // https://docs.stripe.com/payments/upi
} as const;

/** What each method can do at all. */
const METHODS_AT_STRIPE = "payments/payment-methods/payment-method-support";
const WRITTEN_ON = "2026-11-25";
/** Its four pages were read then, the first lines of each. */
const WERO_ON = "2026-12-01";

function stripe(...pages: readonly string[]): Source {
  const at = (page: string) => `https://docs.stripe.com/${page}`;
  return { pages: [METHODS_AT_STRIPE, ...pages].map(at), writtenOn: WRITTEN_ON };
}

function adyen(...pages: readonly string[]): Source {
  return { pages: pages.map((page) => `https://docs.adyen.com/${page}`), writtenOn: WRITTEN_ON };
}

/** The table of what can be paid how. */
const table: {
  readonly [Name in ProviderName]: { readonly [Method in PaymentMethod]?: Capability };
} = {
  stripe: {
    card: {
      ...{ ...card, authorizationMs: 7 * DAY_MS, refundMs: 365 * DAY_MS },
      source: stripe("payments/place-a-hold-on-a-payment-method", "refunds"),
    },
    ideal: {
      ...{ ...ideal, refundMs: 180 * DAY_MS, limits: { leastMinor: 1 } },
      source: stripe("payments/ideal", "currencies#minimum-and-maximum-charge-amounts"),
    },
    // Since 2026-10-28; its page states no window for refunds: that of its other bank redirects.
    wero: {
      ...{ ...wero, countries: ["DE"], refundMs: 180 * DAY_MS },
      source: {
        pages: [
          "https://docs.stripe.com/payments/wero",
          "https://docs.stripe.com/changelog/endive/2026-10-28/wero-bank-redirect-payment-method-support",
        ],
        writtenOn: WERO_ON,
      },
    },
    // Up to 3,000 USD there, which is no sum of BRL.
    pix: { ...pix, refundMs: 90 * DAY_MS, source: stripe("payments/pix#refunds") },
    // A rupee up to a lakh.
    upi: {
      ...{ ...upi, refundMs: 60 * DAY_MS },
      ...{ limits: { leastMinor: 100, greatestMinor: 10_000_000 } },
      source: stripe("payments/upi#refunds", "payments/link/upi"),
    },
  },
  adyen: {
    card: {
      ...{ ...card, authorizationMs: 7 * DAY_MS, refundMs: 365 * DAY_MS },
      source: adyen("payment-methods/cards", "online-payments/refund"),
    },
    ideal: { ...ideal, refundMs: 365 * DAY_MS, source: adyen("payment-methods/ideal") },
    // "In development" on 2026-09-25, with these countries; it states no window for refunds.
    wero: {
      ...{ ...wero, countries: ["BE", "DE", "FR", "NL"], refundMs: 365 * DAY_MS },
      source: {
        pages: [
          "https://docs.adyen.com/payment-methods/wero",
          "https://docs.adyen.com/payment-methods/wero/api-only",
        ],
        writtenOn: WERO_ON,
      },
    },
    // The schemes' own windows, for Adyen states none: Brazil's central bank gives 90 days, NPCI 180.
    pix: { ...pix, refundMs: 90 * DAY_MS, source: adyen("payment-methods/pix") },
    // NPCI's standard limit is Stripe's; verified shops may take more, and Adyen states none.
    upi: { ...upi, refundMs: 180 * DAY_MS, source: adyen("payment-methods/upi") },
  },
};

/** Every row of the table, with its source: what nobody looks at for a year is not known any more. */
export const capabilityRows = ProviderName.options.flatMap((provider) =>
  PaymentMethod.options.flatMap((method) => {
    const row = table[provider][method];
    return row ? [{ name: `${method} at ${provider}`, source: row.source }] : [];
  }),
);

/** The longest that any shopper has for their part, whatever they pay with. */
export const longestShopperMs = Math.max(
  ...Object.values(table).flatMap((methods) =>
    Object.values(methods).map(({ shopperMs }) => shopperMs),
  ),
);

export type Market = { readonly country: Country; readonly currency: Currency };

/** What a provider can do with a method at all; undefined when nothing. */
export function capabilityOf(provider: ProviderName, method: PaymentMethod) {
  return table[provider][method];
}

/** The providers that can take a method there, in the table's order. */
export function providersFor(method: PaymentMethod, market: Market): readonly ProviderName[] {
  return ProviderName.options.filter((provider) => {
    const capability = capabilityOf(provider, method);
    return capability !== undefined && serves(capability, market);
  });
}

function serves({ currencies, countries }: Capability, { country, currency }: Market): boolean {
  const knowsCurrency = currencies === undefined || currencies.includes(currency);
  return knowsCurrency && (countries === undefined || countries.includes(country));
}
