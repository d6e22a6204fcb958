/** Holds messages against Adyen's own OpenAPI documents. Node only: ajv writes code, which Workers forbid. */

import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const formats = ["int32", "int64", "date-time", "date", "double", "float", "uri", "byte"];
const CHECKOUT = "checkout";
const WEBHOOKS = "webhooks";

function readSpec(file: string): object {
  return JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, "utf8"));
}

const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  formats: Object.fromEntries(formats.map((name) => [name, true])),
});
ajv.addSchema(readSpec("adyen-checkout-v72.reduced.json"), CHECKOUT);
ajv.addSchema(readSpec("adyen-webhooks-v1.reduced.json"), WEBHOOKS);

function problemsOf(document: string, name: string, value: unknown): string[] {
  const validate: ValidateFunction | undefined = ajv.getSchema(
    `${document}#/components/schemas/${name}`,
  );
  if (!validate) return [`Adyen's documents have no ${name}`];
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${name}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** One request and its answer. */
export interface AdyenExchange {
  /** Below the version: `/payments/…`. */
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const names = [
  [/^\/paymentMethods$/, "PaymentMethods"],
  [/^\/payments$/, "Payment"],
  [/^\/payments\/details$/, "PaymentDetails"],
  [/\/captures$/, "PaymentCapture"],
  [/^\/cancels$/, "StandalonePaymentCancel"],
  [/\/cancels$/, "PaymentCancel"],
  [/\/refunds$/, "PaymentRefund"],
  [/\/reversals$/, "PaymentReversal"],
  [/\/amountUpdates$/, "PaymentAmountUpdate"],
] as const;

/** The payment method is one of fifty shapes, several of which fit: its own is held against instead. */
const methodByType: Readonly<Record<string, string>> = {
  scheme: "CardDetails",
  ideal: "IdealDetails",
  wero: "PaymentDetails",
  pix: "PixDetails",
  upi_intent: "UpiIntentDetails",
  upi_qr: "UpiQrDetails",
};

const actionByType: Readonly<Record<string, string>> = {
  redirect: "CheckoutRedirectAction",
  qrCode: "CheckoutQrCodeAction",
  await: "CheckoutAwaitAction",
};

type Loose = Readonly<Record<string, unknown>>;

/** Checks a part against its own schema, and the whole without it. */
function withOwnPart(
  name: string,
  whole: Loose,
  { field, part }: { readonly field: string; readonly part: string | undefined },
): string[] {
  const { [field]: own, ...rest } = whole;
  if (own === undefined || part === undefined) return problemsOf(CHECKOUT, name, whole);
  const required =
    name === "PaymentRequest" ? { ...rest, [field]: { type: "afterpayTouch" } } : rest;
  const inWhole = problemsOf(CHECKOUT, name, required).filter(
    (each) => !each.includes(`/${field}`),
  );
  return [...problemsOf(CHECKOUT, part, own), ...inWhole];
}

function partOf(table: Readonly<Record<string, string>>, value: unknown): string | undefined {
  const type = (value as { type?: string } | undefined)?.type ?? "";
  return table[type] ?? `no schema for ${type}`;
}

function nameOf(path: string): string | undefined {
  return names.find(([pattern]) => pattern.test(path))?.[1];
}

/** What is wrong with a request; an empty list when nothing is. `path` is below the version. */
export function requestProblems(path: string, request: unknown): string[] {
  const name = nameOf(path);
  if (!name) return [`no schema for ${path}`];
  const asked = request as Loose;
  if (name !== "Payment") return problemsOf(CHECKOUT, `${name}Request`, asked);
  const part = partOf(methodByType, asked.paymentMethod);
  return withOwnPart("PaymentRequest", asked, { field: "paymentMethod", part });
}

/** What is wrong with a request that was taken, and with its answer. */
export function exchangeProblems({ path, request, status, body }: AdyenExchange): string[] {
  if (status >= 400) return problemsOf(CHECKOUT, "ServiceError", body);
  const name = nameOf(path);
  if (!name) return [`no schema for ${path}`];
  const answered = body as Loose;
  return [
    ...requestProblems(path, request),
    ...withOwnPart(`${name}Response`, answered, {
      field: "action",
      part: answered.action === undefined ? undefined : partOf(actionByType, answered.action),
    }),
  ];
}

/** Events whose schema bears another name than their own. */
const sharedSchemas: Readonly<Record<string, string>> = {
  CAPTURE_FAILED: "RefundCaptureFailed",
  REFUND_FAILED: "RefundCaptureFailed",
  REFUNDED_REVERSED: "Modification",
  TECHNICAL_CANCEL: "Modification",
  OFFER_CLOSED: "",
};

function schemaOf(eventCode: string): string {
  const words = eventCode.split("_").map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `${sharedSchemas[eventCode] ?? words.join("")}NotificationRequest`;
}

export interface Envelope {
  readonly live: string;
  readonly notificationItems: readonly {
    readonly NotificationRequestItem: { readonly eventCode: string };
  }[];
}

/** The general schema knows no signature, although Adyen's own example of OFFER_CLOSED bears one. */
const UNSIGNED = /^NotificationRequest\/.*"hmacSignature"/;

/** Each item is held against the schema of its own event. */
export function envelopeProblems(envelope: Envelope): string[] {
  const problems = envelope.notificationItems.flatMap((item) =>
    problemsOf(WEBHOOKS, schemaOf(item.NotificationRequestItem.eventCode), {
      ...envelope,
      notificationItems: [item],
    }),
  );
  return problems.filter((problem) => !UNSIGNED.test(problem));
}
