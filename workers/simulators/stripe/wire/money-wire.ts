/** Stripe's JSON of disputes, balance transactions and payouts. Source: the types of the `stripe` package 23.1.0. */

import {
  disputeMovements,
  type Movement,
  type Payout,
  payoutMovement,
} from "../intents/balance-movements.ts";
import type { Intent } from "../intents/intent.ts";
import { type Json, seconds } from "./json.ts";

const DAY_MS = 86_400_000;
const RESPONSE_DAYS = 7;
const AVAILABLE_DAYS = 1;

const evidenceNames = [
  "access_activity_log",
  "billing_address",
  "cancellation_policy",
  "cancellation_policy_disclosure",
  "cancellation_rebuttal",
  "customer_communication",
  "customer_email_address",
  "customer_name",
  "customer_purchase_ip",
  "customer_signature",
  "duplicate_charge_documentation",
  "duplicate_charge_explanation",
  "duplicate_charge_id",
  "product_description",
  "receipt",
  "refund_policy",
  "refund_policy_disclosure",
  "refund_refusal_explanation",
  "service_date",
  "service_documentation",
  "shipping_address",
  "shipping_carrier",
  "shipping_date",
  "shipping_documentation",
  "shipping_tracking_number",
  "uncategorized_file",
  "uncategorized_text",
] as const;

export function disputeJson(intent: Intent): Json {
  const { dispute, charge } = intent;
  if (dispute === null || charge === null) return null;
  return {
    id: dispute.id,
    object: "dispute",
    amount: dispute.amount,
    balance_transactions: disputeMovements(intent).map(movementJson),
    charge: charge.id,
    created: seconds(dispute.createdMs),
    currency: intent.currency,
    enhanced_eligibility_types: [],
    evidence: {
      ...Object.fromEntries(evidenceNames.map((name) => [name, null])),
      enhanced_evidence: {},
    },
    evidence_details: {
      due_by: seconds(dispute.createdMs + RESPONSE_DAYS * DAY_MS),
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: dispute.withdrawnMs === null,
    livemode: false,
    metadata: {},
    payment_intent: intent.id,
    reason: dispute.reason,
    status: dispute.status,
  };
}

export function movementJson(movement: Movement): Json {
  const { amount, fee, currency, createdMs } = movement;
  const description = "Stripe processing fees";
  return {
    id: movement.id,
    object: "balance_transaction",
    amount,
    available_on: seconds(createdMs + AVAILABLE_DAYS * DAY_MS),
    balance_type: "payments",
    created: seconds(createdMs),
    currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [{ amount: fee, application: null, currency, description, type: "stripe_fee" }],
    net: amount - fee,
    reporting_category: movement.category,
    source: movement.source,
    status: "available",
    type: movement.type,
  };
}

export function payoutJson(payout: Payout): Json {
  return {
    id: payout.id,
    object: "payout",
    amount: payout.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: seconds(payout.createdMs),
    automatic: true,
    balance_transaction: payoutMovement(payout).id,
    created: seconds(payout.createdMs),
    currency: payout.currency,
    description: "STRIPE PAYOUT",
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: "standard",
    original_payout: null,
    payout_method: null,
    reconciliation_status: "completed",
    reversed_by: null,
    source_type: "card",
    statement_descriptor: null,
    status: "paid",
    trace_id: null,
    type: "bank_account",
  };
}
