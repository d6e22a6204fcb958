import type { LedgerPayment, LedgerSource } from "../../payments/ledger-source.ts";
import type { Providers } from "../../payments/providers/providers.ts";
import { providersFrom } from "../../payments/providers/providers.ts";
import { type OfEach, ofEach, registry } from "../../payments/providers/registry.ts";
import { UnroutedWebhooks } from "../../payments/unrouted-webhooks.ts";
import type { Notice } from "../../payments/webhook-notice.ts";
import { type CheckoutId, regionOf, type ShopId } from "../../schema/ids.ts";
import { zero } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import type { ProviderName } from "../../schema/payment.ts";

/**
 * How long a payment is left to its running sale, ms.
 * Throws: when the variable is no number, for then everything would count as old.
 */
export function graceMs({ RECONCILIATION_GRACE_MS }: Env): number {
  const grace = Number(RECONCILIATION_GRACE_MS);
  const isGood = RECONCILIATION_GRACE_MS !== "" && Number.isSafeInteger(grace) && grace >= 0;
  assert(isGood, "RECONCILIATION_GRACE_MS is a whole number of milliseconds");
  return grace;
}

/** One payment, as our findings name it. */
export type Named = {
  readonly provider: ProviderName;
  readonly reference: string;
  readonly ourReference: string;
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
};

/** The providers' books, and what webhooks told of what is not in them yet. */
export class ProviderBooks {
  readonly providers: Providers;
  readonly #sources: OfEach<LedgerSource>;
  readonly #kept: UnroutedWebhooks;

  constructor(env: Env) {
    this.providers = providersFrom(env);
    this.#sources = ofEach((provider) => registry[provider].books(env));
    this.#kept = new UnroutedWebhooks(env.CATALOG);
  }

  /** Where a provider's books are read, and what can be expected of them. */
  of(provider: ProviderName): LedgerSource {
    return this.#sources[provider];
  }

  /** As it stands now; undefined when the books have none of that name. */
  async payment(named: Named, nowMs: number): Promise<LedgerPayment | undefined> {
    const books = this.of(named.provider);
    const booked = await books.payment(named.reference);
    return booked || books.isComplete ? booked : this.#heardPayment(named, nowMs);
  }

  /** What webhooks told or would have told of it: for its sale, or for giving it back. */
  async noticesOf({ provider, reference }: Named, nowMs: number): Promise<readonly Notice[]> {
    const told = await this.#kept.toldOf(provider, reference);
    const booked = await this.of(provider).notices(reference, nowMs);
    const known = new Set(told.map(({ noticeId }) => noticeId));
    return [...told, ...booked.filter(({ noticeId }) => !known.has(noticeId))];
  }

  /** Not in the books yet: only webhooks can tell what it holds. */
  async #heardPayment(named: Named, nowMs: number): Promise<LedgerPayment | undefined> {
    const { provider, reference, ourReference, shopId, checkoutId } = named;
    const heard = await this.noticesOf(named, nowMs);
    const name = { shopId, checkoutId, paymentReference: ourReference, method: "card" } as const;
    const call = { region: regionOf(checkoutId), startedAtMs: nowMs, nowMs, nthTry: 1, heard };
    const secured = await this.providers[provider].lookUp(name, call);
    const told = heard.find(({ amount }) => amount)?.amount;
    if (!told) return undefined;
    const none = zero(told.currency);
    const same = { provider, reference, ourReference, amount: told, createdAtMs: 0 };
    const status = secured ? "held" : "ended";
    return { ...same, status, captured: none, refunded: none, isDisputed: false };
  }
}
