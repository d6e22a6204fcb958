import type { Money } from "../../schema/money.ts";
import type { Problem } from "./api.ts";
import { moneyText } from "./money-text.ts";
import { nameOf } from "./shelf.ts";
import { reasonText } from "./words.ts";

/** A refusal as the shopper should hear it: what happened, and what they can do. */
export type Trouble = { readonly title: string; readonly text: string };

/** What of a problem this page reads. */
type Told = Pick<Problem, "code" | "title"> & Readonly<Record<string, unknown>>;

const troubles: Readonly<Record<string, (problem: Told) => Trouble>> = {
  out_of_stock: (problem) => ({
    title: `${namesIn(problem)} sold out`,
    text: "Somebody was quicker. Nothing was charged; change your cart and go on with the rest.",
  }),
  quote_changed: ({ total }) => ({
    title: "The total has changed",
    text: `It is ${isMoney(total) ? moneyText(total) : "another one"} now. Nothing was charged: have a look before you pay.`,
  }),
  checkout_expired: () => ({
    title: "Your time ran out",
    text: "We could not keep your things aside any longer. Your cart is as you left it: start again.",
  }),
  payment_declined: (problem) => ({
    title: "Your bank said no",
    text: `${reasonText(problem.reason)} No money was taken, and your things are still set aside. Try another card.`.trim(),
  }),
  payment_superseded: () => ({
    title: "You chose another card",
    text: "This payment was dropped before it was confirmed. No money was taken.",
  }),
  checkout_not_open: () => ({
    title: "This checkout cannot do that now",
    text: "It has moved on, perhaps in another tab. What you see here is how it stands.",
  }),
  cart_claimed: () => ({
    title: "This cart is being paid for",
    text: "Its lines cannot change while a payment is under way, perhaps in another tab.",
  }),
  cart_empty: () => ({ title: "Your cart is empty", text: "Put something in first." }),
  promotion_unknown: () => ({ title: "We do not know this code", text: "Check its spelling." }),
  tax_rate_unknown: () => ({
    title: "We cannot deliver there",
    text: "We have no tax rate for this address, so we cannot name you an honest price.",
  }),
  network: () => ({
    title: "We cannot reach the shop",
    text: "Your line or ours is down. Try again: whatever got lost, you are charged once at most.",
  }),
  internal: () => ({
    title: "Something broke on our side",
    text: "Try again: whatever got lost, you are charged once at most.",
  }),
};

export function troubleOf(problem: Told): Trouble {
  const { code, title } = problem;
  return troubles[code]?.(problem) ?? { title: "That did not work", text: title };
}

/** The SKUs that a refusal is about. */
export function skusIn({ skus, sku }: Told): readonly string[] {
  return Array.isArray(skus) ? skus.map(String) : sku ? [String(sku)] : [];
}

function namesIn(problem: Told): string {
  return new Intl.ListFormat("en").format(skusIn(problem).map(nameOf)) || "An item";
}

function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amountMinor" in value;
}
