import type Stripe from "stripe";
import { sameMoney } from "../../schema/money.ts";
import { assert, beforeSending, isUnsentBug } from "../../schema/outcome.ts";
import type { PaymentMethod } from "../../schema/payment.ts";
import type {
  Authorization,
  AuthorizeRequest,
  CaptureRequest,
  CaptureResult,
  Dispute,
  KnownPayment,
  LookedUp,
  PaymentName,
  PaymentProvider,
  ProviderCall,
  RefundRequest,
  RefundResult,
  ReversalResult,
  ReverseRequest,
  Secured,
  ShopperOutcome,
  Standing,
} from "../provider.ts";
import { capture, captureOutcome } from "./captures.ts";
import { type StripeConfig, stripeClient, versionFor } from "./client.ts";
import { decline, definiteNo } from "./declines.ts";
import { intentsOf } from "./intent-lookup.ts";
import { EXPAND, toIntentParams } from "./intent-params.ts";
import { takenOf, toAuthorization, toDispute, toSecured, undecided, whole } from "./mapping.ts";
import { refund, refundsOf, toRefundResult } from "./refunds.ts";
import { reverse } from "./reversal.ts";
import { isKeyForgotten, isStoredServerError } from "./stored-errors.ts";

const WAITING = ["requires_action", "processing"];

/** Stripe: a PaymentIntent per attempt to pay. Cards are held and captured; local methods pay at once. */
export class StripeProvider implements PaymentProvider {
  readonly #stripe: Stripe;

  constructor(config: StripeConfig) {
    this.#stripe = stripeClient(config);
  }

  async authorize(request: AuthorizeRequest, call: ProviderCall) {
    const answer = await this.#intentOf(request, call);
    if ("refused" in answer) return answer;
    const authorization = toAuthorization(answer, request.method);
    if ("refused" in authorization) return authorization;
    assert(sameMoney(authorization.amount, request.amount), "Stripe holds what was asked for");
    return authorization;
  }

  async shopperOutcome(_name: PaymentName, known: Authorization): Promise<ShopperOutcome> {
    const reference = known.reference;
    assert(reference, "Stripe names a payment at once");
    const intent = await this.#stripe.paymentIntents.retrieve(reference, { expand: EXPAND });
    // While their bank is at it no step is left for the shopper, and the end is not known.
    if (WAITING.includes(intent.status)) return { shopper: "awaited" };
    const answer = toAuthorization(intent, known.method);
    return "refused" in answer ? answer : { shopper: "confirmed", secured: answer };
  }

  /** What the browser brought back is not believed: Stripe is asked. */
  shopperReturned(name: PaymentName, known: Authorization): Promise<ShopperOutcome> {
    return this.shopperOutcome(name, known);
  }

  capture(request: CaptureRequest, call: ProviderCall): Promise<CaptureResult> {
    return capture(this.#stripe, request, call);
  }

  captureOutcome(request: CaptureRequest): Promise<CaptureResult> {
    return captureOutcome(this.#stripe, request);
  }

  refund(request: RefundRequest, call: ProviderCall): Promise<RefundResult> {
    return refund(this.#stripe, request, call);
  }

  async refundOutcome(request: RefundRequest, pending: string): Promise<RefundResult> {
    return toRefundResult(await this.#stripe.refunds.retrieve(pending), request);
  }

  async resolveAndVoid(
    request: AuthorizeRequest,
    known: Authorization | undefined,
    call: ProviderCall,
  ): Promise<ReversalResult> {
    const { key } = request;
    if (known?.reference) return reverse(this.#stripe, { reference: known.reference, key, call });
    const answer = await this.#intentOf(request, call).catch((problem) => {
      if (!isUnsentBug(problem)) throw problem;
      return this.#found(request, call, "never_existed");
    });
    if ("refused" in answer) return { reversal: "never_existed" };
    if (!answer.id) throw undecided(answer);
    return reverse(this.#stripe, { reference: answer.id, key, call });
  }

  reverse({ key, secured }: ReverseRequest, call: ProviderCall): Promise<ReversalResult> {
    return reverse(this.#stripe, { reference: secured.reference, key, call });
  }

  /**
   * `call.startedAtMs` is when the payment was begun: one without a name is looked for in the list of
   * all since then, which may be long.
   */
  async lookUp(
    name: PaymentName & Pick<LookedUp, "reference">,
    call: ProviderCall,
  ): Promise<Secured | undefined> {
    if (name.reference !== undefined) {
      const { paymentIntents } = this.#stripe;
      const intent = whole(await paymentIntents.retrieve(name.reference, { expand: EXPAND }));
      const isOurs = intent.metadata.payment_reference === name.paymentReference;
      assert(isOurs, "what a payment is known by is its own");
      return toSecured(intent);
    }
    for await (const intent of intentsOf(this.#stripe, name, call)) {
      const secured = toSecured(intent);
      if (secured) return secured;
    }
    return undefined;
  }

  async standing({ secured }: KnownPayment): Promise<Standing> {
    const intent = whole(await this.#stripe.paymentIntents.retrieve(secured.reference));
    const refunds = await refundsOf(this.#stripe, secured.reference);
    return { captured: takenOf(intent), isHeld: intent.status === "requires_capture", refunds };
  }

  async disputes({ reference }: Secured): Promise<readonly Dispute[]> {
    const list = this.#stripe.disputes.list({ payment_intent: reference, limit: 100 });
    return (await list.autoPagingToArray({ limit: 1000 })).map(toDispute);
  }

  /**
   * The intent that a request made, or makes now: the same key and bytes again, and when Stripe
   * cannot replay them any more, the list. Throws while the outcome stays unknown.
   */
  async #intentOf(request: AuthorizeRequest, call: ProviderCall) {
    const { key: idempotencyKey } = request;
    if (!canRepeat(request, call)) return this.#found(request, call, "never_existed");
    const params = beforeSending(() => toIntentParams(request));
    try {
      const apiVersion = versionFor(request.method);
      return await this.#stripe.paymentIntents.create(params, { idempotencyKey, apiVersion });
    } catch (error) {
      const no = definiteNo(error);
      if (no) return no;
      if (!isStoredServerError(error)) throw error;
      return this.#found(request, call, "provider_error");
    }
  }

  async #found(request: AuthorizeRequest, call: ProviderCall, otherwise: string) {
    for await (const intent of intentsOf(this.#stripe, request, call)) return intent;
    return decline(otherwise);
  }
}

/**
 * Whether the same request with the same key still tells what it came to. Not once the key may be
 * forgotten; and Stripe refuses a code whose end has passed, even where it made it before.
 */
function canRepeat({ method, offerEndsAtMs }: AuthorizeRequest, call: ProviderCall): boolean {
  const mustEnd: readonly PaymentMethod[] = ["pix"];
  return !isKeyForgotten(call) && !(mustEnd.includes(method) && call.nowMs >= offerEndsAtMs);
}
