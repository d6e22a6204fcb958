/** Sales at Adyen's simulator through our adapter: calls are repeated, and webhooks read, as the engine does it. */

import { expect } from "vitest";
import { AdyenProvider } from "../../payments/adyen/adyen.provider.ts";
import { adyenConfigFrom } from "../../payments/adyen/config.ts";
import { readAdyenWebhook } from "../../payments/adyen/webhook.ts";
import { providerKey } from "../../payments/idempotency-key.ts";
import { paymentReference } from "../../payments/payment-reference.ts";
import type {
  Authorization,
  AuthorizeRequest,
  ProviderCall,
  Secured,
} from "../../payments/provider.ts";
import type { Notice } from "../../payments/webhook-notice.ts";
import { CheckoutId, ShopId } from "../../schema/ids.ts";
import { isRefusal } from "../../schema/outcome.ts";
import type { NextAction } from "../../schema/payment.ts";
import { localKeys } from "../../scripts/machine/local-keys.ts";
import { eventually } from "../eventually.ts";
import { openAdyen } from "../specs/adyen-alone.ts";

export const PATIENTLY = { withinMs: 40_000 };
export const amount = { amountMinor: 1789, currency: "EUR" };

let sales = 0;
type Card = { readonly holderName?: string; readonly number?: string };

/** A sale's first attempt; its card is a test card of Adyen's. */
export function newRequest({ holderName = "A. Shopper", number = "4111111111111111" }: Card = {}) {
  sales += 1;
  const shopId = ShopId.parse("demo");
  const checkoutId = CheckoutId.parse(`chk_eu_${String(sales).padStart(26, "0")}`);
  return {
    ...{ shopId, checkoutId, amount },
    key: providerKey(checkoutId, "authorize"),
    paymentReference: paymentReference({ shopId, checkoutId, attempt: 1 }),
    method: "card",
    card: {
      type: "scheme",
      encryptedCardNumber: `test_${number}`,
      encryptedExpiryMonth: "test_03",
      encryptedExpiryYear: "test_2030",
      encryptedSecurityCode: "test_737",
      holderName,
    },
    shopper: { email: "ada@example.com", name: "Ada Lovelace", country: "NL" },
    returnUrl: "https://shop.test/back?from=bank",
    offerEndsAtMs: Date.now() + 600_000,
    severalCaptures: false,
  } as const satisfies AuthorizeRequest;
}

/** What a shopper does on a provider's page; answers what the page sends back to the shop. */
export async function act(shopper: NextAction | undefined, outcome: string) {
  const body = new URLSearchParams({ outcome });
  const back = await fetch(shopper?.url ?? "", { method: "POST", redirect: "manual", body });
  const location = back.headers.get("location");
  return location === null ? {} : Object.fromEntries(new URL(location).searchParams);
}

/** The simulator and the adapter, and a caller that does not give up. */
async function openAdapter() {
  const adyen = await openAdyen();
  const { receiver } = adyen;
  const config = adyenConfigFrom({ ...localKeys, ADYEN_API_BASE: `${adyen.url}/adyen` });
  const provider = new AdyenProvider(config);

  /** What the webhooks have told of a sale so far; each of them is verified. */
  async function heardOf({ checkoutId }: { readonly checkoutId: CheckoutId }): Promise<Notice[]> {
    const readings = await Promise.all(
      receiver.deliveries.map(({ raw }) => readAdyenWebhook(config, raw, Date.now())),
    );
    return readings.flatMap((reading) => {
      expect(reading.is).toBe("verified");
      if (reading.is !== "verified") return [];
      return reading.routed
        .filter((routed) => routed.checkoutId === checkoutId)
        .map(({ notice }) => notice);
    });
  }

  /** Makes a call again and again, as the engine does, until it has an answer that is an end. */
  async function persist<T>(
    sale: AuthorizeRequest,
    make: (call: ProviderCall) => Promise<T>,
    isEnd: (value: T) => boolean = () => true,
  ): Promise<T> {
    const startedAtMs = Date.now();
    let nthTry = 0;
    const read = async () => {
      nthTry += 1;
      const heard = await heardOf(sale);
      const call = { region: "eu", startedAtMs, nowMs: Date.now(), nthTry, heard } as const;
      return make(call).then(
        (value) => ({ value }),
        (error: unknown) => ({ error: String(error) }),
      );
    };
    const isOver = (last: { value: T } | { error: string }) => "value" in last && isEnd(last.value);
    const last = await eventually(read, isOver, PATIENTLY);
    if (!("value" in last)) throw new Error(last.error);
    return last.value;
  }

  return { adyen, config, provider, persist };
}

/** Opens the simulator and the adapter for one file. */
export async function openAdyenSales() {
  const opened = await openAdapter();
  const { adyen, persist, provider } = opened;

  const authorized = async (request: AuthorizeRequest): Promise<Authorization> => {
    const answer = await persist(request, (call) => provider.authorize(request, call));
    if (isRefusal(answer)) throw new Error(JSON.stringify(answer));
    return answer;
  };

  const secure = async (request: AuthorizeRequest): Promise<Secured> => {
    const { reference, ...rest } = await authorized(request);
    if (reference === undefined) throw new Error("an authorization without a name");
    return { ...rest, reference };
  };

  function captured(request: AuthorizeRequest, secured: Secured, money = amount, n = 1) {
    const key = providerKey(request.key, "capture", String(n));
    const wanted = { ...request, key, secured, amount: money, n, isLast: false };
    return persist(
      request,
      (call) => provider.capture(wanted, call),
      ({ capture }) => capture !== "pending",
    );
  }

  function refunded(request: AuthorizeRequest, secured: Secured, money = amount, n = 1) {
    const key = providerKey(request.key, "refund", String(n));
    return persist(
      request,
      (call) => provider.refund({ ...request, key, secured, amount: money, n }, call),
      ({ refund }) => refund !== "pending",
    );
  }

  const reversed = (request: AuthorizeRequest, known?: Authorization) =>
    persist(request, (call) => provider.resolveAndVoid(request, known, call));

  const ledger = ({ paymentReference }: AuthorizeRequest) => adyen.ledgerOf(paymentReference);

  return { ...opened, authorized, secure, captured, refunded, reversed, ledger };
}
