/** Holds messages against the types of Stripe's official package. Node only: ajv writes code, which Workers forbid. */

import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { decodeForm } from "../../workers/simulators/stripe/api/form.ts";

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
function answerProblems(name: string, value: unknown): string[] {
  return problemsOf(answers, name, value);
}

/** What is wrong with a decoded form; an empty list when nothing is. */
export function requestProblems(name: string, form: object): string[] {
  return problemsOf(requests, name, structuredClone(form));
}

/** One request of the SDK and its answer. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly form: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The declaration that a request or an answer must fit. */
const paramsByPath = [
  [/^POST \/v1\/payment_intents$/, "PaymentIntentCreateParams"],
  [/^POST .*\/confirm$/, "PaymentIntentConfirmParams"],
  [/^POST .*\/capture$/, "PaymentIntentCaptureParams"],
  [/^POST .*\/cancel$/, "PaymentIntentCancelParams"],
  [/^POST \/v1\/refunds$/, "RefundCreateParams"],
  [/^GET \/v1\/payment_intents$/, "PaymentIntentListParams"],
  [/^GET \/v1\/events$/, "EventListParams"],
  [/^GET \/v1\/disputes$/, "DisputeListParams"],
  [/^GET \/v1\/balance_transactions$/, "BalanceTransactionListParams"],
  [/^GET \/v1\/payouts$/, "PayoutListParams"],
] as const;

const answerByObject: Readonly<Record<string, string>> = {
  payment_intent: "PaymentIntent",
  refund: "Refund",
  charge: "Charge",
  dispute: "Dispute",
  balance_transaction: "BalanceTransaction",
  payout: "Payout",
};

/** The schema here leaves these out; the package declares each as another event of the same object, but for its name. */
const declaredLike: Readonly<Record<string, string>> = {
  "charge.refund.updated": "refund.updated",
  "charge.updated": "charge.captured",
};

function eventProblems(event: { readonly type: string }): string[] {
  const type = declaredLike[event.type] ?? event.type;
  return answerProblems(eventDeclaration(type), { ...event, type });
}

/** `payment_intent.succeeded` → `PaymentIntentSucceededEvent`. */
function eventDeclaration(type: string): string {
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Event`;
}

function problemsOfAnswer(body: unknown): string[] {
  if (typeof body !== "object" || body === null) return [];
  const { object, data, error, type } = body as Readonly<Record<string, unknown>>;
  if (Array.isArray(data)) return data.flatMap(problemsOfAnswer);
  if (error) return problemsOfAnswer((error as { payment_intent?: unknown }).payment_intent);
  if (object === "event") return eventProblems({ ...body, type: String(type) });
  const name = answerByObject[String(object)];
  return name ? answerProblems(name, body) : [`no declaration for ${object}`];
}

/** What is wrong with whatever went over the wire; an empty list when nothing is. */
export function wireProblems(
  exchanges: readonly Exchange[],
  events: readonly { readonly type: string }[],
): string[] {
  const problems = exchanges.flatMap(({ body }) => problemsOfAnswer(body));
  for (const { method, path, form, status } of exchanges) {
    const name = paramsByPath.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1];
    // What was refused may well have been wrong.
    if (name && (status < 400 || status === 402)) {
      problems.push(...requestProblems(name, decodeForm(form)));
    }
  }
  for (const event of events) problems.push(...eventProblems(event));
  return [...new Set(problems)];
}
