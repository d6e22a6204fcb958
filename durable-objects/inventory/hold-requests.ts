import type { CheckoutId, Sku } from "../../schema/ids.ts";

/** Asks for pieces. The same key always means the same hold. */
export type HoldRequest = {
  readonly key: string;
  readonly checkoutId: CheckoutId;
  readonly sku: Sku;
  readonly quantity: number;
  readonly expiresAtMs: number;
  /** The shopper's pseudonyms, and whether the payment came with the wish: fairness asks. */
  readonly shopper?: string | undefined;
  readonly account?: string | undefined;
  readonly isPaying?: boolean | undefined;
  readonly part?: Part;
};

/** Wants a hold to have another quantity, 0 for none. A later change has a higher generation. */
export type ResizeRequest = HoldRequest & { readonly generation: number };

/** Names a hold, and the checkout's payment that wants it allocated or lets go of it. */
export type AllocationRequest = {
  readonly key: string;
  readonly sku: Sku;
  readonly payment: number;
  readonly part?: Part;
};

/**
 * Of a line that may lie in several cells: what this one has will do, and may be nothing. "once"
 * also leaves a mark where nothing could be taken, so that this cell says the same again.
 */
export type Part = "any" | "once" | undefined;
