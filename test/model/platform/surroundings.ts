import type { CheckoutDeps } from "../../../durable-objects/checkout/sale/ports.ts";
import type { Providers } from "../../../payments/providers/providers.ts";
import type { OrderEvent } from "../../../schema/events.ts";
import type { ProviderName } from "../../../schema/payment.ts";
import { quotedFor } from "../../faults/shop/goods.ts";
import type { ModelEnv } from "./build.ts";

const OFFER_MS = 15 * 60_000;

type Surroundings = {
  nowMs(): number;
  readonly inventory: object;
  readonly payments: Providers;
  /** Who is asked for the next payment, in this order. */
  providers(): readonly ProviderName[];
  /** The order store takes these versions in, at once. */
  stores(versions: readonly number[]): void;
};

/** An object's bindings. What it buys, routes and queues is certain here; what it pays with is not. */
export function envOf({ nowMs, inventory, payments, providers, stores }: Surroundings): ModelEnv {
  const route = () => ({ providers: providers(), why: ["the model says so"] });
  const deps: Partial<CheckoutDeps> = {
    payments,
    routing: { book: async () => ({ captureMode: "at_once", route }) },
    quote: async (_buyer, { promotionCodes }) => {
      const { counted: _unlimited, ...quote } = quotedFor(promotionCodes);
      return { ...quote, expiresAt: new Date(nowMs() + OFFER_MS).toISOString() };
    },
    carts: {
      goodsOf: async (_shop, { lines = [], promotionCodes }) => ({ lines, promotionCodes }),
      claim: async () => ({ ok: true }),
      consume: async () => ({ ok: true }),
    },
  };
  const sendBatch = async (batch: readonly { readonly body: OrderEvent }[]) =>
    stores(batch.map(({ body }) => body.sequence));
  const env: object = {
    ...{ RESIDENCY: "simulated", CLOCK_OFFSET_MS: "0", ID_KEY: "id-key", ADYEN_HMAC_KEY: "" },
    ...{ STRIPE_API_BASE: "http://nowhere.invalid", STRIPE_SECRET_KEY: "sk_test_nothing" },
    CARRIER_API_BASE: "",
    DUTIES_API_BASE: "",
    ...{ EVENTS_EU: { sendBatch }, INVENTORY: inventory, PROMOTION: {}, MODEL: deps },
  };
  return env as ModelEnv;
}
