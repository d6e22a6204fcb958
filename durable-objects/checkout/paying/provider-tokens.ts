import type { AuthorizeRequest } from "../../../payments/provider.ts";
import type { AdyenMethod } from "../../../schema/adyen-method.ts";
import { type PaymentRequest, ProviderName } from "../../../schema/payment.ts";

type Tokens = NonNullable<PaymentRequest["tokens"]>;

/** What of the shopper's tokens is written down with their payment. These names are stored. */
export type StoredTokens = {
  readonly stripeToken?: string | undefined;
  readonly hasAdyenCard?: boolean | undefined;
};

/** How one provider's token gets from the shopper's request into the provider's. */
type TokenWay = {
  /** What of it may be written down. */
  readonly stored: (tokens: Tokens) => StoredTokens;
  /** What may not, and passes through in memory alone. */
  readonly unstored: (tokens: Tokens) => AdyenMethod | undefined;
  readonly isGiven: (stored: StoredTokens) => boolean;
  /** `card` is what was not stored: absent once a crash took it. */
  readonly request: (
    stored: StoredTokens,
    card: AdyenMethod | undefined,
  ) => Pick<AuthorizeRequest, "token" | "card" | "isOfComponent">;
};

const ways: { readonly [Name in ProviderName]: TokenWay } = {
  stripe: {
    stored: ({ stripe }) => ({ stripeToken: stripe }),
    unstored: () => undefined,
    isGiven: ({ stripeToken }) => stripeToken !== undefined,
    request: ({ stripeToken }) => ({ token: stripeToken }),
  },
  adyen: {
    stored: ({ adyen }) => ({ hasAdyenCard: adyen !== undefined }),
    unstored: ({ adyen }) => adyen,
    isGiven: ({ hasAdyenCard }) => hasAdyenCard === true,
    request: ({ hasAdyenCard }, card) => ({ card, isOfComponent: hasAdyenCard === true }),
  },
};

/** The tokens as they may be written down: no encrypted card is in them. */
export function storedTokens(tokens: Tokens = {}): StoredTokens {
  const parts = ProviderName.options.map((provider) => ways[provider].stored(tokens));
  return parts.reduce((all, part) => Object.assign(all, part), {});
}

/** What of the tokens may only be kept in memory. */
export function unstoredToken(tokens: Tokens = {}): AdyenMethod | undefined {
  const found = ProviderName.options.map((provider) => ways[provider].unstored(tokens));
  return found.find((card) => card !== undefined);
}

/** The providers whose token the shopper gave. */
export function providersWithToken(stored: StoredTokens): readonly ProviderName[] {
  return ProviderName.options.filter((provider) => ways[provider].isGiven(stored));
}

/** What one provider's request has of it: no provider is ever sent another one's token. */
export function tokenFor(
  provider: ProviderName,
  stored: StoredTokens,
  card: AdyenMethod | undefined,
) {
  return ways[provider].request(stored, card);
}
