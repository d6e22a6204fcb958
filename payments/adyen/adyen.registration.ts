import type { ProviderRegistration } from "../provider-registration.ts";
import { AdyenProvider } from "./adyen.provider.ts";
import { type AdyenEnv, adyenConfigFrom, endpointOf } from "./config.ts";
import { downloadReport } from "./report-download.ts";
import { Bookings } from "./settlement-bookings.ts";
import { readSettlementReport } from "./settlement-report.ts";
import { PROOFS } from "./shopper-return.ts";
import { withoutTestCard } from "./test-card.ts";
import { readAdyenWebhook } from "./webhook.ts";

export const adyen: ProviderRegistration<AdyenEnv> = {
  adapter: (env) => new AdyenProvider(adyenConfigFrom(env)),
  apiBaseOf: (env, region) => endpointOf(adyenConfigFrom(env), region),
  webhooks: {
    summary:
      "Where Adyen sends its standard webhooks. Answers once each item is stored in its sale.",
    read: (env, { rawBody, nowMs }) => readAdyenWebhook(adyenConfigFrom(env), rawBody, nowMs),
  },
  // They cannot be asked for, and those that name a sale of ours come with it.
  events: undefined,
  books: (env) => new Bookings(env.CATALOG),
  reports: async (env, report, day) => {
    const bookings = readSettlementReport(await downloadReport(adyenConfigFrom(env), report));
    await new Bookings(env.CATALOG).keep(day, bookings);
    return bookings.length;
  },
  withoutTestCard,
  returnProofs: PROOFS,
};
