import { withQueuedCapture } from "../../../durable-objects/checkout/after-sale/captures.ts";
import { wantedRefund } from "../../../durable-objects/checkout/after-sale/lines/wanted-lines.ts";
import {
  refundable,
  withQueuedRefund,
} from "../../../durable-objects/checkout/after-sale/refunds.ts";
import { assert } from "../../../schema/outcome.ts";
import { MUG, quoted } from "../shop/goods.ts";
import { ends, judge } from "../shop/judge.ts";
import {
  authorized,
  cancelLines,
  checkoutId,
  free,
  giveBack,
  lateMoney,
  moneyCall,
  openedShop,
  pay,
  type Sale,
  ship,
  sold,
} from "../shop/sale-calls.ts";
import { type SaleScenario, scenario, slowEvents } from "../shop/sale-scenario.ts";

/** What happens to the money of a sale after it was placed. */
export const moneyMoves: readonly SaleScenario[] = [
  cancelling("cancelling an order"),
  cancelling("cancelling an order with limited promotions", { codes: ["ONE", "TWO"] }),
  cancelling("cancelling an order that was free", free, ends.notGivenAway),
  takingBack("cancelling an order whose capture was refused"),
  capturing("capturing a part by hand", 2_000),
  capturing("capturing everything by hand", 5_000),
  capturing("capturing where captures are only received", 2_000, "slowly"),
  refunding("refunding a part"),
  refunding("refunding where refunds are only received", "slowly"),
  refundingPieces("refunding a piece that is not sent", "cancel"),
  refundingPieces("refunding a piece that is not sent where refunds are only received", "cancel", {
    pace: "slowly",
  }),
  refundingPieces("refunding a piece that came back", "restock"),
  cancellingPieces("cancelling a piece before it is paid"),
  givingBack("giving late money back"),
  shipping("handing everything over"),
  failingToShip("handing over what one shelf does not have"),
];

function shipping(name: string): SaleScenario {
  return scenario(name, "fulfil", (shop) => ({
    runId: `${checkoutId}/fulfil/1`,
    prepare: (runner) => sold(shop, runner),
    begin: (runner) => ship(shop, runner),
    judge: (run) => judge(shop, [ends.shipped, ends.sold], run),
  }));
}

function failingToShip(name: string): SaleScenario {
  const [mugs, shirts] = quoted.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  assert(mugs && shirts, "mugs and shirts are sold here");
  const lines = [mugs, { ...shirts, quantity: shirts.quantity + 1 }];
  return scenario(name, "fulfil", (shop) => ({
    runId: `${checkoutId}/fulfil/1`,
    prepare: (runner) => sold(shop, runner),
    begin: (runner) => ship(shop, runner, { lines }),
    judge: (run) => judge(shop, [ends.sold], run),
  }));
}

type Ends = Parameters<typeof judge>[1][number];

function cancelling(name: string, sale: Sale = {}, end: Ends = ends.cancelled): SaleScenario {
  return scenario(name, "cancel", (shop) => ({
    runId: `${checkoutId}/cancel`,
    prepare: (runner) => sold(shop, runner, sale),
    begin: (runner) => {
      const queued = { ...shop.checkout, cancelBecause: "requested" as const };
      return moneyCall(runner, queued, "cancel_order");
    },
    judge: (run) => judge(shop, [end], run),
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
      moneyCall(runner, withQueuedRefund(shop.checkout, { amount }, "refund"), "refund"),
    events: slowEvents(shop),
    judge: (run) => judge(shop, [ends.refunded, ends.sold, ends.refundFailed], run),
  }));
}

function refundingPieces(
  name: string,
  then: "cancel" | "restock",
  { pace }: { pace?: "slowly" } = {},
): SaleScenario {
  const lines = [{ sku: MUG, quantity: 1, then }];
  return scenario(name, "refund", (shop) => ({
    runId: `${checkoutId}/refund/1`,
    prepare: async (runner) => {
      await sold(shop, runner);
      if (then === "restock") await ship(shop, runner);
      shop.stripe.isSlow = pace === "slowly";
    },
    begin: (runner) => {
      const { checkout } = shop;
      const wanted = wantedRefund(checkout, { lines }, refundable(checkout));
      return moneyCall(runner, withQueuedRefund(checkout, wanted, "refund"), "refund");
    },
    events: slowEvents(shop),
    judge: (run) => {
      const unsent = [ends.refundedUnsent, ends.sold, ends.refundFailed];
      const sent = [ends.refundedSent, ends.shipped, ends.refundOfSentFailed];
      return judge(shop, then === "cancel" ? unsent : sent, run);
    },
  }));
}

function cancellingPieces(name: string): SaleScenario {
  return scenario(name, "cancelLines", (shop) => ({
    runId: `${checkoutId}/cancel-lines/1`,
    prepare: (runner) => authorized(shop, runner),
    begin: (runner) => cancelLines(shop, runner, [{ sku: MUG, quantity: 1 }]),
    judge: (run) => judge(shop, [ends.cancelledInPart], run),
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
