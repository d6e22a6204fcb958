/** The Adyen simulator on a port, the official library pointed at it, a receiver for its webhooks, and a record of both. */

import {
  CheckoutAPI,
  Client,
  EnvironmentEnum,
  HttpClientException,
  Types,
} from "@adyen/api-library";
import { afterAll, beforeEach, expect } from "vitest";
import { localKeys } from "../../scripts/machine/local-keys.ts";
import {
  type AdyenExchange,
  type Envelope,
  envelopeProblems,
  exchangeProblems,
} from "./adyen-schema.ts";
import { openEndpoint, parsed, startSimulators } from "./simulators-alone.ts";

export const merchantAccount = localKeys.ADYEN_MERCHANT_ACCOUNT;

interface Item {
  readonly eventCode: string;
  readonly success: string;
  readonly pspReference: string;
  readonly originalReference?: string;
  readonly merchantReference: string;
  readonly reason?: string;
  readonly additionalData: Readonly<Record<string, string>>;
  readonly amount: { readonly value: number; readonly currency: string };
}

interface Delivery {
  readonly raw: string;
  readonly items: readonly Item[];
}

interface Line {
  readonly merchantReference: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

interface Calls {
  readonly faultsByOperation: Readonly<Record<string, number>>;
  readonly webhooks: { readonly delivered: number; readonly failed: number };
  readonly replays: number;
}

const openReceiver = () =>
  openEndpoint<Delivery>((raw) => {
    const envelope = JSON.parse(raw) as Envelope;
    return {
      raw,
      items: envelope.notificationItems.map((each) => each.NotificationRequestItem as Item),
    };
  });

/** The official library speaks https alone by itself: this lets it reach a port of this machine, and writes down what it said. */
function libraryAt(url: string, exchanges: AdyenExchange[], timeoutMs: number): CheckoutAPI {
  const client = new Client({
    apiKey: localKeys.ADYEN_API_KEY,
    environment: EnvironmentEnum.TEST,
  });
  client.httpClient = {
    async request(endpoint, given, _config, _isApiKeyRequired, options) {
      const { pathname } = new URL(endpoint);
      const json = String(given);
      const response = await fetch(`${url}/adyen${pathname}`, {
        method: "POST",
        body: json,
        headers: {
          "Content-Type": "application/json",
          "X-API-Key": localKeys.ADYEN_API_KEY,
          ...(options?.idempotencyKey ? { "Idempotency-Key": options.idempotencyKey } : {}),
        },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      const { status, headers } = response;
      const path = pathname.replace(/^\/v\d+/, "");
      exchanges.push({ path, request: JSON.parse(json), status, headers, body: parsed(text) });
      if (response.ok) return text;
      throw new HttpClientException({
        message: `HTTP Exception: ${status}`,
        statusCode: status,
        responseBody: text,
        ...(parsed(text) as object),
      });
    },
  };
  return new CheckoutAPI(client);
}

/** Opens the simulator and the library for one file, calm before each test; closes them after the last. */
export async function openAdyen() {
  const receiver = await openReceiver();
  const { url, stop } = await startSimulators({ adyenWebhookUrl: receiver.url });
  const exchanges: AdyenExchange[] = [];
  const door = (path: string, init?: RequestInit) => fetch(`${url}/_simulator/adyen/${path}`, init);
  let used = 0;
  beforeEach(async () => {
    receiver.answer.status = 200;
    await door("control", { method: "DELETE" });
  });
  afterAll(async () => {
    await stop();
    await receiver.close();
  });
  const post = (path: string, body: object) =>
    door(path, { method: "POST", body: JSON.stringify(body) });
  return {
    url,
    door,
    receiver,
    exchanges,
    checkout: libraryAt(url, exchanges, 8_000),
    /** A library of less patience. */
    brief: libraryAt(url, [], 1_000),
    /** A key that nobody used yet. */
    key: () => {
      used += 1;
      return { idempotencyKey: `story-${used}` };
    },
    set: async (setting: object): Promise<void> => {
      expect((await post("control", setting)).status).toBe(200);
    },
    emit: (body: object) => post("events", body),
    calls: async (): Promise<Calls> => (await (await door("calls")).json()) as Calls,
    ledgerOf: async (reference: string): Promise<Line[]> => {
      const lines = (await (await door("ledger")).text()).split("\n").filter((line) => line !== "");
      const rows = lines.map((line) => JSON.parse(line) as Line);
      return rows.filter(({ merchantReference }) => merchantReference === reference);
    },
    /** What the receiver has heard of one payment: `CAPTURE true`, in order of arrival. */
    toldOf: (pspReference: string): string[] =>
      receiver.deliveries
        .flatMap(({ items }) => items)
        .filter((item) => [item.pspReference, item.originalReference].includes(pspReference))
        .map(({ eventCode, success }) => `${eventCode} ${success}`),
    wireProblems: () => [
      ...new Set([
        ...exchanges.flatMap(exchangeProblems),
        ...receiver.deliveries.flatMap(({ raw }) => envelopeProblems(JSON.parse(raw))),
      ]),
    ],
  };
}

/** A card payment that waits for its capture. */
export function cardPayment(
  reference: string,
  { number = "4111111111111111", holderName = "A. Shopper" } = {},
): Types.checkout.PaymentRequest {
  return {
    merchantAccount,
    reference,
    amount: { value: 1299, currency: "EUR" },
    returnUrl: "https://shop.test/back?from=bank",
    additionalData: { manualCapture: "true" },
    metadata: { checkout_id: reference },
    paymentMethod: {
      type: Types.checkout.CardDetails.TypeEnum.Scheme,
      encryptedCardNumber: `test_${number}`,
      encryptedExpiryMonth: "test_03",
      encryptedExpiryYear: "test_2030",
      encryptedSecurityCode: "test_737",
      holderName,
    },
  };
}
