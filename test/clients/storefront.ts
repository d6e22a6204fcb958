import { randomUUID } from "node:crypto";
import type { Money } from "../../schema/money.ts";
import type { Told } from "../audit/dumps.ts";

export const STOREFRONT_KEY = "pk_test_storefront";
export const MERCHANT_KEY = "sk_test_merchant";

/** Longer than any answer that the product promises; a call that hangs is a fault to be repeated. */
const ANSWER_TIMEOUT_MS = 60_000;

/** What of an answer the tests read; which fields are there depends on the call. */
export type Body = {
  readonly checkoutId?: string;
  readonly clientSecret?: string;
  readonly orderId?: string;
  /** A checkout's or order's status; in a problem the HTTP status. */
  readonly status?: string | number;
  readonly region?: string;
  readonly quote?: { readonly total: Money; readonly tax: Money; readonly hash: string };
  readonly total?: Money;
  readonly paymentMethods?: readonly string[];
  readonly fulfilment?: string;
  readonly payment?: {
    readonly status: string;
    readonly attempt: number;
    readonly nextAction?: { readonly type: string; readonly url?: string };
  };
  /** Beside a checkout whose order changed. */
  readonly order?: { readonly status: string; readonly refunded: Money };
  readonly timeline?: readonly { readonly step: string; readonly state: string }[];
  readonly code?: string;
  readonly then?: string;
  readonly requestId?: string;
  readonly skus?: readonly string[];
};

export type Answer = {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
  readonly replayed: boolean;
  readonly headers: Headers;
};

export type Checkout = { readonly checkoutId: string; readonly clientSecret: string };

export type Call = {
  readonly body?: unknown;
  /** The Idempotency-Key; `null` sends none. */
  readonly key?: string | null;
  readonly secret?: string | undefined;
  readonly apiKey?: string;
  readonly ifMatch?: string;
  readonly customerToken?: string;
};

/** A cart for one shopper in Germany unless said otherwise. */
export function cartOf(sku: string, quantity = 1, more: object = {}) {
  const customer = { email: "ada@example.com", name: "Ada Lovelace" };
  return { lines: [{ sku, quantity }], currency: "EUR", country: "DE", customer, ...more };
}

/** An American's: their country's taxes are the states'. */
export const american = {
  ...{ country: "US", currency: "USD" },
  shippingAddress: {
    ...{ name: "Grace Hopper", line1: "1 Market Street", city: "San Francisco" },
    ...{ state: "CA", postalCode: "94105", country: "US" },
  },
};

export function cardPayment(token: string, expectedTotal: Money | undefined) {
  return { payment: { method: "card", tokens: { stripe: token } }, expectedTotal };
}

/** The test value of an encrypted card, as Adyen's client component gives it. */
export function adyenCard(more: { number?: string; holderName?: string } = {}) {
  const { number = "4111111111111111", holderName = "Ada Lovelace" } = more;
  return {
    ...{ type: "scheme", encryptedCardNumber: `test_${number}`, holderName },
    ...{ encryptedExpiryMonth: "test_03", encryptedExpiryYear: "test_2030" },
    encryptedSecurityCode: "test_737",
  };
}

/**
 * A storefront's own client: plain fetch, an idempotency key per call, every answer written down in
 * `told` for the auditor. A call without an answer throws, and is written down as status 0.
 */
export class Storefront {
  readonly url: string;
  readonly told: Told[];

  constructor(url: string, told: Told[] = []) {
    this.url = url;
    this.told = told;
  }

  create(body: object, call: Call = {}): Promise<Answer> {
    return this.post("/v1/checkouts", { ...call, body });
  }

  pay(checkout: Checkout, body: object, call: Call = {}): Promise<Answer> {
    const path = `/v1/checkouts/${checkout.checkoutId}/pay`;
    return this.post(path, { secret: checkout.clientSecret, ...call, body });
  }

  cancel(checkout: Checkout, call: Call = {}): Promise<Answer> {
    const path = `/v1/checkouts/${checkout.checkoutId}/cancel`;
    return this.post(path, { secret: checkout.clientSecret, ...call });
  }

  /** Changes an open checkout. Not told to the auditor: its answer is no promise of a sale. */
  patch(checkout: Checkout, body: object, call: Call = {}): Promise<Answer> {
    const path = `/v1/checkouts/${checkout.checkoutId}`;
    return this.#send("PATCH", path, { secret: checkout.clientSecret, ...call, body });
  }

  refund(orderId: string, body: object, call: Call = {}): Promise<Answer> {
    return this.post(`/v1/orders/${orderId}/refunds`, { apiKey: MERCHANT_KEY, ...call, body });
  }

  cancelOrder(orderId: string, call: Call = {}): Promise<Answer> {
    return this.post(`/v1/orders/${orderId}/cancel`, { apiKey: MERCHANT_KEY, ...call });
  }

  checkout(checkout: Checkout, call: Call = {}): Promise<Answer> {
    const path = `/v1/checkouts/${checkout.checkoutId}`;
    return this.#send("GET", path, { secret: checkout.clientSecret, ...call });
  }

  order(orderId: string, call: Call = {}): Promise<Answer> {
    return this.#send("GET", `/v1/orders/${orderId}`, { apiKey: MERCHANT_KEY, ...call });
  }

  /** A call that changes no sale, so nobody audits its answer: carts, for one. */
  send(method: string, path: string, call: Call = {}): Promise<Answer> {
    return this.#send(method, path, call);
  }

  async post(path: string, call: Call): Promise<Answer> {
    const key = call.key === undefined ? randomUUID() : call.key;
    const note = (status: number, body: Body | undefined): void => {
      this.told.push({
        key: key ?? randomUUID(),
        route: `POST ${path}`,
        checkoutId: body?.checkoutId ?? path.split("/").find((part) => part.startsWith("chk_")),
        status,
        body,
        fingerprint: JSON.stringify(call.body ?? null),
        expectedTotal: (call.body as { expectedTotal?: Money } | undefined)?.expectedTotal,
      });
    };
    try {
      const answer = await this.#send("POST", path, { ...call, key });
      note(answer.status, answer.body);
      return answer;
    } catch (fault) {
      note(0, undefined);
      throw fault;
    }
  }

  async #send(method: string, path: string, call: Call): Promise<Answer> {
    const headers = new Headers({ authorization: `Bearer ${call.apiKey ?? STOREFRONT_KEY}` });
    if (call.secret !== undefined) headers.set("checkout-secret", call.secret);
    if (call.customerToken !== undefined) headers.set("customer-token", call.customerToken);
    if (call.ifMatch !== undefined) headers.set("if-match", call.ifMatch);
    if (typeof call.key === "string") headers.set("idempotency-key", call.key);
    if (call.body !== undefined) headers.set("content-type", "application/json");
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? {} : (JSON.parse(text) as Body),
      text,
      replayed: response.headers.get("idempotent-replayed") === "true",
      headers: response.headers,
    };
  }
}

/** The parts of a create's answer that every later call needs. */
export function checkoutIn(answer: Answer): Checkout & { readonly total: Money } {
  const { checkoutId, clientSecret, quote } = answer.body;
  if (checkoutId === undefined || clientSecret === undefined || quote === undefined) {
    throw new Error(`No checkout in ${answer.status} ${answer.text}`);
  }
  return { checkoutId, clientSecret, total: quote.total };
}
