import type Stripe from "stripe";
import { type Money, sameMoney } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import type {
  Authorization,
  AuthorizeRequest,
  CallTime,
  CaptureResult,
  PaymentProvider,
  RefundResult,
  ReversalResult,
  ShopperOutcome,
} from "../provider.ts";
import { providerKey } from "../provider-key.ts";
import { type StripeConfig, stripeClient } from "./client.ts";
import {
  captured,
  decline,
  definiteNo,
  intentInError,
  isCanceled,
  isCaptured,
  isRefunded,
  isStoredServerError,
  toAuthorization,
  toIntentParams,
  toStripeAmount,
  undecided,
} from "./mapping.ts";
import { refundOf } from "./refunds.ts";

const HOUR_MS = 3_600_000;
const KEY_LIFE_MS = 20 * HOUR_MS; // Stripe may forget keys after 24 h: https://docs.stripe.com/api/idempotent_requests
const CLOCK_SLACK_S = 300; // our clock and Stripe's may differ while we look for an intent by time
const STORED_ERRORS_MAX = 5; // server errors stored under as many keys in a row: something else is wrong

/** Cards at Stripe: a PaymentIntent per attempt, captured by hand. */
export class StripeProvider implements PaymentProvider {
  readonly #stripe: Stripe;

  constructor(config: StripeConfig) {
    this.#stripe = stripeClient(config);
  }

  async authorize(request: AuthorizeRequest, time: CallTime) {
    const answer = await this.#intentOf(request, time);
    if ("refused" in answer) return answer;
    const authorization = toAuthorization(answer);
    if ("refused" in authorization) return authorization;
    assert(sameMoney(authorization.amount, request.amount), "Stripe holds what was asked for");
    return authorization;
  }

  async shopperOutcome(reference: string): Promise<ShopperOutcome> {
    const answer = toAuthorization(await this.#stripe.paymentIntents.retrieve(reference));
    if ("refused" in answer) return answer;
    return { shopper: answer.shopper ? "awaited" : "confirmed" };
  }

  async capture(key: string, authorization: Authorization): Promise<CaptureResult> {
    const { reference } = authorization;
    try {
      const intent = await this.#despiteStoredErrors(reference, key, isCaptured, (idempotencyKey) =>
        this.#stripe.paymentIntents.capture(reference, {}, { idempotencyKey }),
      );
      if (isCaptured(intent)) return captured(intent);
      if (intent.status === "processing") return { capture: "pending" };
      if (isCanceled(intent)) return { capture: "refused", reason: "expired" };
      throw undecided(intent);
    } catch (error) {
      const intent = intentInError(error);
      if (intent && isCaptured(intent)) return captured(intent);
      if (intent && isCanceled(intent)) return { capture: "refused", reason: "expired" };
      const no = definiteNo(error);
      if (!no) throw error;
      return { capture: "refused", reason: String(no.detail?.reason) };
    }
  }

  async refund(key: string, { reference }: Authorization, amount: Money): Promise<RefundResult> {
    const wanted = { payment_intent: reference, amount: toStripeAmount(amount).amount };
    try {
      const refund = await refundOf(this.#stripe, wanted, key);
      if (refund.status === "succeeded") return { refund: "refunded", amount };
      if (refund.status !== "failed" && refund.status !== "canceled") throw undecided(refund);
      return { refund: "refused", reason: refund.failure_reason ?? refund.status };
    } catch (error) {
      const no = definiteNo(error);
      if (!no) throw error;
      return { refund: "refused", reason: String(no.detail?.reason) };
    }
  }

  async resolveAndVoid(
    request: AuthorizeRequest,
    known: Authorization | undefined,
    time: CallTime,
  ): Promise<ReversalResult> {
    if (known) return this.#reverse(known.reference, request.key);
    const answer = await this.#intentOf(request, time);
    if ("refused" in answer) return { reversal: "never_existed" };
    if (!answer.id) throw undecided(answer);
    return this.#reverse(answer.id, request.key);
  }

  /**
   * The intent that a request made, or makes now: the same key and bytes again, and when Stripe
   * cannot replay them any more, the list. Throws while the outcome stays unknown.
   */
  async #intentOf(request: AuthorizeRequest, { startedAtMs, nowMs }: CallTime) {
    const { key: idempotencyKey } = request;
    if (nowMs - startedAtMs > KEY_LIFE_MS) {
      return (await this.#lookUp(request, startedAtMs)) ?? decline("never_existed");
    }
    try {
      return await this.#stripe.paymentIntents.create(toIntentParams(request), { idempotencyKey });
    } catch (error) {
      const no = definiteNo(error);
      if (no) return no;
      if (!isStoredServerError(error)) throw error;
      return (await this.#lookUp(request, startedAtMs)) ?? decline("provider_error");
    }
  }

  /** By list, not by search: search lags behind. */
  async #lookUp(request: AuthorizeRequest, startedAtMs: number) {
    const gte = Math.floor(startedAtMs / 1000) - CLOCK_SLACK_S;
    const list = this.#stripe.paymentIntents.list({ created: { gte }, limit: 100 });
    for await (const intent of list) {
      if (intent.metadata.payment_reference === request.paymentReference) return intent;
    }
    return undefined;
  }

  /** Voids what is held and refunds what is taken; what already went back stays so. */
  async #reverse(reference: string, key: string): Promise<ReversalResult> {
    const voidKey = providerKey(key, "void");
    try {
      const intent = await this.#despiteStoredErrors(
        reference,
        voidKey,
        isCanceled,
        (idempotencyKey) => this.#stripe.paymentIntents.cancel(reference, {}, { idempotencyKey }),
      );
      if (!isCanceled(intent)) throw undecided(intent);
      return { reversal: "voided" };
    } catch (error) {
      const intent = intentInError(error);
      if (intent?.status === "canceled") return { reversal: "voided" };
      if (intent?.status !== "succeeded") throw error;
      await this.#refundRest(reference, providerKey(key, "refund"));
      return { reversal: "refunded" };
    }
  }

  async #refundRest(reference: string, key: string): Promise<void> {
    try {
      const refund = await refundOf(this.#stripe, { payment_intent: reference }, key);
      if (!isRefunded(refund)) throw undecided(refund);
    } catch (error) {
      if (definiteNo(error)?.detail?.reason !== "charge_already_refunded") throw error;
    }
  }

  /**
   * Stripe replays a stored 500 for a day. The intent itself then says whether the call took
   * effect; if not, the call is made again under the next derived key. Both calls that come here
   * are refused by Stripe when repeated on an intent that has moved on, so money moves once.
   */
  async #despiteStoredErrors(
    reference: string,
    key: string,
    isDone: (intent: Stripe.PaymentIntent) => boolean,
    call: (idempotencyKey: string) => Promise<Stripe.PaymentIntent>,
  ): Promise<Stripe.PaymentIntent> {
    for (let n = 1; n <= STORED_ERRORS_MAX; n++) {
      try {
        return await call(n === 1 ? key : providerKey(key, String(n)));
      } catch (error) {
        if (!isStoredServerError(error)) throw error;
        const intent = await this.#stripe.paymentIntents.retrieve(reference);
        if (isDone(intent)) return intent;
      }
    }
    throw new Error(`Stripe stored ${STORED_ERRORS_MAX} errors in a row for ${reference}`);
  }
}
