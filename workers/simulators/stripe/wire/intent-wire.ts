/** Stripe's JSON of what the simulator stores. Source: the types of the `stripe` package 23.1.0. */

import { refundFailureTxn, refundTxn } from "../intents/balance-movements.ts";
import type { Intent, PaymentError, Refund } from "../intents/intent.ts";
import type { ApiError } from "../intents/stripe-errors.ts";
import { chargeJson } from "./charge-wire.ts";
import { type Json, seconds } from "./json.ts";
import { nextActionJson } from "./next-action-wire.ts";

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
    payment_method_options: optionsJson(intent, types),
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

function optionsJson(intent: Intent, types: readonly string[]): Json {
  const pix = {
    expires_after_seconds: intent.local?.expiresAfterSeconds ?? null,
    expires_at: intent.local?.expiresAtSeconds ?? null,
  };
  return {
    ...(types.includes("card") ? { card: cardOptionsJson(intent) } : {}),
    ...(types.includes("ideal") ? { ideal: {} } : {}),
    ...(types.includes("pix") ? { pix } : {}),
    ...(types.includes("upi") ? { upi: {} } : {}),
  };
}

function cardOptionsJson({ multicapture }: Intent): Json {
  return {
    installments: null,
    mandate_options: null,
    network: null,
    ...(multicapture ? { request_multicapture: "if_available" } : {}),
    request_three_d_secure: "automatic",
  };
}

function latestCharge(intent: Intent, expand: boolean): Json {
  if (intent.charge === null) return null;
  return expand ? chargeJson(intent, intent.charge) : intent.charge.id;
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

export function refundJson(intent: Intent, refund: Refund): Json {
  return {
    id: refund.id,
    object: "refund",
    amount: refund.amount,
    balance_transaction: refund.debitedMs === null ? null : refundTxn(refund.id),
    charge: intent.charge?.id ?? null,
    created: seconds(refund.createdMs),
    currency: intent.currency,
    customer: null,
    customer_account: null,
    ...(refund.failureReason === null ? {} : { failure_reason: refund.failureReason }),
    ...(refund.returnedMs === null
      ? {}
      : { failure_balance_transaction: refundFailureTxn(refund.id) }),
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
