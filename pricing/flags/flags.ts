import { type Client, OpenFeature } from "@openfeature/server-sdk";
import type { SaleFlags } from "../../schema/flag.ts";
import type { CheckoutId, ShopId } from "../../schema/ids.ts";
import type { Currency } from "../../schema/money.ts";
import type { Country, RegionCode } from "../../schema/regions.ts";
import type { FlagCopy } from "./flag-copy.ts";
import { readDefinitions } from "./flag-definitions.ts";
import { type Fetched, fetchDefinitions, sourceOf, type Unleash } from "./unleash-client.ts";
import { UnleashProvider } from "./unleash-provider.ts";

const REFRESH_MS = 15_000; // as often as Unleash's own clients ask
const BEHIND_MS = 5_000; // for a refresh that no sale waits for
const FIRST_MS = 300; // for the first one of an isolate without a copy, which a sale waits for

/** The sale that flags are decided for. No personal data: the customer is a pseudonym. */
export type FlaggedSale = {
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  readonly customerReference: string;
  readonly region: RegionCode;
  readonly country: Country;
  readonly currency: Currency;
};

type Source = {
  readonly region: RegionCode;
  readonly unleash: Unleash;
  readonly copy: FlagCopy;
};

/**
 * A region's flags in one isolate (decision 20). Sales are answered by the definitions read last,
 * which are read again behind them; an Unleash that is away, slow or talks nonsense changes
 * nothing. All flags are off where nothing could ever be read.
 */
export class Flags {
  readonly #source: Source;
  #provider: UnleashProvider | undefined;
  #client: Client | undefined;
  #etag: string | undefined;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(source: Source) {
    this.#source = source;
  }

  async of(sale: FlaggedSale, nowMs: number): Promise<SaleFlags> {
    if (!this.#provider) await this.#begin(nowMs);
    if (nowMs - this.#askedAtMs >= REFRESH_MS) void this.#refresh(nowMs, BEHIND_MS);
    return this.#evaluate(sale, nowMs);
  }

  /** From the copy, or else from Unleash itself. */
  async #begin(nowMs: number): Promise<void> {
    try {
      const kept = await this.#source.copy.read();
      if (kept) await this.#use(kept);
    } catch (problem) {
      console.warn({ event: "flags.copy_unreadable", problem: String(problem) });
    }
    if (this.#provider || nowMs - this.#askedAtMs < REFRESH_MS) return;
    await this.#refresh(nowMs, FIRST_MS);
  }

  /** Notes the time before it asks, so that sales that come meanwhile do not ask too. */
  async #refresh(nowMs: number, withinMs: number): Promise<void> {
    const { region, unleash, copy } = this.#source;
    this.#askedAtMs = nowMs;
    try {
      const fetched = await fetchDefinitions(unleash, this.#etag, withinMs);
      if (fetched === "unchanged") return;
      await this.#use(fetched);
      await copy.keep(fetched, nowMs);
    } catch (problem) {
      console.warn({ event: "flags.refresh_failed", region, problem: String(problem) });
    }
  }

  async #use({ etag, text }: Fetched): Promise<void> {
    const definitions = readDefinitions(text);
    if (this.#provider) this.#provider.use(definitions);
    else {
      const { region, unleash } = this.#source;
      const domain = `${region}/${sourceOf(unleash)}`;
      const provider = new UnleashProvider(definitions);
      await OpenFeature.setProviderAndWait(domain, provider);
      this.#provider = provider;
      this.#client = OpenFeature.getClient(domain);
    }
    this.#etag = etag;
  }

  /**
   * All at once, from one set of definitions: these evaluations wait for nothing outside, so that no
   * refresh comes between them.
   */
  async #evaluate(sale: FlaggedSale, nowMs: number): Promise<SaleFlags> {
    const client = this.#client;
    if (!client) return {};
    const { shopId, checkoutId, customerReference, region, country, currency } = sale;
    const context = {
      targetingKey: customerReference,
      sessionId: checkoutId,
      appName: "tender",
      currentTime: new Date(nowMs),
      properties: { shop: shopId, region, country, currency },
    };
    const names = this.#provider?.names ?? [];
    const found = await Promise.all(
      names.map((name) => client.getBooleanDetails(name, false, context)),
    );
    return Object.fromEntries(
      found
        .filter(({ value }) => value)
        .map(({ flagKey, variant }) => [flagKey, variant ?? true] as const),
    );
  }
}
