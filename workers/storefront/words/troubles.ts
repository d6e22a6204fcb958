import type { Money } from "../../../schema/money.ts";
import type { Problem } from "../browser/shop-api.ts";
import { nameOf } from "../state/shop-window.ts";
import { isOverTime, reasonText } from "./reasons.ts";
import { moneyText } from "./shown-money.ts";

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
  payment_declined: ({ reason, method }) => ({
    title: isOverTime(reason) ? "Your time to pay ran out" : "Your bank said no",
    text: `${reasonText(reason)} No money was taken, and your things are still set aside. ${nextTry(method)}`.trim(),
  }),
  payment_provider_failed: ({ reason, method }) => ({
    title: "Your bank could not be asked",
    text: `${reasonText(reason)} That says nothing about you: no money was taken, and your things are still set aside. ${nextTry(method, "Try the same again, or another way.")}`.trim(),
  }),
  payment_method_unavailable: () => ({
    title: "You cannot pay that way here",
    text: "It is for other countries, currencies or amounts. Nothing was charged: choose another way to pay.",
  }),
  payment_required: ({ total }) => ({
    title: "There is something to pay after all",
    text: `It is ${isMoney(total) ? moneyText(total) : "not free"} now. Nothing was charged: choose how to pay.`,
  }),
  payment_not_required: () => ({
    title: "There is nothing to pay any more",
    text: "Nothing was charged, and nothing will be: place the order.",
  }),
  order_not_placed: () => ({
    title: "We could not place it just now",
    text: "A part of the shop did not answer. Your things are still set aside: place the order again.",
  }),
  payment_superseded: () => ({
    title: "You chose another way to pay",
    text: "This payment was dropped before it was confirmed. No money was taken.",
  }),
  withdrawal_period_over: ({ lastDay }) => ({
    title: "The time to withdraw is over",
    text: `It could be withdrawn from until the end of ${lastDay}. Write to us if something is wrong with it.`,
  }),
  withdrawal_not_open: () => ({
    title: "There is nothing to withdraw from any more",
    text: "You have withdrawn already, perhaps on another page, or the order is cancelled.",
  }),
  shopper_limit: (problem) => ({
    title: `${namesIn(problem)}: that is more than one shopper may have`,
    text: `${limitText(problem)} Nothing was charged; change your cart and go on.`.trim(),
  }),
  too_many_unpaid: (problem) => ({
    title: `Others are just buying ${namesIn(problem)}`,
    text: "So many are in checkouts that are not paid yet that we set no more aside. Some come free within minutes: try again then.",
  }),
  checkout_not_open: () => ({
    title: "This checkout cannot do that now",
    text: "It has moved on, perhaps in another tab. What you see here is how it stands.",
  }),
  cart_claimed: () => ({
    title: "This cart is being paid for",
    text: "Its lines cannot change while a payment is under way, perhaps in another tab.",
  }),
  cart_moved: () => ({
    title: "Your cart has moved",
    text: "It went to another country, perhaps in another tab. Load this page again to go on with it.",
  }),
  cart_merged: () => ({
    title: "This cart is your account's now",
    text: "Log in to go on with it.",
  }),
  cart_full: () => ({
    title: "Your cart is full",
    text: "It holds as many different things as we can sell at once. Take something out first.",
  }),
  cart_empty: () => ({ title: "Your cart is empty", text: "Put something in first." }),
  cart_consumed: () => ({
    title: "This cart was bought",
    text: "Perhaps in another tab. The next thing you choose begins a new one.",
  }),
  amount_too_large: () => ({
    title: "That is more than one checkout can charge",
    text: "Take something out of your cart, and buy it on its own.",
  }),
  amount_too_small: ({ total, leastMinor }) => ({
    title: "That is too little to be paid",
    text: `${leastText(total, leastMinor)} Nothing was charged: add something to your cart.`.trim(),
  }),
  cancelled: () => ({
    title: "This checkout was called off",
    text: "Nothing was charged. Your cart is as you left it: start again.",
  }),
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
  state_needed: () => ({
    title: "Which state is it?",
    text: "Tax differs from state to state: with yours we can name you a price.",
  }),
  postal_code_mismatch: () => ({
    title: "Postal code and state do not match",
    text: "This postal code lies in another state. Check both.",
  }),
  tax_rate_unknown: () => ({
    title: "We cannot deliver there",
    text: "We have no tax rate for this address, so we cannot name you an honest price.",
  }),
  network: () => ({
    title: "We cannot reach the shop",
    text: "Your line or ours is down. Try again: whatever got lost, you are charged once at most.",
  }),
  unavailable: () => ({
    title: "A part of the shop does not answer",
    text: "Nothing was lost. Try again in a moment: you are charged once at most.",
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

/** What a shopper can do after a no, by what they paid with. */
function nextTry(method: unknown, otherwise = "Try another card."): string {
  return method === "card" || method === undefined
    ? otherwise
    : "Try again, or another way to pay.";
}

function limitText({ max }: Told): string {
  return typeof max === "number" ? `At most ${max} can be set aside for you at a time.` : "";
}

/** The SKUs that a refusal is about. */
export function skusIn({ skus, sku }: Told): readonly string[] {
  return Array.isArray(skus) ? skus.map(String) : sku ? [String(sku)] : [];
}

function leastText(total: unknown, leastMinor: unknown): string {
  if (!isMoney(total) || typeof leastMinor !== "number") return "";
  return `The least is ${moneyText({ ...total, amountMinor: leastMinor })}.`;
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
