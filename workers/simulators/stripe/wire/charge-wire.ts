/** Stripe's JSON of a charge. Source: the types of the `stripe` package 23.1.0. */

import { captureTxn } from "../intents/balance-movements.ts";
import { isMulticapture } from "../intents/capture-and-cancel.ts";
import type { Charge, Intent } from "../intents/intent.ts";
import { refundedOf } from "../intents/intent.ts";
import { cardOf } from "../intents/test-tokens.ts";
import { type Json, seconds } from "./json.ts";

function billingJson({ local }: Intent): Json {
  const { billingEmail: email = null, billingName: name = null } = local ?? {};
  return { address: null, email, name, phone: null, tax_id: null };
}

/** The bank that every iDEAL shopper of the simulator is with. */
const idealDetails: Json = {
  bank: "ing",
  bic: "INGBNL2A",
  generated_sepa_debit: null,
  generated_sepa_debit_mandate: null,
  iban_last4: "5264",
  transaction_id: null,
  verified_name: null,
};

function methodDetails(intent: Intent, charge: Charge): Json {
  switch (charge.method) {
    case "card":
      return { card: cardDetails(intent, charge), type: "card" };
    case "ideal":
      return { ideal: idealDetails, type: "ideal" };
    case "wero":
      return { type: "wero" }; // the version that is answered in knows nothing more of it
    case "pix":
      return { pix: { bank_transaction_id: `E${charge.id.slice(3)}` }, type: "pix" };
    case "upi":
      return { upi: { vpa: "shopper@simbank" }, type: "upi" };
  }
}

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
    balance_transaction:
      charge.amountCaptured > 0 ? captureTxn(charge.id, intent.captures.length - 1) : null,
    billing_details: billingJson(intent),
    calculated_statement_descriptor: "TENDER",
    captured: charge.amountCaptured > 0,
    created: seconds(charge.createdMs),
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: succeeded && intent.dispute !== null,
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
    payment_method_details: methodDetails(intent, charge),
    receipt_email: intent.receiptEmail,
    receipt_number: null,
    receipt_url: null,
    // While more may be captured, it is not refunded in full.
    refunded:
      refunded > 0 && refunded === charge.amountCaptured && intent.status !== "requires_capture",
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
    multicapture: { status: isMulticapture(intent) ? "available" : "unavailable" },
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
