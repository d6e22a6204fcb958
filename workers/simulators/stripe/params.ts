/** Which parameters each call takes, and reading them as Stripe does: unknown, missing and malformed ones are refused. */

import { type ApiError, invalid, missingParameter, unknownParameter } from "./errors.ts";
import type { Form } from "./form.ts";
import type { Metadata } from "./intent.ts";

type Kind = "integer" | "boolean" | "string" | "object" | "list" | "any" | readonly string[];
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
  listEvents: {
    ...paging,
    created: "any",
    delivery_success: "boolean",
    type: "string",
    types: "list",
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

export function checkParams(
  form: Form,
  table: ParamTable,
  required: readonly string[],
): ApiError | null {
  for (const name of Object.keys(form)) {
    const kind = Object.hasOwn(table, name) ? table[name] : undefined;
    if (kind === undefined) return unknownParameter(name);
    const problem = checkKind(name, form, kind);
    if (problem) return problem;
  }
  for (const name of required) {
    if (!Object.hasOwn(form, name)) return missingParameter(name);
  }
  return null;
}

function checkKind(name: string, form: Form, kind: Kind): ApiError | null {
  const value = form[name];
  if (kind === "any") return null;
  if (kind === "list" || kind === "object") {
    return typeof value === "string" && value !== ""
      ? invalid(kind === "list" ? "Invalid array" : "Invalid object", { param: name })
      : null;
  }
  if (typeof value !== "string") return invalid("Invalid string", { param: name });
  if (kind === "string") return null;
  if (value === "") return emptyParameter(name);
  if (kind === "integer") return /^-?\d{1,15}$/.test(value) ? null : notInteger(name, value);
  if (kind === "boolean") {
    return value === "true" || value === "false"
      ? null
      : invalid(`Invalid boolean: ${value}`, { param: name });
  }
  return kind.includes(value)
    ? null
    : invalid(`Invalid ${name}: must be one of ${kind.join(", ")}`, { param: name });
}

function emptyParameter(name: string): ApiError {
  return invalid(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    { code: "parameter_invalid_empty", param: name },
  );
}

function notInteger(name: string, value: string): ApiError {
  return invalid(`Invalid integer: ${value}`, { code: "parameter_invalid_integer", param: name });
}

const METADATA_KEYS_MAX = 50;
const METADATA_KEY_LENGTH_MAX = 40;
const METADATA_VALUE_LENGTH_MAX = 500;

/** An empty value unsets its key. */
export function readMetadata(form: Form): Metadata | ApiError {
  const given = form.metadata;
  if (given === undefined || given === "") return {};
  if (typeof given === "string" || Array.isArray(given)) {
    return invalid("Invalid object", { param: "metadata" });
  }
  const metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== "string") {
      return invalid("Metadata values must be strings.", { param: `metadata[${key}]` });
    }
    if (key.length > METADATA_KEY_LENGTH_MAX) {
      return invalid(`Metadata keys can have up to ${METADATA_KEY_LENGTH_MAX} characters: ${key}`, {
        param: "metadata",
      });
    }
    if (value.length > METADATA_VALUE_LENGTH_MAX) {
      return invalid(
        `Metadata values can have up to ${METADATA_VALUE_LENGTH_MAX} characters, but you passed in a value that is ${value.length} characters.`,
        { param: `metadata[${key}]` },
      );
    }
    if (value !== "") metadata[key] = value;
  }
  return Object.keys(metadata).length > METADATA_KEYS_MAX
    ? invalid(`Metadata can have up to ${METADATA_KEYS_MAX} keys.`, { param: "metadata" })
    : metadata;
}

/** These read what `checkParams` has let through. */
export function text(form: Form, name: string): string | null {
  const value = form[name];
  return typeof value === "string" && value !== "" ? value : null;
}

export function integer(form: Form, name: string): number | null {
  const value = text(form, name);
  return value === null ? null : Number(value);
}

export function flag(form: Form, name: string): boolean {
  return form[name] === "true";
}

export function texts(form: Form, name: string): readonly string[] | null {
  const value = form[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : null;
}

export function inner(form: Form, name: string): Form {
  const value = form[name];
  return typeof value === "object" && !Array.isArray(value) ? value : {};
}
