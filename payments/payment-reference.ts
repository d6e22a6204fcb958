import { CheckoutId, ShopId } from "../schema/ids.ts";
import { assert } from "../schema/outcome.ts";

/**
 * Our name for an attempt, as providers keep it and give it back. Adyen takes 80 characters and
 * reads hyphens as separators, so a shop's hyphens are written as capital X.
 * Source: https://docs.adyen.com/api-explorer/Checkout/72/post/payments (reference)
 */
const LENGTH_MAX = 80;
const FORM = /^([a-z][a-z0-9X]{1,31})_(chk_[a-z]+_[0-9a-z]{26})_(\d{1,4})(?:_([a-z]\d{1,4}))?$/;

type Attempt = {
  readonly shopId: ShopId;
  readonly checkoutId: CheckoutId;
  /** The checkout's nth payment, from 1. */
  readonly attempt: number;
};

export type ReadReference = Attempt & {
  /** `c1` the first capture, `r2` the second refund; absent for the payment itself. */
  readonly part?: string;
};

export function paymentReference({ shopId, checkoutId, attempt }: Attempt): string {
  const reference = `${shopId.replaceAll("-", "X")}_${checkoutId}_${attempt}`;
  assert(reference.length <= LENGTH_MAX - 6, "a reference has room for its parts");
  return reference;
}

/** Our name for a capture (`c`) or a refund (`r`) of a payment. */
export function partReference(paymentReference: string, kind: "c" | "r", n: number): string {
  return `${paymentReference}_${kind}${n}`;
}

/** Undefined for a reference that is none of ours. */
export function readReference(reference: string): ReadReference | undefined {
  const [, shop = "", checkout, attempt, part] = FORM.exec(reference) ?? [];
  const shopId = ShopId.safeParse(shop.replaceAll("X", "-"));
  const checkoutId = CheckoutId.safeParse(checkout);
  if (!shopId.success || !checkoutId.success) return undefined;
  const read = { shopId: shopId.data, checkoutId: checkoutId.data, attempt: Number(attempt) };
  return part === undefined ? read : { ...read, part };
}
