import type { ApiKey } from "./api-keys.ts";

/** What a request carries through the edge: bindings, and what the middleware found out. */
export type EdgeEnv = {
  Bindings: Env;
  Variables: {
    requestId: string;
    apiKey: ApiKey;
    /** Of route and payload: the same Idempotency-Key with another one is refused (decision 3). */
    fingerprint: string;
    /** Barcodes by form that could be cards by chance: sold only where the catalogue has them. */
    doubtfulSkus: readonly string[];
  };
};
