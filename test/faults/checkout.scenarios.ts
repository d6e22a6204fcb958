import { cancelSaga } from "../../durable-objects/checkout/cancel.saga.ts";
import { captureSaga } from "../../durable-objects/checkout/capture.saga.ts";
import { CAPTURE_SETTLED, withQueuedCapture } from "../../durable-objects/checkout/captures.ts";
import type { CheckoutDeps } from "../../durable-objects/checkout/checkout.deps.ts";
import type { CheckoutTx } from "../../durable-objects/checkout/checkout.tx.ts";
import { closeSaga } from "../../durable-objects/checkout/close.saga.ts";
import { giveBackSaga } from "../../durable-objects/checkout/give-back.saga.ts";
import { openSaga } from "../../durable-objects/checkout/open.saga.ts";
import { PAYMENT_CONFIRMED, paySaga } from "../../durable-objects/checkout/pay.saga.ts";
import { refundSaga } from "../../durable-objects/checkout/refund.saga.ts";
import { REFUND_SETTLED, withQueuedRefund } from "../../durable-objects/checkout/refunds.ts";
import { requoteSaga } from "../../durable-objects/checkout/requote.saga.ts";
import { refuse } from "../../schema/refusals.ts";
import { ends, judge } from "./judge.ts";
import {
  askingCard,
  authorized,
  card,
  cart,
  change,
  checkoutId,
  close,
  eitherCard,
  giveBack,
  ideal,
  lateMoney,
  moneyCall,
  open,
  openedShop,
  pay,
  payLate,
  type Sale,
  sold,
} from "./sale-calls.ts";
import type { Scenario, World } from "./scenario.ts";
import { Shop } from "./shop.ts";

type SaleScenario = Scenario<CheckoutDeps, CheckoutTx>;
type SaleWorld = World<CheckoutDeps, CheckoutTx>;

/** Every saga of the checkout. One that is added here without a scenario fails by name. */
export const sagas = [
  ...[openSaga, requoteSaga, paySaga, closeSaga],
  ...[captureSaga, refundSaga, cancelSaga, giveBackSaga],
];

const noes = {
  authorize: refuse("payment_declined", { reason: "processing_error", retryable: true }),
  capture: { capture: "refused", reason: "expired" },
  captureSettled: { capture: "refused", reason: "expired" },
  refund: { refund: "refused", reason: "too_late" },
  refundSettled: { refund: "refused", reason: "too_late" },
};

export const sales: readonly SaleScenario[] = [
  opening("opening", {}),
  opening("opening from a cart", { cart }),
  opening("opening and paying at once", { payment: card }),
  paying("paying", {}),
  paying("paying when the hold is about to end", { holdMs: 1_000 }),
  paying("paying with a card that two providers may charge", { payment: eitherCard }),
  paying("paying by iDEAL", { payment: ideal }),
  paying("paying where the merchant takes the money", { captureMode: "manual" }),
  slowly("paying where captures are only received"),
  payingLate("paying with money that came late"),
  paying("paying with a card that asks its owner", { payment: askingCard }),
  paying("paying for a cart", { cart }),
  changing("changing the lines"),
  closing("letting a checkout expire", "expired"),
  closing("calling a checkout off", "cancelled"),
  cancelling("cancelling an order"),
  takingBack("cancelling an order whose capture was refused"),
  capturing("capturing a part by hand", 2_000),
  capturing("capturing everything by hand", 5_000),
  capturing("capturing where captures are only received", 2_000, "slowly"),
  refunding("refunding a part"),
  refunding("refunding where refunds are only received", "slowly"),
  givingBack("giving late money back"),
];

function opening(name: string, sale: Sale): SaleScenario {
  const afterwards = sale.payment ? [ends.sold, ends.takenBack] : [];
  return scenario(name, "open", (shop) => ({
    runId: `${checkoutId}/open`,
    prepare: async () => shop.stock(),
    begin: (runner) => open(runner, sale),
    judge: (run) => judge(shop, [ends.nothing, ends.open, ends.ended, ...afterwards], run),
  }));
}

function paying(name: string, sale: Sale): SaleScenario {
  return scenario(name, "pay", (shop) => ({
    runId: `${checkoutId}/pay/1`,
    prepare: (runner) => openedShop(shop, runner, sale),
    begin: (runner) => pay(shop, runner, sale),
    events: {
      get [PAYMENT_CONFIRMED]() {
        return shop.stripe.confirmed();
      },
    },
    judge: (run) => {
      const sold = sale.captureMode === "manual" ? [ends.unpaid] : [ends.sold, ends.takenBack];
      const wanted = run === "completed" ? sold : [ends.open, ends.ended];
      return judge(shop, wanted, run);
    },
  }));
}

/** The provider takes captures in and decides about them later. */
function slowly(name: string): SaleScenario {
  return scenario(name, "pay", (shop) => {
    shop.stripe.isSlow = true;
    return {
      runId: `${checkoutId}/pay/1`,
      prepare: (runner) => openedShop(shop, runner, {}),
      begin: (runner) => pay(shop, runner, {}),
      events: slowEvents(shop),
      judge: (run) => {
        const sold = [ends.soldSlowly, ends.takenBackSlowly, ends.takenBack];
        return judge(shop, run === "completed" ? sold : [ends.open, ends.ended], run);
      },
    };
  });
}

/** What a slow provider says of a capture or refund once it is asked. */
function slowEvents(shop: Shop) {
  return {
    get [CAPTURE_SETTLED]() {
      return shop.stripe.settled();
    },
    get [REFUND_SETTLED]() {
      return shop.stripe.settled();
    },
  };
}

function payingLate(name: string): SaleScenario {
  return scenario(name, "pay", (shop) => ({
    runId: `${checkoutId}/pay/1`,
    prepare: (runner) => openedShop(shop, runner, {}),
    begin: async (runner) => payLate(shop, runner, await lateMoney(shop)),
    judge: (run) => {
      const wanted = run === "completed" ? [ends.sold] : [ends.open, ends.ended];
      return judge(shop, wanted, run);
    },
  }));
}

function givingBack(name: string): SaleScenario {
  return scenario(name, "giveBack", (shop) => ({
    runId: `${checkoutId}/give-back/1/stripe`,
    prepare: (runner) => openedShop(shop, runner, {}),
    begin: async (runner) => giveBack(shop, runner, await lateMoney(shop)),
    judge: (run) => judge(shop, [ends.open], run),
  }));
}

function changing(name: string): SaleScenario {
  return scenario(name, "requote", (shop) => ({
    runId: `${checkoutId}/requote/1`,
    prepare: (runner) => openedShop(shop, runner, {}),
    begin: (runner) => change(shop, runner),
    judge: (run) => judge(shop, [ends.open], run),
  }));
}

function closing(name: string, end: "cancelled" | "expired"): SaleScenario {
  return scenario(name, "close", (shop) => ({
    runId: `${checkoutId}/close`,
    prepare: (runner) => openedShop(shop, runner, {}),
    begin: (runner) => close(shop, runner, end),
    judge: (run) => judge(shop, [ends.ended], run),
  }));
}

function cancelling(name: string): SaleScenario {
  return scenario(name, "cancel", (shop) => ({
    runId: `${checkoutId}/cancel`,
    prepare: (runner) => sold(shop, runner),
    begin: (runner) => {
      const queued = { ...shop.checkout, cancelBecause: "requested" as const };
      return moneyCall(runner, queued, "cancel_order");
    },
    judge: (run) => judge(shop, [ends.cancelled], run),
  }));
}

function takingBack(name: string): SaleScenario {
  return scenario(name, "cancel", (shop) => {
    shop.stripe.refusesCaptures = true;
    return {
      runId: `${checkoutId}/cancel`,
      prepare: (runner) => openedShop(shop, runner, {}),
      begin: (runner) => pay(shop, runner, {}),
      judge: (run) => judge(shop, [ends.takenBack], run),
    };
  });
}

function capturing(name: string, amountMinor: number, pace?: "slowly"): SaleScenario {
  const isLast = amountMinor === 5_000;
  const wanted = { amount: { amountMinor, currency: "EUR" }, isLast, answerKey: "capture" };
  return scenario(name, "capture", (shop) => {
    shop.stripe.isSlow = pace === "slowly";
    return {
      runId: `${checkoutId}/capture/1`,
      prepare: (runner) => authorized(shop, runner),
      begin: (runner) => moneyCall(runner, withQueuedCapture(shop.checkout, wanted), "capture"),
      events: slowEvents(shop),
      judge: (run) => {
        const captured = isLast ? ends.takenByHand : ends.soldInParts;
        const slowly = [ends.soldInPartsSlowly, ends.takenBackSlowly];
        return judge(shop, [captured, ends.takenBack, ...(pace ? slowly : [])], run);
      },
    };
  });
}

function refunding(name: string, pace?: "slowly"): SaleScenario {
  const amount = { amountMinor: 1_200, currency: "EUR" };
  return scenario(name, "refund", (shop) => ({
    runId: `${checkoutId}/refund/1`,
    prepare: async (runner) => {
      await sold(shop, runner);
      shop.stripe.isSlow = pace === "slowly";
    },
    begin: (runner) =>
      moneyCall(runner, withQueuedRefund(shop.checkout, amount, "refund"), "refund"),
    events: slowEvents(shop),
    judge: (run) => judge(shop, [ends.refunded, ends.sold, ends.refundFailed], run),
  }));
}

type Parts = Pick<SaleWorld, "runId" | "prepare" | "begin" | "events" | "judge">;

function scenario(name: string, saga: string, parts: (shop: Shop) => Parts): SaleScenario {
  return {
    ...{ name, saga, sagas },
    open: (build) => {
      const shop = new Shop(build);
      const { storage, deps } = shop;
      return { ...{ storage, deps, noes }, runs: () => shop.runs(), ...parts(shop) };
    },
  };
}
