import { assert } from "../../schema/outcome.ts";
import type { Report } from "../webhook-notice.ts";
import type { AdyenConfig } from "./config.ts";

const TIMEOUT_MS = 60_000;
const BYTES_MAX = 20_000_000; // some eighty thousand bookings; an isolate has 128 MB

/**
 * Whether a report may be fetched with our key from there: from Adyen's own hosts, or from the host
 * that this deployment calls anyway.
 */
export function isAdyens({ protocol, hostname, origin }: URL, { apiBase }: AdyenConfig): boolean {
  if (origin === URL.parse(apiBase)?.origin) return true;
  return protocol === "https:" && /(^|\.)adyen\.com$/.test(hostname);
}

/**
 * The text of an announced report. The key needs the role of a report user at Adyen.
 *
 * Throws: when it cannot be had now, or is larger than an isolate can hold; safe to repeat.
 * Source: https://docs.adyen.com/reporting/automatically-get-reports
 */
export async function downloadReport(config: AdyenConfig, { url }: Report): Promise<string> {
  assert(isAdyens(new URL(url), config), "a report lies at Adyen's");
  const response = await fetch(url, {
    headers: { "x-api-key": config.apiKey },
    redirect: "manual", // the key goes to nobody else
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) throw new Error(`Adyen's report answered ${response.status}`);
  return limitedText(response);
}

/** Believes no header: it counts what comes. */
async function limitedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BYTES_MAX) throw new Error(`Adyen's report is larger than ${BYTES_MAX} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
