import type { RegionCode } from "../schema/regions.ts";
import type { LedgerSource } from "./ledger-source.ts";
import type { PaymentProvider } from "./provider.ts";
import type { Report, RoutedNotice, Unroutable, WebhookReading } from "./webhook-notice.ts";

/** A webhook request as it came in. */
export type WebhookRequest = {
  /** Byte for byte: signatures are over it. */
  readonly rawBody: string;
  readonly headers: Headers;
  readonly nowMs: number;
};

/**
 * All that the rest of the house asks of one provider by its name. No field may be left out: a
 * provider that lacks something says `undefined`, with the reason. `Env` is what of the
 * deployment's variables and secrets it needs.
 */
export type ProviderRegistration<Env> = {
  /** How sales pay at it. */
  readonly adapter: (env: Env) => PaymentProvider;
  /** Where its API stands for a region: it is connected to before the first call to a suspect. */
  readonly apiBaseOf: (env: Env, region: RegionCode) => string;
  /** Its door, `POST /v1/webhooks/{name}`. */
  readonly webhooks: {
    readonly summary: string;
    /** Throws: when it cannot be read now; the provider then sends it again. */
    readonly read: (env: Env, request: WebhookRequest) => Promise<WebhookReading>;
  };
  /** Its events, where they can be asked for again: missed webhooks are found by them. */
  readonly events: EventSource<Env> | undefined;
  /** Its books: reconciliation compares orders with them. */
  readonly books: (env: Env & Catalog) => LedgerSource;
  /**
   * Reads a report that its webhook announced into its books, as of a UTC day; answers how many
   * bookings it has. Throws when it cannot be had or read now; safe to repeat. Undefined where
   * nothing is announced.
   */
  readonly reports:
    | ((env: Env & Catalog, report: Report, day: string) => Promise<number>)
    | undefined;
  /**
   * A token of it, as sent to us, without a test value that looks like a card number and that this
   * deployment's account takes; else the token as it is. Undefined where no token looks like one.
   */
  readonly withoutTestCard:
    | ((env: Env, token: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>)
    | undefined;
  /** The query parameters by which a shopper brings back what only this provider can read. */
  readonly returnProofs: readonly string[];
};

/** Where those books are kept that a provider does not keep for us to ask. */
type Catalog = { readonly CATALOG: D1Database };

type EventSource<Env> = {
  /** Undefined when the provider has it no more. Throws when it cannot be asked now. */
  readonly fetch: (env: Env, eventId: string) => Promise<RoutedNotice | Unroutable | undefined>;
  /**
   * Those from `sinceMs` until before `untilMs` (epoch ms; now when it is absent), newest first.
   * Throws when they cannot be read now; what was yielded before stands.
   */
  readonly since: (
    env: Env,
    sinceMs: number,
    untilMs: number | undefined,
  ) => AsyncIterable<RoutedNotice | Unroutable>;
  /** How far back it tells of events. */
  readonly lookBackMaxMs: number;
};
