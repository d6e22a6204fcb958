import { cancelSaga } from "../../../durable-objects/checkout/after-sale/cancel.saga.ts";
import { cancelLinesSaga } from "../../../durable-objects/checkout/after-sale/cancel-lines.saga.ts";
import { captureSaga } from "../../../durable-objects/checkout/after-sale/capture.saga.ts";
import { CAPTURE_OUTCOME } from "../../../durable-objects/checkout/after-sale/captures.ts";
import { fulfilSaga } from "../../../durable-objects/checkout/after-sale/fulfil.saga.ts";
import { refundSaga } from "../../../durable-objects/checkout/after-sale/refund.saga.ts";
import { REFUND_OUTCOME } from "../../../durable-objects/checkout/after-sale/refunds.ts";
import { closeSaga } from "../../../durable-objects/checkout/ending/close.saga.ts";
import { openSaga } from "../../../durable-objects/checkout/opening/open.saga.ts";
import { requoteSaga } from "../../../durable-objects/checkout/opening/requote.saga.ts";
import { paySaga } from "../../../durable-objects/checkout/paying/pay.saga.ts";
import { placeFreeSaga } from "../../../durable-objects/checkout/paying/place-free.saga.ts";
import { giveBackSaga } from "../../../durable-objects/checkout/provider-news/give-back.saga.ts";
import type { CheckoutTx } from "../../../durable-objects/checkout/sale/checkout.tx.ts";
import type { CheckoutDeps } from "../../../durable-objects/checkout/sale/ports.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { Scenario, World } from "../matrix/scenario.ts";
import { checkoutId } from "./sale-calls.ts";
import { Shop } from "./shop.ts";

export type SaleScenario = Scenario<CheckoutDeps, CheckoutTx>;
type SaleWorld = World<CheckoutDeps, CheckoutTx>;

/** Every saga of the checkout. One that is added here without a scenario fails by name. */
export const sagas = [
  ...[openSaga, requoteSaga, paySaga, placeFreeSaga, closeSaga],
  ...[captureSaga, refundSaga, fulfilSaga, cancelSaga, cancelLinesSaga, giveBackSaga],
];

const noes = {
  authorize: refuse("payment_declined", { reason: "processing_error", retryable: true }),
  capture: { capture: "refused", reason: "expired" },
  captureSettled: { capture: "refused", reason: "expired" },
  refund: { refund: "refused", reason: "too_late" },
  ship: { missing: { sku: "mug" }, token: `${checkoutId}/fulfil/1/ship` },
  refundSettled: { refund: "refused", reason: "too_late" },
};

type Parts = Pick<SaleWorld, "runId" | "prepare" | "begin" | "events" | "judge">;

/** A scenario of the checkout: its own shop, and all of its sagas. */
export function scenario(name: string, saga: string, parts: (shop: Shop) => Parts): SaleScenario {
  return {
    ...{ name, saga, sagas },
    open: (build) => {
      const shop = new Shop(build);
      const { storage, deps } = shop;
      const lapse = () => shop.lapse();
      return { ...{ storage, deps, noes, lapse }, runs: () => shop.runs(), ...parts(shop) };
    },
  };
}

/** What a slow provider says of a capture or refund once it is asked. */
export function slowEvents(shop: Shop) {
  return {
    get [CAPTURE_OUTCOME]() {
      return shop.stripe.settled();
    },
    get [REFUND_OUTCOME]() {
      return shop.stripe.settled();
    },
  };
}
