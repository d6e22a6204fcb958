import { cancelSaga } from "../../durable-objects/checkout/cancel.saga.ts";
import type { CheckoutDeps } from "../../durable-objects/checkout/checkout.deps.ts";
import type { CheckoutTx } from "../../durable-objects/checkout/checkout.tx.ts";
import { closeSaga } from "../../durable-objects/checkout/close.saga.ts";
import { withQueuedRefund } from "../../durable-objects/checkout/money-calls.ts";
import { openSaga } from "../../durable-objects/checkout/open.saga.ts";
import { PAYMENT_CONFIRMED, paySaga } from "../../durable-objects/checkout/pay.saga.ts";
import { refundSaga } from "../../durable-objects/checkout/refund.saga.ts";
import { requoteSaga } from "../../durable-objects/checkout/requote.saga.ts";
import type { ProviderName } from "../../schema/payment.ts";
import { refuse } from "../../schema/refusals.ts";
import { ends, judge } from "./judge.ts";
import {
  askingCard,
  card,
  cart,
  change,
  checkoutId,
  close,
  moneyCall,
  open,
  openedShop,
  pay,
  type Sale,
  sold,
} from "./sale-calls.ts";
import type { Scenario, World } from "./scenario.ts";
import { Shop } from "./shop.ts";

type SaleScenario = Scenario<CheckoutDeps, CheckoutTx>;
type SaleWorld = World<CheckoutDeps, CheckoutTx>;

/** Every saga of the checkout. One that is added here without a scenario fails by name. */
export const sagas = [openSaga, requoteSaga, paySaga, closeSaga, cancelSaga, refundSaga];

const noes = {
  authorize: refuse("payment_declined", { reason: "insufficient_funds" }),
  capture: { capture: "refused", reason: "expired" },
  refund: { refund: "refused", reason: "too_late" },
};

export const sales: readonly SaleScenario[] = [
  opening("opening", {}),
  opening("opening from a cart", { cart }),
  opening("opening and paying at once", { payment: card }),
  opening("opening with limited promotions", { codes: ["ONE", "TWO"] }),
  paying("paying", {}),
  paying("paying when the hold is about to end", { holdMs: 1_000 }),
  paying("paying with a spare provider", { providers: ["stripe", "spare" as ProviderName] }),
  paying("paying with a card that asks its owner", { payment: askingCard }),
  paying("paying for a cart", { cart }),
  paying("paying with a limited promotion", { codes: ["ONE"] }),
  changing("changing the lines", {}),
  changing("changing the promotions", { codes: ["ONE", "TWO"] }, ["TWO", "THREE"]),
  closing("letting a checkout expire", "expired"),
  closing("calling a checkout off", "cancelled"),
  closing("giving limited promotions back", "expired", { codes: ["ONE", "TWO"] }),
  cancelling("cancelling an order"),
  takingBack("cancelling an order whose capture was refused"),
  refunding("refunding a part"),
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
    events: { [PAYMENT_CONFIRMED]: { shopper: "confirmed" } },
    judge: (run) => {
      const wanted = run === "completed" ? [ends.sold, ends.takenBack] : [ends.open, ends.ended];
      return judge(shop, wanted, run);
    },
  }));
}

function changing(name: string, sale: Sale, codes?: string[]): SaleScenario {
  return scenario(name, "requote", (shop) => ({
    runId: `${checkoutId}/requote/1`,
    prepare: (runner) => openedShop(shop, runner, sale),
    begin: (runner) => change(shop, runner, codes),
    judge: (run) => judge(shop, [ends.open], run),
  }));
}

function closing(name: string, end: "cancelled" | "expired", sale: Sale = {}): SaleScenario {
  return scenario(name, "close", (shop) => ({
    runId: `${checkoutId}/close`,
    prepare: (runner) => openedShop(shop, runner, sale),
    begin: (runner) => close(shop, runner, end),
    judge: (run) => judge(shop, [ends.ended], run),
  }));
}

function cancelling(name: string): SaleScenario {
  return scenario(name, "cancel", (shop) => ({
    runId: `${checkoutId}/cancel`,
    prepare: (runner) => sold(shop, runner),
    begin: (runner) => {
      const queued = { ...shop.checkout, cancelRequested: true };
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

function refunding(name: string): SaleScenario {
  const amount = { amountMinor: 1_200, currency: "EUR" };
  return scenario(name, "refund", (shop) => ({
    runId: `${checkoutId}/refund/1`,
    prepare: (runner) => sold(shop, runner),
    begin: (runner) =>
      moneyCall(runner, withQueuedRefund(shop.checkout, amount, "refund"), "refund"),
    judge: (run) => judge(shop, [ends.refunded, ends.sold], run),
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
