import type { Money } from "../../schema/money.ts";
import type { Problem } from "./api.ts";
import { moneyText } from "./money-text.ts";
import { nameOf } from "./shelf.ts";
import { isRunOut, reasonText } from "./words.ts";

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
  payment_declined: ({ reason }) => ({
    title: isRunOut(reason) ? "Nobody paid in time" : "Your bank said no",
    text: `${reasonText(reason)} No money was taken, and your things are still set aside. Try again, or pay in another way.`.trim(),
  }),
  payment_provider_failed: () => ({
    title: "We could not reach your bank",
    text: "It has not refused you: nobody could ask it. No money was taken, and your things are still set aside. Try again in a moment, or pay in another way.",
  }),
  payment_method_unavailable: () => ({
    title: "You cannot pay like that here",
    text: "This way of paying is for another country or currency. Nothing was charged: choose another.",
  }),
  too_many_unpaid: (problem) => ({
    title: `${namesIn(problem)}: too many are waiting to be paid`,
    text: "Others have set so many aside that we cannot keep more without a payment. Come back in a few minutes.",
  }),
  shopper_limit: (problem) => ({
    title: `${namesIn(problem)}: not so many for one shopper`,
    text: "Take fewer, so that something is left for the others.",
  }),
  payment_superseded: () => ({
    title: "You chose to pay in another way",
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
  promotion_not_active: ({ startsAt, endsAt }) => ({
    title: "This code is out of its time",
    text: isToCome(startsAt)
      ? `It begins on ${dayText(startsAt)}.`
      : `It ended on ${dayText(endsAt)}.`,
  }),
  promotion_not_applicable: ({ reason }) => ({
    title: "This code takes nothing off",
    text: misses[String(reason)] ?? "Nothing in your cart is meant by it.",
  }),
  promotion_not_combinable: (problem) => ({
    title: "These do not go together",
    text: `You keep what saves you more: ${listIn(problem.with)}.`,
  }),
  promotion_exhausted: () => ({
    title: "This code is used up",
    text: "It was good for a number of orders, and all of them are taken. Your total is as before.",
  }),
  vat_number_invalid: () => ({
    title: "This is no VAT number of that country",
    text: "Check it, or leave it out and pay with the tax.",
  }),
  shipping_unavailable: () => ({
    title: "We cannot send it that way",
    text: "Choose another delivery: this one does not carry so much, or not to you.",
  }),
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

/** Why a promotion takes nothing off, by the API's own words. */
const misses: Readonly<Record<string, string>> = {
  items: "It is for other things than those in your cart, or for more of them.",
  minimum: "Your cart is not large enough for it yet.",
  currency: "It is not for this currency.",
  shipping_option: "It is for another delivery.",
  nothing_left: "There is nothing left to take off.",
};

export function troubleOf(problem: Told): Trouble {
  const { code, title } = problem;
  return troubles[code]?.(problem) ?? { title: "That did not work", text: title };
}

/** The SKUs that a refusal is about. */
export function skusIn({ skus, sku }: Told): readonly string[] {
  return Array.isArray(skus) ? skus.map(String) : sku ? [String(sku)] : [];
}

function listIn(names: unknown): string {
  return Array.isArray(names) ? new Intl.ListFormat("en").format(names.map(String)) : "";
}

function isToCome(wallTime: unknown): boolean {
  return typeof wallTime === "string" && wallTime > new Date().toISOString();
}

/** The shop's wall time, as a day. */
function dayText(wallTime: unknown): string {
  if (typeof wallTime !== "string") return "another day";
  const day = new Date(`${wallTime.slice(0, 10)}T00:00:00Z`);
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(day);
}

function namesIn(problem: Told): string {
  return new Intl.ListFormat("en").format(skusIn(problem).map(nameOf)) || "An item";
}

function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amountMinor" in value;
}
