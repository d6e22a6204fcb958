/** Reading parameters as Stripe does: unknown, missing and malformed ones are refused. */

import type { Metadata } from "../intents/intent.ts";
import {
  type ApiError,
  invalid,
  missingParameter,
  unknownParameter,
} from "../intents/stripe-errors.ts";
import type { Form } from "./form.ts";
import type { Kind, ParamTable } from "./param-tables.ts";

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
