import { PAYMENT_CONFIRMED } from "../../../durable-objects/checkout/paying/pay.saga.ts";
import { ends, judge } from "../shop/judge.ts";
import {
  askingCard,
  card,
  cart,
  change,
  checkoutId,
  close,
  eitherCard,
  free,
  ideal,
  lateMoney,
  open,
  openedShop,
  pay,
  payLate,
  reopen,
  type Sale,
} from "../shop/sale-calls.ts";
import { type SaleScenario, scenario, slowEvents } from "../shop/sale-scenario.ts";
import { moneyMoves } from "./money.scenarios.ts";

export const sales: readonly SaleScenario[] = [
  opening("opening", {}),
  opening("opening from a cart", { cart }),
  opening("opening and paying at once", { payment: card }),
  opening("opening with limited promotions", { codes: ["ONE", "TWO"] }),
  opening("opening with another region's pieces", { borrows: true, codes: ["ONE"] }),
  opening("opening and placing what is free at once", free),
  opening("opening with another region's pieces and a payment", { borrows: true, payment: card }),
  paying("paying", {}),
  paying("paying when the hold is about to end", { holdMs: 1_000 }),
  paying("paying with a card that two providers may charge", { payment: eitherCard }),
  paying("paying by iDEAL", { payment: ideal }),
  paying("paying where the merchant takes the money", { captureMode: "manual" }),
  slowly("paying where captures are only received"),
  payingLate("paying with money that came late"),
  paying("paying with a card that asks its owner", { payment: askingCard }),
  paying("paying for a cart", { cart }),
  paying("paying with a limited promotion", { codes: ["ONE"] }),
  paying("paying for another region's pieces", { borrows: true }),
  placingFree("placing what is free", free),
  placingFree("placing a cart that is free", { ...free, cart }),
  placingFree("placing what is free when the hold is about to end", { ...free, holdMs: 1_000 }),
  changing("changing the lines", {}),
  changing("giving another region's pieces back", { borrows: true }),
  changing("changing the promotions", { codes: ["ONE", "TWO"] }, ["TWO", "THREE"]),
  closing("letting a checkout expire", "expired"),
  closing("calling a checkout off", "cancelled"),
  closing("calling another region's pieces off", "cancelled", { borrows: true }),
  reopens("opening an expired checkout again", {}),
  reopens("opening an expired checkout of a cart again", { cart }),
  closing("giving limited promotions back", "expired", { codes: ["ONE", "TWO"] }),
  ...moneyMoves,
];

function opening(name: string, sale: Sale): SaleScenario {
  // What takes longer is shown before it is paid: the payment that came along is not made.
  const isPaid = sale.payment && !sale.borrows;
  const afterwards = isPaid ? [ends.sold, ends.takenBack, ends.givenAway] : [];
  return scenario(name, "open", (shop) => ({
    runId: `${checkoutId}/open`,
    prepare: async () => shop.stock(sale),
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

function placingFree(name: string, sale: Sale): SaleScenario {
  return scenario(name, "placeFree", (shop) => ({
    runId: `${checkoutId}/pay/1`,
    prepare: (runner) => openedShop(shop, runner, sale),
    begin: (runner) => pay(shop, runner, sale),
    judge: (run) => {
      const wanted = run === "completed" ? [ends.givenAway] : [ends.open, ends.ended];
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

function changing(name: string, sale: Sale, codes?: string[]): SaleScenario {
  return scenario(name, "requote", (shop) => ({
    runId: `${checkoutId}/requote/1`,
    prepare: (runner) => openedShop(shop, runner, sale),
    begin: (runner) => change(shop, runner, codes),
    judge: (run) => judge(shop, [ends.open], run),
  }));
}

function reopens(name: string, sale: Sale): SaleScenario {
  return scenario(name, "requote", (shop) => ({
    runId: `${checkoutId}/requote/1`,
    prepare: async (runner) => {
      await openedShop(shop, runner, sale);
      await close(shop, runner, "expired");
    },
    begin: (runner) => reopen(shop, runner),
    judge: (run) => judge(shop, [ends.open, ends.ended], run),
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
