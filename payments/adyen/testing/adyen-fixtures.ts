import { createServer } from "node:http";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import { CheckoutId, ShopId } from "../../../schema/ids.ts";
import { requestProblems } from "../../../test/specs/adyen-schema.ts";
import type { AuthorizeRequest, ProviderCall, Secured } from "../../provider.ts";
import type { Notice } from "../../webhook-notice.ts";
import { AdyenProvider } from "../adyen.provider.ts";
import type { AdyenConfig } from "../config.ts";

export type Asked = {
  readonly path: string;
  readonly key: string;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
};
type Canned = { readonly status: number; readonly body: string };

/** Adyen by script: it answers what a test puts in, in order, and checks every request against Adyen's description. */
export async function openAdyen(more: Partial<AdyenConfig> = {}) {
  const asked: Asked[] = [];
  const answers: Canned[] = [];
  const problems: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const path = String(request.url).replace(/^\/adyen\/v72/, "");
      const key = String(request.headers["idempotency-key"]);
      asked.push({ path, key, text, body: JSON.parse(text) });
      problems.push(...requestProblems(path, JSON.parse(text)));
      if (request.headers["x-api-key"] !== "test_key") problems.push("no API key");
      if (!/^[0-9a-f]{64}$/.test(key)) problems.push(`no idempotency key: ${key}`);
      const { status, body } = answers.shift() ?? { status: 500, body: "" };
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const config: AdyenConfig = {
    apiBase: `http://127.0.0.1:${port}/adyen`,
    apiKey: "test_key",
    merchantAccount: "TestMerchant",
    hmacKeys: [],
    severalCaptures: false,
    ...more,
  };
  return {
    provider: new AdyenProvider(config),
    config,
    asked,
    problems,
    answer: (body: object, status = 200) => answers.push({ status, body: JSON.stringify(body) }),
    answerText: (body: string, status = 200) => answers.push({ status, body }),
    reset() {
      for (const list of [asked, answers, problems]) list.length = 0;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** The same for all tests of a file: empty before each, and no request was wrong after it. */
export async function openAdyenForFile() {
  const adyen = await openAdyen();
  beforeEach(() => adyen.reset());
  afterEach(() => expect(adyen.problems).toEqual([]));
  afterAll(() => adyen.close());
  return adyen;
}

export const PSP = "993617895215577D";
export const reference = "demo_chk_eu_0123456789abcdefghjkmnpqrs_1";
export const amount = { amountMinor: 1789, currency: "EUR" };
export const startedAtMs = 1_700_000_000_000;

export const request: AuthorizeRequest = {
  key: "0".repeat(64),
  shopId: ShopId.parse("demo"),
  checkoutId: CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs"),
  paymentReference: reference,
  amount,
  method: "card",
  card: {
    type: "scheme",
    encryptedCardNumber: "test_4111111111111111",
    encryptedExpiryMonth: "test_03",
    encryptedExpiryYear: "test_2030",
    encryptedSecurityCode: "test_737",
    holderName: "Ada Lovelace",
  },
  details: {
    browser: {
      acceptHeader: "*/*",
      userAgent: "Mozilla/5.0",
      language: "nl-NL",
      colorDepth: 24,
      screenHeight: 723,
      screenWidth: 1536,
      timeZoneOffset: 0,
      javaEnabled: false,
    },
  },
  shopper: { email: "ada@example.com", name: "Ada Lovelace", country: "NL" },
  returnUrl: "https://shop.example.com/return?x=1",
  offerEndsAtMs: startedAtMs + 720_000,
  severalCaptures: false,
};

export const secured: Secured = { provider: "adyen", method: "card", reference: PSP, amount };

/** A call made `afterMs` after the first, having heard that. */
export function callOf(
  heard: readonly Notice[] = [],
  { nthTry = 1, afterMs = 0 }: { readonly nthTry?: number; readonly afterMs?: number } = {},
): ProviderCall {
  return { region: "eu", startedAtMs, nowMs: startedAtMs + afterMs, nthTry, heard };
}

/** A notice as `readAdyenWebhook` makes it. */
export function heard(type: string, more: Partial<Notice> = {}): Notice {
  const kinds: Readonly<Record<string, Notice["kind"]>> = {
    AUTHORISATION: "authorization",
    CAPTURE: "capture",
    CAPTURE_FAILED: "capture",
    REFUND: "refund",
    REFUND_FAILED: "refund",
    CANCELLATION: "void",
    TECHNICAL_CANCEL: "void",
    CANCEL_OR_REFUND: "void",
    EXPIRE: "expiry",
    OFFER_CLOSED: "expiry",
  };
  const isBounce = type.endsWith("_FAILED");
  const { success = !isBounce, about = type === "AUTHORISATION" ? PSP : `MOD_${type}` } = more;
  return {
    provider: "adyen",
    noticeId: `${type}/${about}/${success}`,
    type,
    kind: kinds[type] ?? "dispute",
    success,
    reference: PSP,
    about,
    ourReference: reference,
    amount,
    createdAtMs: startedAtMs,
    ...more,
  };
}
