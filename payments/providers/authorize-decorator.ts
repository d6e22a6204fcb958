import type { PaymentProvider } from "../provider.ts";

/** The same provider with another way to authorize. */
export function withAuthorize(
  provider: PaymentProvider,
  authorize: PaymentProvider["authorize"],
): PaymentProvider {
  return {
    authorize,
    shopperOutcome: (...call) => provider.shopperOutcome(...call),
    shopperReturned: (...call) => provider.shopperReturned(...call),
    capture: (...call) => provider.capture(...call),
    captureOutcome: (...call) => provider.captureOutcome(...call),
    refund: (...call) => provider.refund(...call),
    refundOutcome: (...call) => provider.refundOutcome(...call),
    resolveAndVoid: (...call) => provider.resolveAndVoid(...call),
    reverse: (...call) => provider.reverse(...call),
    lookUp: (...call) => provider.lookUp(...call),
    standing: (...call) => provider.standing(...call),
    disputes: (...call) => provider.disputes(...call),
  };
}
