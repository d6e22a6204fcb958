import { waysToPay } from "../../../payments/ways-to-pay.ts";
import type { CheckoutView, Quote } from "../../../schema/checkout.ts";
import { isZero } from "../../../schema/money.ts";
import { orderNumberOf } from "../../../schema/order-number.ts";
import type { AttemptRoute, ExtraMethod, PaymentView } from "../../../schema/payment.ts";
import { type RefusalCode, refusals } from "../../../schema/refusals.ts";
import type { Country } from "../../../schema/regions.ts";
import { checkoutCan, checkoutHas } from "../../../schema/states.ts";
import type { TimelineEntry } from "../../../schema/timeline.ts";
import { OUTCOME_UNKNOWN } from "../../saga/next-action.ts";
import type { Act, Run } from "../../saga/run.ts";
import type { Caller } from "../sale/calls.ts";
import {
  type Checkout,
  latestPayment,
  type Payment,
  type RoutedAttempt,
} from "../sale/checkout.ts";

/** Who looks: a merchant is shown more than a shopper. */
export type Reader = Pick<Caller, "isMerchant">;

/** What a storefront is shown of a checkout. The secret is in the answer to the create alone. */
export function checkoutView(checkout: Checkout, runs: readonly Run[] = []): CheckoutView {
  const payment = latestPayment(checkout);
  const { checkoutId, region, hold, expiresAtMs, order, request } = checkout;
  const { flags: _flags, extraMethods = [], ...quote } = checkout.quote;
  const isHeld = checkoutCan.holdStock(checkout.status);
  return {
    checkoutId,
    status: statusView(checkout, runs),
    region,
    quote: hold.from ? withOrigins(quote, hold.from) : quote,
    ...(isHeld ? { hold: { expiresAt: new Date(expiresAtMs).toISOString() } } : {}),
    ...waysIn(request.country, quote, extraMethods),
    ...(payment ? { payment: paymentView(asTheirTurn(payment, checkout, runs)) } : {}),
    ...(order ? { orderId: order.orderId, orderNumber: orderNumberOf(order.orderId) } : {}),
  };
}

/** Asked before anything is promised: what is named can take the whole total. */
function waysIn(
  country: Country,
  { total }: Pick<Quote, "total">,
  switchedOn: readonly ExtraMethod[],
) {
  // What is free is placed with `none`, and nothing else is.
  if (isZero(total)) return { paymentMethods: ["none"] };
  const { methods, leftOut } = waysToPay(country, total, switchedOn);
  return {
    paymentMethods: [...methods],
    ...(leftOut.length > 0 ? { paymentMethodsLeftOut: [...leftOut] } : {}),
  };
}

/** Whether the sale has ended, and every run of it with it. */
export function isAtRest({ status }: Checkout, runs: readonly Run[]): boolean {
  return checkoutHas.ended(status) && runs.every(({ ended }) => ended !== undefined);
}

/** What comes from another region comes later, and the shopper sees that before paying. */
function withOrigins(quote: Quote, from: NonNullable<Checkout["hold"]["from"]>): Quote {
  const lines = quote.lines.map((line) => {
    const shipsFrom = from[line.sku];
    return shipsFrom ? { ...line, shipsFrom } : line;
  });
  return { ...quote, lines };
}

/** Every step of every run, in the order in which they began. */
export function timeline(runs: readonly Run[], reader: Reader): TimelineEntry[] {
  return runs
    .flatMap((run) => run.acts.filter(wasTaken).map((act) => ({ run, act })))
    .toSorted((a, b) => a.act.startedAtMs - b.act.startedAtMs)
    .map(({ run, act }) => timelineEntry(run, act, reader));
}

/** A merchant reads why each attempt went where it went. */
export function routesFor({ isMerchant }: Reader, runs: readonly Run[]) {
  const routes = runs.filter(({ saga }) => saga === "pay").map(routeOf);
  return isMerchant && routes.length > 0 ? { routes } : {};
}

function routeOf({ input }: Run): AttemptRoute {
  const { attempt, route } = input as RoutedAttempt;
  return { attempt, providers: [...route.providers], why: [...route.why] };
}

/** A payment whose outcome is unknown for now reads "processing": neither paid nor declined. */
function statusView(checkout: Checkout, runs: readonly Run[]): CheckoutView["status"] {
  if (checkout.status !== "paying") return checkout.status;
  const runId = latestPayment(checkout)?.runId;
  const acts = runs.find((run) => run.runId === runId)?.acts ?? [];
  const isUnknown = acts.some(({ state, fault }) => state !== "done" && fault !== undefined);
  return isUnknown ? "processing" : "paying";
}

/** The shopper's part is over once the attempt goes back, though that may take its time. */
function asTheirTurn(payment: Payment, { status }: Checkout, runs: readonly Run[]): Payment {
  const hasTurned = runs.some(({ runId, turned }) => runId === payment.runId && turned);
  const isTheirTurn = status === "awaiting_shopper" && !hasTurned;
  return isTheirTurn ? payment : { ...payment, nextAction: undefined };
}

function paymentView(payment: Payment): PaymentView {
  const { attempt, status, method, provider, amount, refusal, nextAction } = payment;
  return {
    attempt,
    status,
    method,
    amount,
    ...(provider ? { provider } : {}),
    ...(nextAction ? { nextAction } : {}),
    ...(refusal ? { refusal: refusalView(refusal.refused, refusal.detail?.reason) } : {}),
  };
}

function refusalView(code: string, reason: unknown): NonNullable<PaymentView["refusal"]> {
  const known = code in refusals ? refusals[code as RefusalCode] : refusals.payment_declined;
  return { code, then: known.then, ...(typeof reason === "string" ? { reason } : {}) };
}

function wasTaken({ state }: Act): boolean {
  return state !== "skipped" && state !== "foreseen"; // it has not left
}

function timelineEntry(run: Run, act: Act, { isMerchant }: Reader): TimelineEntry {
  const { fault } = act;
  const reason = reasonOf(act);
  return {
    at: new Date(act.startedAtMs).toISOString(),
    step: act.step,
    state: act.state,
    detail: {
      run: run.runId.split("/").slice(1).join("/"),
      attempt: act.attempt,
      ...(act.option === undefined ? {} : { option: act.option }),
      ...(act.endedAtMs === undefined ? {} : { durationMs: act.endedAtMs - act.startedAtMs }),
      ...(typeof reason === "string" ? { reason } : {}),
      // What an exception says may name anything.
      ...(isMerchant && fault !== undefined ? { fault } : {}),
    },
  };
}

/** A code, never what an exception said. */
function reasonOf({ refusal, fault, state }: Act) {
  if (refusal) return refusal.detail?.reason ?? refusal.refused;
  return fault === undefined || state === "done" ? undefined : OUTCOME_UNKNOWN;
}
