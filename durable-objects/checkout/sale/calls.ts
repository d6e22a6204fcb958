import { timingSafeEqual } from "node:crypto";
import type { CreateCheckout, PatchCheckout, PayCheckout } from "../../../schema/checkout.ts";
import type { OrderEventType } from "../../../schema/events.ts";
import type { CheckoutId, ShopId } from "../../../schema/ids.ts";
import type { CancelOrder, CaptureOrder, FulfilOrder, RefundOrder } from "../../../schema/order.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import type { RefusalCode } from "../../../schema/refusals.ts";
import type { Route } from "./answers.store.ts";
import type { Answer, Reply } from "./answers.ts";
import type { Checkout } from "./checkout.ts";

/**
 * Who calls: a shop's key, and unless it is the merchant's own the secret of one checkout, or where no
 * secret is asked for the e-mail that bought it.
 */
export type Caller = {
  readonly shopId: ShopId;
  readonly isMerchant: boolean;
  readonly secret?: string | undefined;
  readonly email?: string | undefined;
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
export function mayUse({ shopId, clientSecret, customer }: Checkout, caller: Caller): boolean {
  if (shopId !== caller.shopId) return false;
  if (caller.isMerchant) return true;
  if (caller.email !== undefined) return sameMailbox(customer.email, caller.email);
  const given = Buffer.from(caller.secret ?? "");
  const right = Buffer.from(clientSecret);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** Case and blanks are how somebody types; mailboxes that differ by case alone are nobody's. */
function sameMailbox(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** A run that a call begins. */
export type NewRun = { readonly saga: string; readonly runId: string; readonly input: unknown };

type Rule = (checkout: Checkout) => Refusal<RefusalCode> | undefined;

/** A change that is whole as it is: its answer and its event are known as it is made. */
export type Change = {
  readonly checkout: Checkout;
  readonly reply: Reply;
  /** What the order's new version is told as; absent where the order did not change. */
  readonly told?: OrderEventType | undefined;
  /** Begun with it; else whatever money call is next. */
  readonly run?: NewRun | undefined;
};

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
  /** Commits a change with its event and answers at once; what it began goes on behind the answer. */
  change(route: Route, call: SaleCall, change: Change): Promise<Answer>;
  /** Answers at once, and changes nothing. */
  keep(route: Route, call: SaleCall, reply: Reply): Answer;
};
