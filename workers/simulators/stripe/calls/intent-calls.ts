/** The calls that change an intent: parameters in, transition, stored change, JSON out. */

import { checkAmount, checkStep } from "../api/charge-limits.ts";
import type { Form } from "../api/form.ts";
import { readLocal } from "../api/local-params.ts";
import { flag, inner, integer, readMetadata, text, texts } from "../api/params.ts";
import { cancelIntent, captureIntent } from "../intents/capture-and-cancel.ts";
import { type ConfirmInput, confirmIntent } from "../intents/confirm-intent.ts";
import { openDispute } from "../intents/dispute-intent.ts";
import type { CaptureMethod, Change, Intent, Metadata } from "../intents/intent.ts";
import { intentIdOf } from "../intents/intent.ts";
import { isLocal } from "../intents/local-payment.ts";
import { type CreateInput, newIntent } from "../intents/new-intent.ts";
import { refundIntent, refundPlanOf } from "../intents/refund-intent.ts";
import { type ApiError, invalid, isError, noSuch } from "../intents/stripe-errors.ts";
import { cardOf } from "../intents/test-tokens.ts";
import type { Transition } from "../intents/transition.ts";
import { intentJson, refundJson } from "../wire/intent-wire.ts";
import type { Json } from "../wire/json.ts";
import { returnUrlIn, tokenIn, useToken } from "./collected-token.ts";
import type { World } from "./stripe-world.ts";

/** What a call answers: 200 with this body, or Stripe's no. */
export type Answer = { readonly body: Json } | ApiError;

/** `expand[]` of a call whose only expandable property here is the charge. */
export function wantsCharge(form: Form, path = "latest_charge"): boolean | ApiError {
  const wanted = texts(form, "expand") ?? [];
  const odd = wanted.find((item) => item !== path);
  return odd === undefined
    ? wanted.length > 0
    : invalid(`This property cannot be expanded (${odd}).`, { param: "expand" });
}

/** Some test cards are disputed as soon as their money is taken. */
function disputeByToken(world: World, intent: Intent): void {
  const plan = cardOf(intent.charge?.token ?? "")?.dispute;
  if (!plan || intent.status !== "succeeded" || intent.dispute !== null) return;
  const change = openDispute(intent, { ...plan, amount: null }, world.moment);
  if (!isError(change)) world.save(change);
}

/** Stores the change, and answers with the intent or with the decline that came with it. */
function settle(world: World, result: Transition, expand: boolean): Answer {
  if (isError(result)) return result;
  const intent = world.save(result);
  if (result.events.includes("payment_intent.requires_action")) world.shopperLater(intent);
  disputeByToken(world, intent);
  return result.declined ? { ...result.declined, intent } : { body: intentJson(intent, expand) };
}

/** The test card that pays; what a request says itself goes before its confirmation token. */
function tokenOf(world: World, form: Form): string | null | ApiError {
  const collected = tokenIn(world, form);
  if (collected && isError(collected)) return collected;
  if (collected && !Object.hasOwn(form, "payment_method")) return collected.paymentMethod;
  const token = text(form, "payment_method");
  return token === null || cardOf(token) ? token : noSuch("PaymentMethod", token, "payment_method");
}

/** Absent or empty lists mean "whatever the dashboard has on"; the simulator knows cards, iDEAL, Wero, Pix and UPI. */
function allowedTypesOf(form: Form): readonly string[] | null | ApiError {
  const types = texts(form, "allowed_payment_method_types") ?? texts(form, "payment_method_types");
  if (types === null || types.length === 0) return null;
  return types.some((type) => type === "card" || isLocal(type))
    ? types
    : invalid(`The payment method type "${types[0]}" is invalid.`, {
        param: "allowed_payment_method_types",
      });
}

function captureMethodOf(form: Form): CaptureMethod | null {
  const method = text(form, "capture_method");
  return method === "manual" || method === "automatic" || method === "automatic_async"
    ? method
    : null;
}

function readCreate(world: World, form: Form): CreateInput | ApiError {
  const amount = integer(form, "amount") ?? 0;
  const currency = (text(form, "currency") ?? "").toLowerCase();
  const problem = checkAmount(amount, currency);
  if (problem) return problem;
  const metadata = readMetadata(form);
  if (isError(metadata)) return metadata;
  const token = tokenOf(world, form);
  if (token !== null && typeof token !== "string") return token;
  const local = readLocal(form);
  if (local !== null && isError(local)) return local;
  const allowedTypes = allowedTypesOf(form);
  if (allowedTypes !== null && isError(allowedTypes)) return allowedTypes;
  const cardOptions = inner(inner(form, "payment_method_options"), "card");
  const never = inner(form, "automatic_payment_methods").allow_redirects === "never";
  return {
    amount,
    currency,
    metadata,
    token,
    local,
    multicapture: text(cardOptions, "request_multicapture") === "if_available",
    allowedTypes,
    captureMethod: captureMethodOf(form) ?? "automatic_async",
    redirects: allowedTypes === null ? (never ? "never" : "always") : null,
    description: text(form, "description"),
    receiptEmail: text(form, "receipt_email"),
    statementDescriptor: text(form, "statement_descriptor"),
    statementDescriptorSuffix: text(form, "statement_descriptor_suffix"),
    transferGroup: text(form, "transfer_group"),
  };
}

function readConfirm(world: World, form: Form): ConfirmInput | ApiError {
  const token = tokenOf(world, form);
  if (token !== null && typeof token !== "string") return token;
  const local = readLocal(form);
  if (local !== null && isError(local)) return local;
  return {
    token,
    local,
    returnUrl: returnUrlIn(world, form),
    captureMethod: captureMethodOf(form),
    offSession: flag(form, "off_session"),
    errorOnRequiresAction: flag(form, "error_on_requires_action"),
  };
}

export function createCall(world: World, form: Form): Answer {
  const expand = wantsCharge(form);
  if (typeof expand !== "boolean") return expand;
  const input = readCreate(world, form);
  if (isError(input)) return input;
  const intent = newIntent(input, world.moment);
  if (flag(form, "confirm")) {
    const confirm = readConfirm(world, form);
    if (isError(confirm)) return confirm;
    const result = confirmIntent(intent, confirm, world.moment);
    // Stripe keeps an intent that it could not confirm, and shows it in the error.
    if (isError(result) && result.intent) world.save({ intent, events: [] });
    if (!isError(result)) useToken(world, form, intent.id);
    return settle(world, result, expand);
  }
  const early = ["return_url", "confirmation_token"].find((name) => Object.hasOwn(form, name));
  if (early !== undefined) {
    return invalid(`You may only specify this parameter: ${early} with confirm=true.`, {
      param: early,
    });
  }
  return settle(world, { intent, events: [] }, expand);
}

/** The intent that the path names, its hold lapsed when its time is over. */
export function intentOr404(world: World, id: string): Intent | ApiError {
  return world.intent(id) ?? noSuch("payment_intent", id, "intent");
}

export function confirmCall(world: World, form: Form, id: string): Answer {
  const expand = wantsCharge(form);
  if (typeof expand !== "boolean") return expand;
  const intent = intentOr404(world, id);
  if (isError(intent)) return intent;
  const input = readConfirm(world, form);
  if (isError(input)) return input;
  const result = confirmIntent(intent, input, world.moment);
  if (!isError(result)) useToken(world, form, id);
  return settle(world, result, expand);
}

function mergedMetadata(intent: Intent, form: Form): Metadata | ApiError {
  const given = readMetadata(form);
  if (isError(given)) return given;
  const merged: Record<string, string> = { ...intent.metadata, ...given };
  for (const [key, value] of Object.entries(inner(form, "metadata"))) {
    if (value === "") delete merged[key];
  }
  return form.metadata === "" ? {} : merged;
}

export function updateCall(world: World, form: Form, id: string): Answer {
  const expand = wantsCharge(form);
  if (typeof expand !== "boolean") return expand;
  const intent = intentOr404(world, id);
  if (isError(intent)) return intent;
  const metadata = mergedMetadata(intent, form);
  if (isError(metadata)) return metadata;
  const description = text(form, "description") ?? intent.description;
  return settle(world, { intent: { ...intent, metadata, description }, events: [] }, expand);
}

export function captureCall(world: World, form: Form, id: string): Answer {
  const expand = wantsCharge(form);
  if (typeof expand !== "boolean") return expand;
  const intent = intentOr404(world, id);
  if (isError(intent)) return intent;
  const metadata = mergedMetadata(intent, form);
  if (isError(metadata)) return metadata;
  const amount = integer(form, "amount_to_capture");
  const offStep = checkStep(amount ?? 0, intent.currency, "amount_to_capture");
  if (offStep) return offStep;
  const input = {
    amount,
    metadata,
    finalCapture: form.final_capture !== "false",
  };
  return settle(world, captureIntent(intent, input, world.moment), expand);
}

export function cancelCall(world: World, form: Form, id: string): Answer {
  const expand = wantsCharge(form);
  if (typeof expand !== "boolean") return expand;
  const intent = intentOr404(world, id);
  if (isError(intent)) return intent;
  return settle(
    world,
    cancelIntent(intent, text(form, "cancellation_reason"), world.moment),
    expand,
  );
}

function refundTarget(world: World, form: Form): Intent | ApiError {
  const intentId = text(form, "payment_intent");
  const chargeId = text(form, "charge");
  if (intentId === null && chargeId === null) {
    return invalid(
      "One of the following params should be provided for this request: payment_intent or charge.",
      { code: "parameter_missing", param: "payment_intent" },
    );
  }
  if (intentId !== null) {
    return world.intent(intentId) ?? noSuch("payment_intent", intentId, "payment_intent");
  }
  const intent = world.intent(intentIdOf(chargeId ?? ""));
  return intent?.charge?.id === chargeId ? intent : noSuch("charge", chargeId ?? "", "charge");
}

export function refundCall(world: World, form: Form): Answer {
  const intent = refundTarget(world, form);
  if (isError(intent)) return intent;
  const metadata = readMetadata(form);
  if (isError(metadata)) return metadata;
  const amount = integer(form, "amount");
  if (amount !== null && amount < 1) {
    return invalid("Invalid positive integer", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  }
  const offStep = checkStep(amount ?? 0, intent.currency);
  if (offStep) return offStep;
  const change = refundIntent(
    intent,
    { amount, reason: text(form, "reason"), metadata },
    world.moment,
  );
  if (isError(change)) return change;
  const saved = world.save(change satisfies Change);
  if (refundPlanOf(intent)) world.settleRefundLater(change.refund.id);
  return { body: refundJson(saved, change.refund) };
}
