import { zero } from "../../schema/money.ts";
import type {
  Authorization,
  AuthorizeRequest,
  CaptureRequest,
  CaptureResult,
  KnownPayment,
  LookedUp,
  PaymentName,
  PaymentProvider,
  ProviderCall,
  RefundRequest,
  RefundResult,
  ReturnProof,
  ReversalResult,
  ReverseRequest,
  Secured,
  ShopperOutcome,
  Standing,
} from "../provider.ts";
import { authorize } from "./authorization.ts";
import { type Adyen, adyenApi } from "./client.ts";
import type { AdyenConfig } from "./config.ts";
import { disputesOf } from "./disputes.ts";
import { heardPayment } from "./heard-payment.ts";
import { secure } from "./mapping.ts";
import { capture, captureHeard, refund, refundHeard } from "./modifications.ts";
import { giveBack } from "./reversal.ts";
import { shopperOutcome, shopperReturned } from "./shopper-return.ts";

/**
 * Cards and local methods at Adyen. What it answers "received" to, and what cannot be asked again,
 * is decided by its webhooks alone: there is no call that reads a payment.
 *
 * Where Adyen grants several captures, what the last one leaves is let go as the hold runs out.
 */
export class AdyenProvider implements PaymentProvider {
  readonly #config: AdyenConfig;

  constructor(config: AdyenConfig) {
    this.#config = config;
  }

  async authorize(request: AuthorizeRequest, call: ProviderCall) {
    return authorize(this.#adyen(call), request, call);
  }

  async shopperOutcome(
    name: PaymentName,
    authorization: Authorization,
    call: ProviderCall,
  ): Promise<ShopperOutcome> {
    return shopperOutcome(name, authorization, call);
  }

  async shopperReturned(
    name: PaymentName,
    authorization: Authorization,
    call: ProviderCall & { readonly key: string; readonly proof: ReturnProof },
  ): Promise<ShopperOutcome> {
    return shopperReturned(this.#adyen(call), name, authorization, call);
  }

  async capture(request: CaptureRequest, call: ProviderCall): Promise<CaptureResult> {
    return capture(this.#adyen(call), request, call);
  }

  async captureOutcome(
    request: CaptureRequest,
    pending: string,
    call: ProviderCall,
  ): Promise<CaptureResult> {
    return captureHeard(request, pending, call) ?? { capture: "pending", reference: pending };
  }

  async refund(request: RefundRequest, call: ProviderCall): Promise<RefundResult> {
    return refund(this.#adyen(call), request, call);
  }

  async refundOutcome(
    request: RefundRequest,
    pending: string,
    call: ProviderCall,
  ): Promise<RefundResult> {
    return refundHeard(request, pending, call) ?? { refund: "pending", reference: pending };
  }

  async resolveAndVoid(
    request: AuthorizeRequest,
    known: Authorization | undefined,
    call: ProviderCall,
  ): Promise<ReversalResult> {
    return giveBack({ ...this.#adyen(call), request, known, call });
  }

  async reverse(request: ReverseRequest, call: ProviderCall): Promise<ReversalResult> {
    const { secured: known } = request;
    const { method } = known;
    return giveBack({ ...this.#adyen(call), request: { ...request, method }, known, call });
  }

  /** The method is not among what Adyen signs: it is the caller's. */
  async lookUp(payment: LookedUp, call: ProviderCall): Promise<Secured | undefined> {
    const { method } = payment;
    const { held } = heardPayment(payment, { method }, call.heard);
    return held && secure({ provider: "adyen", method, amount: held.amount }, held.reference);
  }

  /** As its webhooks tell it, and a settlement report where they were lost. */
  async standing({ secured, ...name }: KnownPayment, { heard }: ProviderCall): Promise<Standing> {
    const { reference, amount } = secured;
    const payment = heardPayment(name, secured, heard);
    const captured = payment.taken(reference) ?? zero(amount.currency);
    const isLeft = captured.amountMinor < amount.amountMinor;
    const isHeld = isLeft && payment.givenBack(reference) === undefined;
    return { captured, isHeld, refunds: payment.refunds(reference) };
  }

  async disputes(secured: Secured, { heard }: ProviderCall) {
    return disputesOf(secured, heard);
  }

  #adyen({ region }: ProviderCall): Adyen {
    return { api: adyenApi(this.#config, region), config: this.#config };
  }
}
