import { expect, test, vi } from "vitest";
import { withStatus } from "../../../durable-objects/checkout/sale/checkout-changes.ts";
import { refuse } from "../../../schema/refusals.ts";
import { paidSale, withOwnClock } from "./open-sale.ts";
import { askingCard, checkoutId } from "./sale-calls.ts";

withOwnClock();
const payRunId = `${checkoutId}/pay/1`;

test.each([
  { name: "another card took its place", because: refuse("payment_superseded") },
  { name: "its bank said no", because: refuse("payment_declined", { reason: "expired" }) },
])(
  "a payment that is called off while it goes back because $name ends cancelled",
  async ({ because }) => {
    const { shop, stage, runner } = await paidSale({ payment: askingCard });
    vi.spyOn(shop.stripe, "resolveAndVoid").mockRejectedValueOnce(new Error("away"));
    runner.turn(payRunId, because);
    await stage.idle();
    expect(shop.status).toBe("awaiting_shopper");

    shop.transact((tx) => tx.save(withStatus(tx.checkout, "cancelling")));
    runner.turn(payRunId, refuse("cancelled"));
    await stage.rest();

    expect(shop.status).toBe("cancelled");
    expect(shop.checkout.payments[0]?.refusal?.refused).toBe(because.refused);
    expect(shop.runs().filter(({ ended }) => !ended)).toEqual([]);
    expect([shop.stripe.live, shop.stockOf("held")]).toEqual([0, 0]);
  },
);
