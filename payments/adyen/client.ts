import Client from "@adyen/api-library/lib/src/client.js";
import { EnvironmentEnum } from "@adyen/api-library/lib/src/config.js";
import type ClientInterface from "@adyen/api-library/lib/src/httpClient/clientInterface.js";
import { ModificationsApi } from "@adyen/api-library/lib/src/services/checkout/modificationsApi.js";
import { PaymentsApi } from "@adyen/api-library/lib/src/services/checkout/paymentsApi.js";
import { assert } from "../../schema/outcome.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { type AdyenConfig, endpointOf } from "./config.ts";

export const TIMEOUT_MS = 7_000; // under the engine's own attempt timeout, so that our error is the one seen

/** What the library believes in; our base URL takes its place. It ends in the API's version. */
const LIBRARY_BASE = "https://checkout-test.adyen.com/";

type Transport = Parameters<ClientInterface["request"]>;
export type AdyenApi = { readonly payments: PaymentsApi; readonly modifications: ModificationsApi };

/** Whom a call goes to, and as whom. */
export type Adyen = { readonly api: AdyenApi; readonly config: AdyenConfig };

/** An answer of Adyen's that is a no, or no answer at all: `definiteNo` tells which. */
export class AdyenError extends Error {
  override readonly name = "AdyenError";
  readonly status: number;
  /** Adyen's code, when the body is an error of theirs. */
  readonly errorCode: string | undefined;

  constructor(status: number, errorCode: string | undefined) {
    // Adyen's own message may repeat what was sent; it stays out of logs.
    super(`Adyen answered ${status}${errorCode === undefined ? "" : `, code ${errorCode}`}`);
    this.status = status;
    this.errorCode = errorCode;
  }
}

const apis = new Map<string, AdyenApi>();

/**
 * The services at the endpoint of a region: one set per endpoint and key in an isolate. An
 * idempotency key is known to one endpoint alone, so a sale never changes its region's.
 * Source: https://docs.adyen.com/development-resources/api-idempotency
 */
export function adyenApi(config: AdyenConfig, region: RegionCode): AdyenApi {
  const endpoint = endpointOf(config, region);
  const name = `${endpoint} ${config.apiKey}`;
  const known = apis.get(name);
  if (known) return known;
  const environment = EnvironmentEnum.TEST; // decides about the library's base URL alone
  const client = new ClientClass(
    { environment, apiKey: config.apiKey },
    { request: (...call: Transport) => send(endpoint, call) },
  );
  const api = { payments: new PaymentsApi(client), modifications: new ModificationsApi(client) };
  apis.set(name, api);
  return api;
}

/** The library is CommonJS: what it exports by default is a member of the module, or the module. */
const ClientClass = "default" in Client ? (Client.default as typeof Client) : Client;

/**
 * One POST, sent once. Answers the JSON object of a 2xx.
 * Throws: AdyenError for any other status; whatever else keeps an answer from being read.
 */
async function send(endpoint: string, [url, json, config, , options]: Transport): Promise<string> {
  assert(url.startsWith(LIBRARY_BASE), "the library calls the endpoint that it is known to call");
  const key = options?.idempotencyKey;
  assert(key, "every call at Adyen has its own idempotency key");
  const response = await fetch(`${endpoint}/${url.slice(LIBRARY_BASE.length)}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": String(config.apiKey),
      "idempotency-key": key,
    },
    body: json.toString(),
    redirect: "manual", // the key goes to nobody else
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new AdyenError(response.status, errorCodeIn(text));
  assertObject(JSON.parse(text));
  return text;
}

function errorCodeIn(text: string): string | undefined {
  try {
    const { errorCode } = (JSON.parse(text) ?? {}) as { readonly errorCode?: unknown };
    return typeof errorCode === "string" && errorCode !== "" ? errorCode : undefined;
  } catch {
    // A proxy's page: not an error of Adyen's.
    return undefined;
  }
}

function assertObject(value: unknown): void {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject) throw new Error("Adyen's answer is no JSON object");
}
