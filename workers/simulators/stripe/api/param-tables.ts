/** Which parameters each call takes. */

export type Kind = "integer" | "boolean" | "string" | "object" | "list" | "any" | readonly string[];
export type ParamTable = Readonly<Record<string, Kind>>;

const captureMethods = ["automatic", "automatic_async", "manual"] as const;
const paging: ParamTable = {
  ending_before: "string",
  expand: "list",
  limit: "integer",
  starting_after: "string",
};

/** Shared by create and confirm. */
const payment: ParamTable = {
  allowed_payment_method_types: "list",
  amount_details: "any",
  capture_method: captureMethods,
  confirmation_token: "string",
  error_on_requires_action: "boolean",
  excluded_payment_method_types: "any",
  expand: "list",
  hooks: "object",
  mandate: "string",
  mandate_data: "any",
  off_session: "any",
  payment_details: "any",
  payment_method: "string",
  payment_method_data: "object",
  payment_method_options: "object",
  radar_options: "object",
  receipt_email: "string",
  return_url: "string",
  setup_future_usage: "string",
  shipping: "any",
  use_stripe_sdk: "boolean",
};

const description: ParamTable = {
  customer: "string",
  customer_account: "string",
  description: "string",
  metadata: "any",
  statement_descriptor: "string",
  statement_descriptor_suffix: "string",
  transfer_data: "object",
  transfer_group: "string",
};

/** Source: the `…Params` declarations of the `stripe` package 23.1.0. */
export const paramsOf = {
  create: {
    ...payment,
    ...description,
    amount: "integer",
    application_fee_amount: "integer",
    automatic_payment_methods: "object",
    confirm: "boolean",
    confirmation_method: ["automatic", "manual"],
    currency: "string",
    on_behalf_of: "string",
    payment_method_configuration: "string",
  },
  update: {
    ...description,
    expand: "list",
    receipt_email: "string",
  },
  confirm: { ...payment, amount_to_confirm: "integer" },
  capture: {
    amount_details: "any",
    amount_to_capture: "integer",
    application_fee_amount: "integer",
    expand: "list",
    final_capture: "boolean",
    hooks: "object",
    metadata: "any",
    payment_details: "any",
    statement_descriptor: "string",
    statement_descriptor_suffix: "string",
    transfer_data: "object",
  },
  cancel: {
    cancellation_reason: ["abandoned", "duplicate", "fraudulent", "requested_by_customer"],
    expand: "list",
  },
  retrieve: { client_secret: "string", expand: "list" },
  list: { ...paging, created: "any", customer: "string", customer_account: "string" },
  search: { expand: "list", limit: "integer", page: "string", query: "string" },
  refund: {
    amount: "integer",
    charge: "string",
    currency: "string",
    customer: "string",
    expand: "list",
    instructions_email: "string",
    metadata: "any",
    origin: ["customer_balance"],
    payment_intent: "string",
    reason: ["duplicate", "fraudulent", "requested_by_customer"],
    refund_application_fee: "boolean",
    reverse_transfer: "boolean",
  },
  listRefunds: { ...paging, charge: "string", created: "any", payment_intent: "string" },
  listDisputes: { ...paging, charge: "string", created: "any", payment_intent: "string" },
  listBalance: {
    ...paging,
    created: "any",
    currency: "string",
    payout: "string",
    source: "string",
    type: "string",
  },
  listPayouts: { ...paging, created: "any" },
  listEvents: {
    ...paging,
    created: "any",
    delivery_success: "boolean",
    type: "string",
    types: "list",
  },
  confirmationToken: {
    expand: "list",
    payment_method: "string",
    payment_method_data: "object",
    payment_method_options: "object",
    return_url: "string",
    setup_future_usage: "string",
    shipping: "object",
  },
  none: { expand: "list" },
} as const satisfies Record<string, ParamTable>;

/** `payment_method_types` gave way to `allowed_payment_method_types` in this version; older pins keep the old name. */
const TYPES_RENAMED_SINCE = "2026-09-30";

export function tableFor(name: keyof typeof paramsOf, version: string): ParamTable {
  const table: ParamTable = paramsOf[name];
  if (version >= TYPES_RENAMED_SINCE || !("allowed_payment_method_types" in table)) return table;
  const { allowed_payment_method_types: kind = "list", ...rest } = table;
  return { ...rest, payment_method_types: kind };
}
