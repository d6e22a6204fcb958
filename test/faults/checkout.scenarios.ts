import { cancelSaga } from "../../durable-objects/checkout/cancel.saga.ts";
import type { CheckoutDeps } from "../../durable-objects/checkout/checkout.deps.ts";
import { withStatus } from "../../durable-objects/checkout/checkout.ts";
import type { CheckoutTx } from "../../durable-objects/checkout/checkout.tx.ts";
import { closeSaga } from "../../durable-objects/checkout/close.saga.ts";
import { nextMoneyCall, withQueuedRefund } from "../../durable-objects/checkout/money-calls.ts";
import { openSaga } from "../../durable-objects/checkout/open.saga.ts";
import { openedCheckout, openingOf } from "../../durable-objects/checkout/opening.ts";
import {
  nextPayment,
  PAYMENT_CONFIRMED,
  paySaga,
} from "../../durable-objects/checkout/pay.saga.ts";
import { refundSaga } from "../../durable-objects/checkout/refund.saga.ts";
import { requoteSaga, requoting } from "../../durable-objects/checkout/requote.saga.ts";
import { doneValues } from "../../durable-objects/saga/run.ts";
import type { Runner } from "../../durable-objects/saga/runner.ts";
import { CreateCheckout, type Quote } from "../../schema/checkout.ts";
import { CartId, CheckoutId } from "../../schema/ids.ts";
import { assert } from "../../schema/outcome.ts";
import type { ProviderName } from "../../schema/payment.ts";
import { refuse } from "../../schema/refusals.ts";
import { ASKING_CARD } from "./bank.ts";
import { ends, judge } from "./judge.ts";
import type { Scenario, World } from "./scenario.ts";
import { demo, MUG, SHIRT, Shop } from "./shop.ts";

type SaleScenario = Scenario<CheckoutDeps, CheckoutTx>;
type SaleRunner = Runner<CheckoutDeps, CheckoutTx>;
type SaleWorld = World<CheckoutDeps, CheckoutTx>;

/** Every saga of the checkout. One that is added here without a scenario fails by name. */
export const sagas = [openSaga, requoteSaga, paySaga, closeSaga, cancelSaga, refundSaga];

const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
const cart = { cartId: CartId.parse("crt_eu_0123456789abcdefghjkmnpqrs"), version: 3 };
const origin = "https://shop.invalid";
const fingerprint = "same";
const card = { method: "card" as const, tokens: { stripe: "pm_card_visa" } };
const askingCard = {
  ...{ method: "card" as const, tokens: { stripe: ASKING_CARD } },
  returnUrl: `${origin}/thanks`,
};
const noes = {
  authorize: refuse("payment_declined", { reason: "insufficient_funds" }),
  capture: { capture: "refused", reason: "expired" },
  refund: { refund: "refused", reason: "too_late" },
};

export const sales: readonly SaleScenario[] = [
  opening("opening", {}),
  opening("opening from a cart", { cart }),
  opening("opening and paying at once", { payment: card }),
  paying("paying", {}),
  paying("paying when the hold is about to end", { holdMs: 1_000 }),
  paying("paying with a spare provider", { providers: ["stripe", "spare" as ProviderName] }),
  paying("paying with a card that asks its owner", { payment: askingCard }),
  paying("paying for a cart", { cart }),
  changing("changing the lines"),
  closing("letting a checkout expire", "expired"),
  closing("calling a checkout off", "cancelled"),
  cancelling("cancelling an order"),
  takingBack("cancelling an order whose capture was refused"),
  refunding("refunding a part"),
];

type Sale = {
  readonly cart?: typeof cart;
  readonly payment?: typeof card | typeof askingCard | undefined;
  readonly holdMs?: number;
  readonly providers?: readonly ProviderName[];
};

function opening(name: string, sale: Sale): SaleScenario {
  const afterwards = sale.payment ? [ends.sold, ends.takenBack] : [];
  return scenario(name, "open", (shop) => ({
    runId: `${checkoutId}/open`,
    prepare: () => shop.stock(),
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

function changing(name: string): SaleScenario {
  return scenario(name, "requote", (shop) => ({
    runId: `${checkoutId}/requote/1`,
    prepare: (runner) => openedShop(shop, runner, {}),
    begin: (runner) => {
      const { checkout } = shop;
      const patch = { lines: [{ sku: MUG, quantity: 5 }] };
      const { runId, input } = requoting(checkout, patch, Date.now());
      return runner.start("requote", runId, input, (tx) => {
        tx.save(withStatus(checkout, "processing"));
        tx.expectAnswer({ route: "patch", key: "patch", fingerprint });
      });
    },
    judge: (run) => judge(shop, [ends.open], run),
  }));
}

function closing(name: string, end: "cancelled" | "expired"): SaleScenario {
  return scenario(name, "close", (shop) => ({
    runId: `${checkoutId}/close`,
    prepare: (runner) => openedShop(shop, runner, {}),
    begin: (runner) => {
      const { shopId, hold } = shop.checkout;
      return runner.start("close", `${checkoutId}/close`, {
        ...{ sale: { shopId, checkoutId }, hold, end },
      });
    },
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

// The calls, as the object makes them.

function open(runner: SaleRunner, { cart: goodsCart, payment, holdMs }: Sale) {
  const lines = [
    { sku: MUG, quantity: 2 },
    { sku: SHIRT, quantity: 1 },
  ];
  const customer = { email: "ada@example.com" };
  const body = CreateCheckout.parse({ lines, currency: "EUR", country: "DE", customer });
  const caller = { shopId: demo, isMerchant: true };
  const goods = { lines, promotionCodes: undefined, ...(goodsCart ? { cart: goodsCart } : {}) };
  const call = { ...{ caller, key: "create", fingerprint, checkoutId, origin }, goods };
  const input = { ...openingOf({ ...call, body }, "id-key", Date.now()), payment };
  const hold = holdMs ? { ...input.hold, expiresAtMs: Date.now() + holdMs } : input.hold;
  const opened = { ...input, hold };
  return runner.start("open", `${checkoutId}/open`, opened, (tx, run) => {
    tx.save(openedCheckout(opened, doneValues(run).quote as Quote, Date.now()));
    tx.expectAnswer({ route: "create", key: "create", fingerprint });
  });
}

function pay(shop: Shop, runner: SaleRunner, { payment = card, providers }: Sale) {
  const { runId, input, paying } = nextPayment(shop.checkout, payment, origin);
  const tried = providers ? { ...input, providers, tokens: tokensOf(providers) } : input;
  return runner.start("pay", runId, tried, (tx) => {
    tx.save(paying);
    tx.expectAnswer({ route: "pay", key: "pay", fingerprint });
  });
}

function tokensOf(providers: readonly ProviderName[]) {
  return Object.fromEntries(providers.map((provider) => [provider, "pm_card_visa"]));
}

function moneyCall(runner: SaleRunner, queued: Shop["checkout"], route: "refund" | "cancel_order") {
  const next = nextMoneyCall(queued);
  assert(next, "no other money call is out");
  return runner.start(next.saga, next.runId, next.input, (tx) => {
    tx.save(queued);
    tx.expectAnswer({ route, key: route, fingerprint });
  });
}

async function openedShop(shop: Shop, runner: SaleRunner, sale: Sale): Promise<void> {
  await shop.stock();
  await open(runner, { ...sale, payment: undefined });
}

async function sold(shop: Shop, runner: SaleRunner): Promise<void> {
  await openedShop(shop, runner, {});
  await pay(shop, runner, {});
  assert(shop.status === "captured", "the order is paid");
}
