import { cartRefusals, type RefusalTable } from "./cart-refusals.ts";
import type { Refusal, RefusalDetail } from "./outcome.ts";

/**
 * Every "no" a user can meet: its HTTP status, its sentence, and what the caller can do then.
 * The API's problem documents, the reference page and the tests are made from this table.
 */
export const refusals = {
  ...cartRefusals,
  malformed_json: {
    status: 400,
    sentence: "The body is not valid JSON in UTF-8.",
    then: "fix_request",
  },
  invalid_request: {
    status: 400,
    sentence: "The request does not have the shape that this call takes.",
    then: "fix_request",
  },
  idempotency_key_missing: {
    status: 400,
    sentence: "This call changes a sale and needs an Idempotency-Key header.",
    then: "add_idempotency_key",
  },
  country_mismatch: {
    status: 400,
    sentence: "The country and the shipping address's country differ.",
    then: "fix_request",
  },
  country_not_served: {
    status: 400,
    sentence: "No region of this deployment serves this country.",
    then: "fix_request",
  },
  unknown_sku: {
    status: 400,
    sentence: "The shop does not sell one of these SKUs.",
    then: "change_cart",
  },
  currency_not_sold: {
    status: 400,
    sentence: "An item has no price in this currency.",
    then: "change_currency",
  },
  tax_rate_unknown: {
    status: 400,
    sentence: "The shop has no tax rate for this destination, so it cannot quote a price.",
    then: "change_address",
  },
  state_needed: {
    status: 400,
    sentence: "This country taxes by state, so a price needs the shipping address's state.",
    then: "change_address",
  },
  postal_code_mismatch: {
    status: 400,
    sentence: "The postal code does not lie in the state.",
    then: "change_address",
  },
  shipping_unavailable: {
    status: 400,
    sentence: "The shop has no such shipping option for this destination and currency.",
    then: "change_shipping",
  },
  promotion_unknown: {
    status: 400,
    sentence: "The shop knows no such promotion code.",
    then: "change_promotion_codes",
  },
  vat_number_invalid: {
    status: 400,
    sentence: "The VAT number does not have the form of the country's numbers.",
    then: "fix_request",
  },
  amount_too_large: {
    status: 400,
    sentence: "The total is more than one checkout can charge.",
    then: "change_cart",
  },
  amount_too_small: {
    status: 400,
    sentence: "The total is less than can be charged: `leastMinor` is the least.",
    then: "change_cart",
  },
  expected_total_missing: {
    status: 400,
    sentence: "A payment needs expectedTotal: the total that the shopper saw.",
    then: "fix_request",
  },
  webhook_target_refused: {
    status: 400,
    sentence: "Events are sent to https addresses of the public internet only.",
    then: "fix_request",
  },
  offset_unknown: {
    status: 400,
    sentence: "The log does not reach that far.",
    then: "fix_request",
  },
  card_data_refused: {
    status: 400,
    sentence: "The body holds a card number. Send a provider's token instead.",
    then: "use_provider_token",
  },
  bad_signature: {
    status: 400,
    sentence: "The webhook's signature is missing, wrong or too old.",
    then: "check_webhook_secret",
  },
  unauthorized: {
    status: 401,
    sentence: "The API key is missing or not known.",
    then: "authenticate",
  },
  customer_unknown: {
    status: 401,
    sentence: "The customer's token is missing, not of this shop, or its time is over.",
    then: "log_in_again",
  },
  payment_declined: {
    status: 402,
    sentence: "The payment was declined and no money was taken.",
    then: "change_payment",
  },
  payment_provider_failed: {
    status: 402,
    sentence: "The provider could not decide on this payment, and no money was taken.",
    then: "retokenize",
  },
  forbidden: {
    status: 403,
    sentence: "This key may not make this call.",
    then: "use_another_key",
  },
  not_found: {
    status: 404,
    sentence: "There is nothing here, or not for this key and secret.",
    then: "check_id_and_secret",
  },
  method_not_allowed: {
    status: 405,
    sentence:
      "This address is not called with that method: `Allow` names those that it is called with.",
    then: "use_allowed_method",
  },
  payment_method_unavailable: {
    status: 409,
    sentence: "This cannot be paid in that way: it is for other countries, currencies or amounts.",
    then: "change_payment",
  },
  payment_required: {
    status: 409,
    sentence:
      "The total is not zero, so somebody has to pay it: the method none is for what is free.",
    then: "change_payment",
  },
  payment_not_required: {
    status: 409,
    sentence: "The total is zero and nothing is charged: place the order with the method none.",
    then: "place_with_none",
  },
  order_not_placed: {
    status: 409,
    sentence: "A part that the order needs did not answer in time, so it was not placed.",
    then: "place_again",
  },
  out_of_stock: {
    status: 409,
    sentence: "An item sold out.",
    then: "change_cart",
  },
  quote_changed: {
    status: 409,
    sentence: "The total is not the one that the shopper saw.",
    then: "show_new_total",
  },
  promotion_not_active: {
    status: 409,
    sentence: "The promotion has not begun, or is over.",
    then: "change_promotion_codes",
  },
  promotion_not_applicable: {
    status: 409,
    sentence: "The promotion takes nothing off this cart.",
    then: "change_promotion_codes",
  },
  promotion_not_combinable: {
    status: 409,
    sentence: "The promotion does not combine with others of this cart that save more.",
    then: "change_promotion_codes",
  },
  promotion_exhausted: {
    status: 409,
    sentence: "The promotion has been used as often as it may be.",
    then: "change_promotion_codes",
  },
  promotion_code_taken: {
    status: 409,
    sentence: "Another promotion has this code.",
    then: "fix_request",
  },
  checkout_elsewhere: {
    status: 409,
    sentence:
      "This country's sales live in another region. Create a checkout there that `replaces` this one.",
    then: "replace_checkout",
  },
  checkout_at_home: {
    status: 409,
    sentence: "This country's sales live in the checkout's own region, so it is changed as it is.",
    then: "patch_checkout",
  },
  checkout_not_open: {
    status: 409,
    sentence: "The checkout is in a state that does not allow this.",
    then: "read_checkout",
  },
  checkout_expired: {
    status: 410,
    sentence: "The checkout expired and its stock was released.",
    then: "start_again",
  },
  json_expected: {
    status: 415,
    sentence: "The body needs the header Content-Type: application/json.",
    then: "fix_request",
  },
  header_too_large: {
    status: 431,
    sentence: "A header is longer than this API reads.",
    then: "fix_request",
  },
  payload_too_large: {
    status: 413,
    sentence: "The body is larger than this call takes.",
    then: "fix_request",
  },
  idempotency_key_reused: {
    status: 422,
    sentence: "This Idempotency-Key was used with another payload.",
    then: "use_new_idempotency_key",
  },
  movement_refused: {
    status: 422,
    sentence: "This movementId was used with another quantity.",
    then: "use_new_movement_id",
  },
  order_not_refundable: {
    status: 409,
    sentence: "The order has not that much captured money left to refund.",
    then: "read_order",
  },
  lines_not_left: {
    status: 409,
    sentence: "Not so many pieces of these lines are left for this.",
    then: "read_order",
  },
  withdrawal_period_over: {
    status: 409,
    sentence: "The contract could be withdrawn from until the end of `lastDay`.",
    then: "read_order",
  },
  withdrawal_not_open: {
    status: 409,
    sentence:
      "There is nothing to withdraw from any more, or the withdrawal to confirm was asked for anew.",
    then: "read_order",
  },
  order_not_cancellable: {
    status: 409,
    sentence: "The order is shipped, or has been cancelled already.",
    then: "read_order",
  },
  order_disputed: {
    status: 409,
    sentence:
      "The shopper's bank disputes this payment: nothing is refunded until that is decided.",
    then: "answer_dispute",
  },
  amount_not_takable: {
    status: 409,
    sentence: "The payment's provider cannot move this amount: `nearest` is the nearest it can.",
    then: "change_amount",
  },
  refund_window_over: {
    status: 409,
    sentence: "The time in which this payment method can be refunded is over.",
    then: "refund_by_other_means",
  },
  order_not_capturable: {
    status: 409,
    sentence: "The order has not that much authorized money left to capture.",
    then: "read_order",
  },
  capture_refused: {
    status: 409,
    sentence: "The provider refused the capture and no money was taken by it.",
    then: "read_order",
  },
  order_not_fulfillable: {
    status: 409,
    sentence: "Fewer pieces are left to be sent, or the order is cancelled.",
    then: "read_order",
  },
  refund_refused: {
    status: 409,
    sentence: "The provider refused the refund and no money went back.",
    then: "contact_provider",
  },
  payment_superseded: {
    status: 409,
    sentence: "Another payment took this one's place before it was confirmed.",
    then: "read_checkout",
  },
  not_stuck: {
    status: 409,
    sentence: "Nothing of this sale has given up, so there is nothing to resume.",
    then: "read_checkout",
  },
  stock_promised: {
    status: 409,
    sentence: "Fewer pieces would be left than are held or sold.",
    then: "read_stock",
  },
  not_enough_stock: {
    status: 409,
    sentence: "Not so many pieces are there that may leave.",
    then: "read_stock",
  },
  shopper_limit: {
    status: 409,
    sentence: "One shopper may not hold so many of this item.",
    then: "change_cart",
  },
  too_many_unpaid: {
    status: 409,
    sentence:
      "So many of this item stand in unpaid checkouts that more are only sold when paid at once.",
    then: "pay_at_once",
  },
  webhook_endpoints_full: {
    status: 409,
    sentence: "The shop has as many webhook endpoints as it can have.",
    then: "remove_endpoint",
  },
  letter_discarded: {
    status: 409,
    sentence: "The dead letter was discarded, so it is not sent again.",
    then: "read_dead_letter",
  },
  letter_redriven: {
    status: 409,
    sentence: "The dead letter was sent again, so there is nothing to discard.",
    then: "read_dead_letter",
  },
  cancelled: {
    status: 409,
    sentence: "The checkout was cancelled.",
    then: "start_again",
  },
  internal: {
    status: 500,
    sentence: "Something broke on our side. Repeat the call with the same Idempotency-Key.",
    then: "retry_same_key",
  },
  unavailable: {
    status: 503,
    sentence: "A part that this call needs cannot be reached. Nothing was lost.",
    then: "retry_same_key",
  },
} as const satisfies RefusalTable;

export type RefusalCode = keyof typeof refusals;

/** Says no with a code of the table, and with what the caller should know about it. */
export function refuse<Code extends RefusalCode>(
  code: Code,
  detail?: RefusalDetail,
): Refusal<Code> {
  return detail === undefined ? { refused: code } : { refused: code, detail };
}
