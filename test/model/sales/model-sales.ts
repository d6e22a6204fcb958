import type { Attempt, Bounds } from "./bounds.ts";

export const stripe: Attempt = { method: "card", providers: ["stripe"] };
export const adyen: Attempt = { method: "card", providers: ["adyen"] };
export const stripeFirst: Attempt = { method: "card", providers: ["stripe", "adyen"] };
export const adyenFirst: Attempt = { method: "card", providers: ["adyen", "stripe"] };
export const idealAtStripe: Attempt = { method: "ideal", providers: ["stripe"] };
const stripeChallenged: Attempt = { ...stripe, isChallenged: true };
export const adyenChallenged: Attempt = { ...adyen, isChallenged: true };
export const free: Attempt = { method: "none", providers: [] };
const idealAtAdyen: Attempt = { method: "ideal", providers: ["adyen"] };

/** Of everything that may go wrong in `npm test`, one thing; in `npm run proof` two. */
const troubles = Number(process.env.MODEL_TROUBLES ?? 1);
export const calm = { troubles: 0, crashes: 0, noes: 0 };
const isDeep = troubles > 1;
/** With a second trouble, what else may happen is left to the search with one: all of it is millions of states. */
const troubled = { ...calm, troubles, crashes: isDeep ? 0 : 1, noes: isDeep ? 0 : 1 };
const once = isDeep ? 0 : 1;
/** Nobody is in a hurry at the bank: with the timers that ring meanwhile it is as large as the rest. */
const challenged = { ...calm, troubles: troubles - 1, noes: 1 };

type SearchedSale = {
  readonly name: string;
  readonly bounds: Bounds;
  /** Fewer would mean that the search lost its way. */
  readonly statesMin: number;
};

/** The sales that are searched, each with everything that its bounds leave. */
export const sales: readonly SearchedSale[] = [
  {
    name: "a card that Stripe or else Adyen may charge, called off or not",
    bounds: { ...troubled, attempts: [stripeFirst], cancels: once },
    statesMin: 1_500,
  },
  {
    name: "a card that Adyen or else Stripe may charge, called off or not",
    bounds: { ...troubled, attempts: [adyenFirst], cancels: once },
    statesMin: 3_000,
  },
  {
    name: "a card at Adyen, then another at Stripe, called off or not",
    bounds: { ...calm, noes: 1, attempts: [adyen, stripe], cancels: 1 },
    statesMin: 50,
  },
  {
    name: "a card at Adyen, then another at Stripe",
    bounds: { ...troubled, crashes: 0, attempts: [adyen, stripe] },
    statesMin: 1_500,
  },
  {
    name: "iDEAL at Stripe, then a card at Adyen instead, called off or not",
    bounds: { ...calm, attempts: [idealAtStripe, adyen], cancels: 1 },
    statesMin: 1_000,
  },
  {
    name: "iDEAL at Adyen, then a card at Stripe instead, called off or not",
    bounds: { ...calm, attempts: [idealAtAdyen, stripe], cancels: 1 },
    statesMin: 1_000,
  },
  {
    name: "iDEAL at Stripe",
    bounds: { ...troubled, noes: 0, crashes: 0, attempts: [idealAtStripe] },
    statesMin: 100,
  },
  {
    name: "iDEAL at Adyen",
    // Its page closes whenever it likes, so that a second trouble makes it too large.
    bounds: { ...calm, troubles: 1, attempts: [idealAtAdyen] },
    statesMin: 100,
  },
  {
    name: "a card at Stripe whose bank asks the shopper, called off or not",
    bounds: { ...challenged, attempts: [stripeChallenged], cancels: 1 },
    statesMin: 100,
  },
  {
    name: "a card at Adyen whose bank asks the shopper, called off or not",
    bounds: { ...challenged, attempts: [adyenChallenged], cancels: 1 },
    statesMin: 100,
  },
  {
    name: "a card at Stripe whose bank asks the shopper, then another at Adyen instead",
    // Stripe tells the end of it to whoever asks: with a trouble besides it is too large.
    bounds: { ...calm, noes: 1, attempts: [stripeChallenged, adyen] },
    statesMin: 100,
  },
  {
    name: "a card at Adyen whose bank asks the shopper, then another at Stripe instead",
    bounds: { ...challenged, noes: once, attempts: [adyenChallenged, stripe] },
    statesMin: 100,
  },
  {
    name: "a card at Adyen, refunded in part and the order cancelled",
    // Each of its three calls and notices may be troubled: with one trouble it is as large as the rest.
    bounds: {
      ...calm,
      troubles: troubles - 1,
      noes: 1,
      attempts: [adyen],
      refunds: 1,
      orderCancels: 1,
    },
    statesMin: 300,
  },
  {
    name: "a card at Stripe, refunded in part and the order cancelled",
    bounds: { ...troubled, attempts: [stripe], refunds: 1, orderCancels: 1 },
    statesMin: 500,
  },
  {
    name: "what a code makes free, called off or the order cancelled",
    bounds: { ...troubled, attempts: [free], cancels: 1, orderCancels: 1 },
    statesMin: 5,
  },
  {
    name: "a card at Adyen, then a code that makes it free",
    bounds: { ...troubled, attempts: [adyen, free] },
    statesMin: 500,
  },
  {
    name: "iDEAL at Stripe, then a code that makes it free, the order cancelled or not",
    bounds: { ...calm, attempts: [idealAtStripe, free], orderCancels: 1 },
    statesMin: 20,
  },
  {
    name: "a card at Stripe, moved by hand in its dashboard, and refunded or cancelled here",
    bounds: { ...calm, attempts: [stripe], byHand: 2, refunds: 1, orderCancels: 1 },
    statesMin: 100,
  },
  {
    name: "a card at Adyen, moved by hand in its Customer Area, and refunded or cancelled here",
    bounds: { ...calm, attempts: [adyen], byHand: 1, refunds: 1, orderCancels: 1 },
    statesMin: 100,
  },
];

/** The bounds in words. */
export function worded({ bounds }: SearchedSale): string {
  const { attempts, cancels = 0, refunds = 0, orderCancels = 0, byHand = 0, noes } = bounds;
  const counts = { cancels, refunds, orderCancels, byHand, noes, troubles: bounds.troubles };
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return [`attempts ${attempts.length}`, ...some.map((pair) => pair.join(" "))].join(", ");
}
