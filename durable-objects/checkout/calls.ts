import { timingSafeEqual } from "node:crypto";
import type { CreateCheckout, PatchCheckout, PayCheckout } from "../../schema/checkout.ts";
import type { CheckoutId, ShopId } from "../../schema/ids.ts";
import type { CaptureOrder, FulfillOrder, RefundOrder } from "../../schema/order.ts";
import type { Checkout } from "./checkout.ts";

/** Who calls: a shop's key, and the secret of one checkout unless the key is the merchant's own. */
export type Caller = {
  readonly shopId: ShopId;
  readonly isMerchant: boolean;
  readonly secret?: string | undefined;
};

/** A call that changes the sale. The same key with the same fingerprint is the same call. */
export type SaleCall = {
  readonly caller: Caller;
  readonly key: string;
  readonly fingerprint: string;
};

/** `origin`: of this API as the storefront called it. */
export type PayCall = SaleCall & { readonly body: PayCheckout; readonly origin: string };

export type PatchCall = SaleCall & { readonly body: PatchCheckout };

export type CaptureCall = SaleCall & { readonly body: CaptureOrder };

export type FulfillCall = SaleCall & { readonly body: FulfillOrder };

export type RefundCall = SaleCall & { readonly body: RefundOrder };

export type CreateCall = SaleCall & {
  readonly checkoutId: CheckoutId;
  readonly body: CreateCheckout;
  readonly origin: string;
};

/** Whether this caller may see the sale at all; if not, there is nothing here. */
export function mayUse({ shopId, clientSecret }: Checkout, caller: Caller): boolean {
  if (shopId !== caller.shopId) return false;
  if (caller.isMerchant) return true;
  const given = Buffer.from(caller.secret ?? "");
  const right = Buffer.from(clientSecret);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** A run that a call begins. */
export type NewRun = { readonly saga: string; readonly runId: string; readonly input: unknown };
