/** One request on its way through the account: checks, key, handler, stored answer. */

import type { Control, FaultRule } from "../../control/faults.ts";
import type { Form } from "../api/form.ts";
import { tableFor } from "../api/param-tables.ts";
import { checkParams, inner, text } from "../api/params.ts";
import { calls, type Route } from "../api/stripe-api-routes.ts";
import { type ApiRequest, errorReply, plainReply, type Reply } from "../api/stripe-reply.ts";
import { type ApiError, invalid, isError, serverError } from "../intents/stripe-errors.ts";
import { cardOf } from "../intents/test-tokens.ts";
import { fingerprintOf, readKey, replayOf } from "./idempotency.ts";
import type { Answer } from "./intent-calls.ts";
import { handlers } from "./stripe-handlers.ts";
import type { World } from "./stripe-world.ts";

export interface Call {
  readonly request: ApiRequest;
  readonly route: Route;
  readonly form: Form;
  readonly requestId: string;
  readonly realNowMs: number;
  /** It was held back by a fault and runs now, with nobody waiting. */
  readonly late: boolean;
}

/** How long the answer takes; the effect is at once, so nothing is lost when the client leaves. */
export function delayOf({ route, form }: Call, control: Control): number {
  const { operation } = calls[route.name];
  const card = operation === "authorize" ? cardOf(text(form, "payment_method") ?? "") : undefined;
  return (control.latencyMs[operation] ?? 0) + (card?.answerDelayMs ?? 0);
}

/** A sentinel token whose first answer goes astray. */
export function losesReply({ route, form, late }: Call, reply: Reply): boolean {
  const isFirst = !late && !reply.replayed && reply.status === 200;
  const card = cardOf(text(form, "payment_method") ?? "");
  return isFirst && calls[route.name].operation === "authorize" && card?.losesFirstReply === true;
}

/** The key's own answer when it has one, else what running the call gives. */
export function perform(call: Call, world: World, rule: FaultRule | null): Reply {
  const { request, requestId } = call;
  if (request.method !== "POST") return execute(call, world, rule);
  const state = readKey(world, request, call);
  if (state.kind === "refused") return errorReply(state.error, requestId);
  if (state.kind === "replay") {
    return replayOf(state.stored, request.idempotencyKey ?? "", requestId);
  }
  return execute(call, world, rule);
}

function execute(call: Call, world: World, rule: FaultRule | null): Reply {
  const { requestId, request } = call;
  const answer = answerOf(call, world, rule);
  const reply: Reply = {
    ...(isError(answer)
      ? errorReply(answer, requestId)
      : plainReply(200, JSON.stringify(answer.body), requestId)),
    delayMs: delayOf(call, world.control),
  };
  const isStored = !isError(answer) || answer.executed;
  if (request.method !== "POST" || request.idempotencyKey === null || !isStored) return reply;
  const stored = {
    fingerprint: fingerprintOf(request),
    status: reply.status,
    body: reply.body,
    requestId,
    answeredAtRealMs: call.realNowMs + reply.delayMs,
  };
  world.store.saveKey(request.idempotencyKey, stored, world.moment.nowMs);
  return { ...reply, idempotencyKey: request.idempotencyKey, originalRequestId: requestId };
}

function answerOf(call: Call, world: World, rule: FaultRule | null): Answer {
  if (rule?.kind !== "error_500_stored") return run(call, world);
  const hidden = rule.effect ? run(call, world) : null;
  // A request that failed validation never ran, so its key does not store the 500 either.
  const began = hidden === null || !isError(hidden) || hidden.executed;
  return { ...serverError(), executed: began };
}

function run({ request, route, form }: Call, world: World): Answer {
  const { params, required } = calls[route.name];
  const table = tableFor(params, request.version);
  const problem = checkVersion(request.version) ?? checkParams(form, table, required);
  return problem ?? checkType(form, request.version) ?? handlers[route.name](world, form, route.id);
}

/**
 * What is paid with may be `wero` in a preview version alone, as the package's types and the changelog's links
 * have it. No account of Stripe was asked: it may take more.
 * Source: https://docs.stripe.com/changelog/endive/2026-10-28/wero-bank-redirect-payment-method-support
 */
function checkType(form: Form, version: string): ApiError | null {
  const param = "payment_method_data[type]";
  const type = text(inner(form, "payment_method_data"), "type");
  return type === "wero" && !version.endsWith(".preview")
    ? invalid(`Invalid ${param}: ${type} is not known in ${version}`, { param })
    : null;
}

function checkVersion(version: string): ApiError | null {
  return /^\d{4}-\d{2}-\d{2}(\.\w+)?$/.test(version)
    ? null
    : invalid(`Invalid Stripe API version: ${version}`);
}
