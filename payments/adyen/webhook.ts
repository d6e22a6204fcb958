import HmacValidator from "@adyen/api-library/lib/src/utils/hmacValidator.js";
import * as z from "zod";
import { readReference } from "../payment-reference.ts";
import type {
  Notice,
  NoticeKind,
  Report,
  RoutedNotice,
  WebhookReading,
} from "../webhook-notice.ts";
import { fromAdyenAmount } from "./amounts.ts";
import type { AdyenConfig } from "./config.ts";
import { isAdyens } from "./report-download.ts";

const NoColon = z
  .string()
  .max(500)
  .regex(/^[^:]*$/);

/**
 * One item of a webhook, and of it what the signature covers, plus `reason` and `eventDate`, which
 * decide nothing. The signed text joins its fields by colons and escapes none: only our reference
 * may hold one, and then the text can be read in one way alone.
 */
const Item = z.object({
  pspReference: NoColon.min(1),
  originalReference: NoColon.nullish().transform((name) => name ?? ""),
  merchantAccountCode: NoColon,
  merchantReference: z
    .string()
    .max(500)
    .nullish()
    .transform((name) => name ?? ""),
  amount: z.object({ value: z.int(), currency: NoColon }),
  eventCode: NoColon.min(1),
  success: z.enum(["true", "false"]),
  reason: z.string().nullish(),
  eventDate: z.string().nullish(),
  additionalData: z.object({ hmacSignature: z.string().regex(/^[A-Za-z0-9+/]{43}=$/) }),
});
type Item = z.infer<typeof Item>;

const Body = z.object({
  notificationItems: z
    .array(z.object({ NotificationRequestItem: Item }))
    .min(1)
    .max(1000),
});

const HEX_KEY = /^(?:[0-9a-f]{2}){32,}$/i;

/**
 * Verifies every item of a webhook by one of the keys; one bad item, or one of another merchant
 * account, makes the whole request forged. No time is signed, so age proves nothing: the same event
 * always has the same `noticeId`, and is known by it.
 *
 * Source: https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures
 */
export async function readAdyenWebhook(
  config: AdyenConfig,
  rawBody: string,
  nowMs: number,
): Promise<WebhookReading> {
  const items = itemsIn(rawBody);
  const areAllGood = items?.every(
    (item) => item.merchantAccountCode === config.merchantAccount && isSigned(item, config),
  );
  if (!items || !areAllGood) return { is: "forged" };
  const readings = items.map((item) => read(item, config, nowMs));
  return {
    is: "verified",
    routed: readings.flatMap(({ routed }) => routed ?? []),
    unroutable: readings.flatMap(({ unroutable }) => unroutable ?? []),
    reports: readings.flatMap(({ report }) => report ?? []),
  };
}

function itemsIn(rawBody: string): readonly Item[] | undefined {
  try {
    const body = Body.safeParse(JSON.parse(rawBody));
    return body.data?.notificationItems.map(
      ({ NotificationRequestItem }) => NotificationRequestItem,
    );
  } catch {
    // No JSON: not Adyen's.
    return undefined;
  }
}

/** CommonJS, as the client is. */
const Validator =
  "default" in HmacValidator ? (HmacValidator.default as typeof HmacValidator) : HmacValidator;
const validator = new Validator();

/** The library compares in constant time. A key that is no key would sign anything with nothing. */
function isSigned(item: Item, { hmacKeys }: AdyenConfig): boolean {
  const keys = hmacKeys.filter((key) => HEX_KEY.test(key));
  return keys.some((key) => validator.validateHMAC(item as SignedItem, key));
}
type SignedItem = Parameters<typeof validator.validateHMAC>[0];

type Reading = {
  readonly routed?: RoutedNotice;
  readonly unroutable?: WebhookUnroutable;
  readonly report?: Report;
};
type WebhookUnroutable = Extract<WebhookReading, { is: "verified" }>["unroutable"][number];

function read(item: Item, config: AdyenConfig, nowMs: number): Reading {
  const sale = readReference(item.merchantReference);
  const report = item.eventCode === "REPORT_AVAILABLE" ? reportOf(item, config) : undefined;
  if (report) return { report };
  if (sale && item.eventCode !== "REPORT_AVAILABLE") {
    const { shopId, checkoutId } = sale;
    return { routed: { shopId, checkoutId, notice: noticeOf(item, nowMs) } };
  }
  return {
    unroutable: {
      provider: "adyen",
      eventId: noticeIdOf(item),
      type: item.eventCode,
      reference: item.originalReference || item.pspReference,
    },
  };
}

function noticeIdOf({ eventCode, pspReference, success }: Item): string {
  return `${eventCode}/${pspReference}/${success}`;
}

function noticeOf(item: Item, nowMs: number): Notice {
  const amount = fromAdyenAmount(item.amount);
  const sentAtMs = Date.parse(item.eventDate ?? "");
  return {
    provider: "adyen",
    noticeId: noticeIdOf(item),
    type: item.eventCode,
    kind: kindOf(item.eventCode),
    // Of what bounced, "true" says that it did.
    success: item.success === "true" && !BOUNCES.has(item.eventCode),
    reference: item.originalReference || item.pspReference,
    about: item.pspReference,
    ourReference: item.merchantReference,
    ...(amount ? { amount } : {}),
    createdAtMs: Number.isNaN(sentAtMs) ? nowMs : sentAtMs,
  };
}

const BOUNCES: ReadonlySet<string> = new Set([
  ...["CAPTURE_FAILED", "REFUND_FAILED", "REFUNDED_REVERSED"],
]);

/** Source: https://docs.adyen.com/development-resources/webhooks/webhook-types */
const KINDS: { readonly [Kind in NoticeKind]?: readonly string[] } = {
  authorization: ["AUTHORISATION"],
  capture: ["CAPTURE", "CAPTURE_FAILED"],
  void: ["CANCELLATION", "TECHNICAL_CANCEL", "CANCEL_OR_REFUND"],
  refund: ["REFUND", "REFUND_WITH_DATA", "REFUND_FAILED", "REFUNDED_REVERSED"],
  expiry: ["EXPIRE", "OFFER_CLOSED"],
};
const DISPUTES =
  /^(NOTIFICATION_OF_(CHARGEBACK|FRAUD)|REQUEST_FOR_INFORMATION|INFORMATION_SUPPLIED|DISPUTE_|CHARGEBACK|SECOND_CHARGEBACK|PREARBITRATION_|SCHEME_ARBITRATION|ISSUER_)/;

function kindOf(eventCode: string): NoticeKind {
  const known = Object.entries(KINDS).find(([, codes]) => codes.includes(eventCode));
  if (known) return known[0] as NoticeKind;
  return DISPUTES.test(eventCode) ? "dispute" : "other";
}

/**
 * A report that Adyen announces. Where it lies is not signed, and it is fetched with our key: only
 * Adyen's own hosts will do, or the host that this deployment calls anyway.
 */
function reportOf({ reason }: Item, config: AdyenConfig): Report | undefined {
  const url = reason ? URL.parse(reason) : null;
  if (url?.username !== "" || url.password !== "" || !isAdyens(url, config)) return undefined;
  const name = url.pathname.split("/").at(-1) ?? "";
  return name === "" ? undefined : { provider: "adyen", name, url: url.href };
}
