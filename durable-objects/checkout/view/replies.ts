import type { Refusal } from "../../../schema/outcome.ts";
import type { RefusalCode } from "../../../schema/refusals.ts";
import type { Run } from "../../saga/run.ts";
import type { Route } from "../sale/answers.store.ts";
import type { Reply } from "../sale/answers.ts";
import type { Checkout } from "../sale/checkout.ts";
import { checkoutView } from "./checkout-view.ts";

/** The create's answer is the only one that carries the secret. */
export function createReply(checkout: Checkout): Reply {
  const { clientSecret, order } = checkout;
  const body = { ...checkoutView(checkout), clientSecret, ...(order ? { order } : {}) };
  return { status: 201, body };
}

/** The sale is placed: the shopper may be told so. */
export function paidReply(route: Route, checkout: Checkout): Reply {
  if (route === "create") return createReply(checkout);
  const { order } = checkout;
  return { status: 200, body: { ...checkoutView(checkout), ...(order ? { order } : {}) } };
}

/** Not paid yet: `payment.nextAction` says where the shopper has to go. */
export function awaitingReply(route: Route, checkout: Checkout): Reply {
  return route === "create" ? createReply(checkout) : { status: 202, body: checkoutView(checkout) };
}

/** A create that exists never says 402: its checkout can be paid in another way. */
export function refusedReply(
  route: Route,
  checkout: Checkout,
  refusal: Refusal<RefusalCode>,
): Reply {
  return route === "create" ? createReply(checkout) : refusal;
}

/** What a merchant hears who changed an order. */
export function orderReply(checkout: Checkout): Reply {
  const { order } = checkout;
  return { status: 200, body: { ...checkoutView(checkout), ...(order ? { order } : {}) } };
}

/** The provider has received it and will decide: the order tells how it ended. */
export function acceptedReply(checkout: Checkout): Reply {
  const { order } = checkout;
  return { status: 202, body: { ...checkoutView(checkout), ...(order ? { order } : {}) } };
}

/** Not an answer to keep: the same key hears the end once there is one. */
export function processingReply(route: Route, checkout: Checkout, runs: readonly Run[]): Reply {
  if (route === "create") return createReply(checkout);
  const view = checkoutView(checkout, runs);
  const isPaying = route === "pay" && view.status === "paying";
  return { status: 202, body: isPaying ? { ...view, status: "processing" } : view };
}
