import { timingSafeEqual } from "node:crypto";
import type { CreateCheckout, PatchCheckout, PayCheckout } from "../../../schema/checkout.ts";
import type { CheckoutId, ShopId } from "../../../schema/ids.ts";
import type { CancelOrder, CaptureOrder, FulfilOrder, RefundOrder } from "../../../schema/order.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import type { RefusalCode } from "../../../schema/refusals.ts";
import type { Answer } from "./answers.ts";
import type { Route } from "./checkout.store.ts";
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

export type FulfilCall = SaleCall & { readonly body: FulfilOrder };

/** Without a body the whole order is meant. */
export type CancelCall = SaleCall & { readonly body?: CancelOrder | undefined };

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

type Rule = (checkout: Checkout) => Refusal<RefusalCode> | undefined;

/** The door of every call that changes a sale: is it theirs, was it answered, is it allowed? */
export type SaleDoor = {
  /** Does `act` unless this key was answered, or `rule` says why not: that is kept like any answer. */
  enter(
    route: Route,
    call: SaleCall,
    rule: Rule,
    act: (checkout: Checkout) => Answer | Promise<Answer>,
  ): Promise<Answer>;
  /** Begins a run that owes this call its answer; the sale changes in the run's first commit. */
  run(route: Route, call: SaleCall, run: NewRun, changed: Checkout): Promise<Answer>;
  /** Queues a money call and answers when it is done; it is sent now unless another one is out. */
  moneyCall(route: Route, call: SaleCall, queued: Checkout): Promise<Answer>;
};
