import { randomUUID } from "node:crypto";
import { providerKey } from "../../payments/idempotency-key.ts";
import { paymentReference } from "../../payments/payment-reference.ts";
import type { AuthorizeRequest, ProviderCall, Secured } from "../../payments/provider.ts";
import { StripeProvider } from "../../payments/stripe/stripe.provider.ts";
import { checkoutIdFrom, ShopId } from "../../schema/ids.ts";
import { assert, isRefusal } from "../../schema/outcome.ts";
import { openStripe } from "../specs/simulators-alone.ts";

export const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

type Wanted = Partial<AuthorizeRequest> & { readonly shopperName?: string };

/** A payment that nobody made yet: a card over 17.89 EUR, where nothing else is wanted. */
export function begin({ shopperName = "Ada Lovelace", ...wanted }: Wanted = {}) {
  const shopId = ShopId.parse("demo");
  const checkoutId = checkoutIdFrom("eu", Buffer.from(randomUUID()));
  const nowMs = Date.now();
  const name = {
    shopId,
    checkoutId,
    paymentReference: paymentReference({ shopId, checkoutId, attempt: 1 }),
  };
  const request: AuthorizeRequest = {
    ...name,
    key: providerKey(checkoutId, "authorize"),
    amount: eur(1789),
    method: "card",
    token: "pm_card_visa",
    shopper: { email: "ada@shop.test", name: shopperName, country: "NL" },
    returnUrl: "https://shop.test/back",
    offerEndsAtMs: nowMs + 600_000,
    severalCaptures: false,
    ...wanted,
  };
  const call: ProviderCall = { region: "eu", startedAtMs: nowMs, nowMs, nthTry: 1, heard: [] };
  return { name, request, call, keyOf: (part: string) => providerKey(checkoutId, part) };
}

export type Begun = ReturnType<typeof begin>;

/** The adapter on the wire to the simulator, without a sale around it. */
export async function openAdapter() {
  const simulator = await openStripe();
  const config = { apiBase: simulator.url, secretKey: "sk_test_local" };
  const provider = new StripeProvider(config);
  async function authorized({ request, call }: Begun): Promise<Secured> {
    const answer = await provider.authorize(request, call);
    assert(!isRefusal(answer), "the payment is authorized");
    assert(answer.reference, "Stripe names a payment at once");
    return { ...answer, reference: answer.reference };
  }
  return {
    ...simulator,
    config,
    provider,
    authorized,
    /** A card payment, its money taken. */
    captured: async (sale: Begun): Promise<Secured> => {
      const secured = await authorized(sale);
      const { amount } = sale.request;
      const key = sale.keyOf("capture");
      await provider.capture({ ...sale.name, key, secured, amount, n: 1, isLast: true }, sale.call);
      return secured;
    },
    /** What the shopper does, at whatever page or code they were sent to. */
    act: (reference: string, what: "approve" | "decline") =>
      simulator.door(`shopper/${reference}`, {
        method: "POST",
        body: JSON.stringify({ act: what }),
      }),
  };
}

/** The same call until it answers, as a saga makes it. */
export async function persistently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < 4; attempt++) {
    try {
      return await call();
    } catch {
      // Unknown: the same call again is how it is found out.
    }
  }
  return call();
}
