/** Holds messages against the types of Stripe's official package. Node only: ajv writes code, which Workers forbid. */

import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const path = `${import.meta.dirname}/stripe-2026-10-28.sdk-types.schema.json`;
const ROOT = "stripe";

function validators(coerce: boolean): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: coerce });
  ajv.addSchema(JSON.parse(readFileSync(path, "utf8")), ROOT);
  return ajv;
}

const answers = validators(false);
/** Forms know texts only; numbers and booleans are read by schema. */
const requests = validators(true);

function validator(ajv: Ajv2020, name: string): ValidateFunction {
  const validate = ajv.getSchema(`${ROOT}#/$defs/${name}`);
  if (!validate) throw new Error(`The official types have no ${name}.`);
  return validate;
}

function problemsOf(ajv: Ajv2020, name: string, value: unknown): string[] {
  const validate = validator(ajv, name);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${name}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** What is wrong with an answer or an event; an empty list when nothing is. */
export function answerProblems(name: string, value: unknown): string[] {
  return problemsOf(answers, name, value);
}

/** What is wrong with a decoded form; an empty list when nothing is. */
export function requestProblems(name: string, form: object): string[] {
  return problemsOf(requests, name, structuredClone(form));
}
