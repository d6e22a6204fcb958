/** Holds a request against the closed objects of the API: unknown fields and wrong kinds are refused by name. */

import { type ApiError, malformed } from "./adyen-errors.ts";
import { fields } from "./api-fields.ts";

export type Body = Readonly<Record<string, unknown>>;
export type ObjectName = keyof typeof fields;

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const kinds = new Map<ObjectName, ReadonlyMap<string, string>>(
  (Object.keys(fields) as ObjectName[]).map((name) => [
    name,
    new Map(
      Object.entries(fields[name]).flatMap(([kind, names]) =>
        names.split(" ").map((field) => [field, kind] as const),
      ),
    ),
  ]),
);

/** What is wrong, or null. */
export function checkObject(value: unknown, name: ObjectName): ApiError | null {
  if (!isBody(value)) return malformed(`Unexpected input: expected an object of ${name}`);
  const known = kinds.get(name);
  const unknown = Object.keys(value).filter((field) => !known?.has(field));
  if (unknown.length > 0) {
    return malformed(
      `Structure of ${name} contains the following unknown fields: [${unknown.join(", ")}]`,
    );
  }
  for (const [field, inner] of Object.entries(value)) {
    const problem = checkField(`${name}.${field}`, inner, known?.get(field) ?? "");
    if (problem) return problem;
  }
  return null;
}

function checkField(path: string, value: unknown, kind: string): ApiError | null {
  if (kind.endsWith("[]")) {
    if (!Array.isArray(value)) return wrongKind(path, "array");
    const problems = value.map((each) => checkObject(each, kind.slice(0, -2) as ObjectName));
    return problems.find((problem) => problem !== null) ?? null;
  }
  if (kind in fields) return checkObject(value, kind as ObjectName);
  return isOfKind(value, kind) ? null : wrongKind(path, kind);
}

function isOfKind(value: unknown, kind: string): boolean {
  if (kind === "integer") return Number.isSafeInteger(value);
  if (kind === "array") return Array.isArray(value);
  if (kind === "object") return isBody(value);
  return kind === "number" ? Number.isFinite(value) : typeof value === kind;
}

function wrongKind(path: string, kind: string): ApiError {
  return malformed(`Unexpected input: ${path} must be of type ${kind}`);
}

/** These read what `checkObject` has let through. */
export function text(body: Body, name: string): string {
  const value = body[name];
  return typeof value === "string" ? value : "";
}

export function inner(body: Body, name: string): Body {
  const value = body[name];
  return isBody(value) ? value : {};
}

export function texts(body: Body): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
}
