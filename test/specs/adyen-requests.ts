/** Holds requests against Adyen's own description of its API. Node only: ajv writes code, which Workers forbid. */

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const ROOT = "adyen";
const path = `${import.meta.dirname}/adyen-checkout-v72.reduced.json`;

const ajv = new Ajv2020({ strict: false, allErrors: true });
const FORMATS = ["int32", "int64", "double", "date", "date-time", "byte"]; // told, not checked
for (const format of FORMATS) ajv.addFormat(format, true);
ajv.addSchema(JSON.parse(readFileSync(path, "utf8")), ROOT);

const schemas = [
  [/^\/payments$/, "PaymentRequest"],
  [/^\/payments\/details$/, "PaymentDetailsRequest"],
  [/^\/payments\/[^/]+\/captures$/, "PaymentCaptureRequest"],
  [/^\/payments\/[^/]+\/cancels$/, "PaymentCancelRequest"],
  [/^\/payments\/[^/]+\/refunds$/, "PaymentRefundRequest"],
  [/^\/payments\/[^/]+\/reversals$/, "PaymentReversalRequest"],
  [/^\/cancels$/, "StandalonePaymentCancelRequest"],
] as const;

/** What is wrong with a request; an empty list when nothing is. `path` has no version in front. */
export function requestProblems(path: string, body: unknown): readonly string[] {
  const name = schemas.find(([pattern]) => pattern.test(path))?.[1];
  if (!name) return [`Adyen's description has no POST ${path}`];
  const validate = ajv.getSchema(`${ROOT}#/components/schemas/${name}`);
  if (!validate) return [`Adyen's description has no ${name}`];
  if (validate(body)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${name}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
