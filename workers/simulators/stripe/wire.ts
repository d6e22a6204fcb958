/** Stripe's JSON of what the simulator stores. Source: the types of the `stripe` package 23.1.0. */

import type { ApiError } from "./errors.ts";
import type { Charge, EventType, Intent, PaymentError, Refund } from "./intent.ts";
import { refundedOf } from "./intent.ts";
import { cardOf } from "./tokens.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

export const API_VERSION = "2026-10-28.endive";

const seconds = (ms: number): number => Math.floor(ms / 1000);

export function intentJson(intent: Intent, expandCharge = false): Json {
  const types = intent.allowedTypes ?? ["card"];
  return {
    id: intent.id,
    object: "payment_intent",
    allowed_payment_method_types: intent.allowedTypes,
    amount: intent.amount,
    amount_capturable: intent.amountCapturable,
    amount_details: { tip: {} },
    amount_received: intent.amountReceived,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods:
      intent.redirects === null ? null : { allow_redirects: intent.redirects, enabled: true },
    canceled_at: intent.canceledAtMs === null ? null : seconds(intent.canceledAtMs),
    cancellation_reason: intent.cancellationReason,
    capture_method: intent.captureMethod,
    client_secret: intent.clientSecret,
    confirmation_method: "automatic",
    created: seconds(intent.createdMs),
    currency: intent.currency,
    customer: null,
    customer_account: null,
    description: intent.description,
    excluded_payment_method_types: null,
    last_payment_error: intent.lastError === null ? null : paymentErrorJson(intent.lastError),
    latest_charge: latestCharge(intent, expandCharge),
    livemode: false,
    managed_payments: null,
    metadata: intent.metadata,
    next_action: nextActionJson(intent),
    on_behalf_of: null,
    payment_method: intent.paymentMethodId,
    payment_method_configuration_details: null,
    payment_method_options: types.includes("card") ? { card: cardOptions } : {},
    payment_method_types: types,
    payment_record: null,
    processing: null,
    receipt_email: intent.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: intent.statementDescriptor,
    statement_descriptor_suffix: intent.statementDescriptorSuffix,
    status: intent.status,
    transfer_data: null,
    transfer_group: intent.transferGroup,
  };
}

const cardOptions: Json = {
  installments: null,
  mandate_options: null,
  network: null,
  request_three_d_secure: "automatic",
};

function latestCharge(intent: Intent, expand: boolean): Json {
  if (intent.charge === null) return null;
  return expand ? chargeJson(intent, intent.charge) : intent.charge.id;
}

/** With a page to come back to the shopper is redirected; without one Stripe leaves it to its own script. */
function nextActionJson(intent: Intent): Json {
  if (intent.status !== "requires_action" || intent.actionUrl === null) return null;
  if (intent.returnUrl === null) return { type: "use_stripe_sdk", use_stripe_sdk: {} };
  return {
    type: "redirect_to_url",
    redirect_to_url: { return_url: intent.returnUrl, url: intent.actionUrl },
  };
}

function paymentErrorJson(error: PaymentError): Json {
  return {
    ...(error.adviceCode === undefined ? {} : { advice_code: error.adviceCode }),
    ...(error.chargeId === undefined ? {} : { charge: error.chargeId }),
    code: error.code,
    ...(error.declineCode === undefined ? {} : { decline_code: error.declineCode }),
    doc_url: docUrl(error.code),
    message: error.message,
    type: error.type,
  };
}

const docUrl = (code: string): string =>
  `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;

const noBilling: Json = { address: null, email: null, name: null, phone: null, tax_id: null };

export function chargeJson(intent: Intent, charge: Charge): Json {
  const succeeded = charge.status === "succeeded";
  const refunded = succeeded ? refundedOf(intent) : 0;
  return {
    id: charge.id,
    object: "charge",
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: refunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: charge.amountCaptured > 0 ? `txn_${charge.id.slice(3)}` : null,
    billing_details: noBilling,
    calculated_statement_descriptor: "TENDER",
    captured: charge.amountCaptured > 0,
    created: seconds(charge.createdMs),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: charge.failure?.code ?? null,
    failure_message: charge.failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeJson(charge),
    paid: succeeded,
    payment_intent: intent.id,
    payment_method: intent.paymentMethodId,
    payment_method_details: { card: cardDetails(intent, charge), type: "card" },
    receipt_email: intent.receiptEmail,
    receipt_number: null,
    receipt_url: null,
    refunded: refunded > 0 && refunded === charge.amountCaptured,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statementDescriptor,
    statement_descriptor_suffix: intent.statementDescriptorSuffix,
    status: charge.status,
    transfer_data: null,
    transfer_group: intent.transferGroup,
  };
}

function outcomeJson(charge: Charge): Json {
  return {
    advice_code: charge.failure?.adviceCode ?? null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: charge.failure ? "declined_by_network" : "approved_by_network",
    reason: charge.failure?.declineCode ?? null,
    risk_level: "normal",
    seller_message: charge.failure ? "The bank declined the payment." : "Payment complete.",
    type: charge.failure ? "issuer_declined" : "authorized",
  };
}

function cardDetails(intent: Intent, charge: Charge): Json {
  const card = cardOf(charge.token);
  return {
    amount_authorized: charge.status === "succeeded" ? charge.amount : null,
    authorization_code: null,
    brand: card?.brand ?? null,
    ...(intent.captureMethod === "manual"
      ? { capture_before: seconds(charge.captureBeforeMs) }
      : {}),
    checks: null,
    country: "US",
    electronic_commerce_indicator: null,
    exp_month: 12,
    exp_year: 2034,
    funding: "credit",
    installments: null,
    last4: card?.last4 ?? null,
    mandate: null,
    network: card?.brand ?? null,
    network_transaction_id: null,
    regulated_status: null,
    three_d_secure: charge.authenticated ? threeDSecure : null,
    transaction_link_id: null,
    wallet: null,
  };
}

const threeDSecure: Json = {
  authentication_flow: "challenge",
  electronic_commerce_indicator: "05",
  exemption_indicator: null,
  result: "authenticated",
  result_reason: null,
  transaction_id: null,
  version: "2.2.0",
};

export function refundJson(intent: Intent, refund: Refund): Json {
  return {
    id: refund.id,
    object: "refund",
    amount: refund.amount,
    balance_transaction: refund.status === "pending" ? null : `txn_${refund.id.slice(3)}`,
    charge: intent.charge?.id ?? null,
    created: seconds(refund.createdMs),
    currency: intent.currency,
    customer: null,
    customer_account: null,
    ...(refund.status === "failed" ? { failure_reason: "expired_or_canceled_card" } : {}),
    metadata: refund.metadata,
    payment_intent: intent.id,
    payment_method: intent.paymentMethodId,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: null,
  };
}

export interface StoredEvent {
  readonly id: string;
  readonly type: EventType;
  readonly createdMs: number;
  /** The intent as it stood then. */
  readonly intent: Intent;
  readonly refundId: string | null;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  readonly pending: boolean;
}

export function eventJson(event: StoredEvent): Json {
  return {
    id: event.id,
    object: "event",
    api_version: API_VERSION,
    created: seconds(event.createdMs),
    data: { object: eventObject(event) },
    livemode: false,
    pending_webhooks: event.pending ? 1 : 0,
    request: { id: event.requestId, idempotency_key: event.idempotencyKey },
    type: event.type,
  };
}

function eventObject({ type, intent, refundId }: StoredEvent): Json {
  if (type.startsWith("charge.")) {
    return intent.charge === null ? null : chargeJson(intent, intent.charge);
  }
  if (type.startsWith("refund.")) {
    const refund = intent.refunds.find((r) => r.id === refundId);
    return refund ? refundJson(intent, refund) : null;
  }
  return intentJson(intent);
}

export function listJson(url: string, data: readonly Json[], hasMore: boolean): Json {
  return { object: "list", data, has_more: hasMore, url };
}

export function errorJson(error: ApiError, requestId: string): Json {
  const { status: _status, executed: _executed, intent, ...fields } = error;
  return {
    error: {
      ...fields,
      ...(error.code === undefined ? {} : { doc_url: docUrl(error.code) }),
      ...(intent ? { payment_intent: intentJson(intent) } : {}),
      request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
    },
  };
}
