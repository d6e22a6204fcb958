import type { TimelineEntry } from "../../schema/checkout.ts";

/** How a step is going, as a shopper would put it. */
export type Mood = "running" | "waiting" | "done" | "refused" | "undone";

type Words = { readonly [M in Mood]?: string };

const PLAIN: Record<Mood, string> = {
  running: "Working on it",
  waiting: "Waiting",
  done: "Done",
  refused: "That did not work",
  undone: "Taken back",
};

/** What happens behind the counter, step by step. */
const steps: Readonly<Record<string, Words>> = {
  quote: {
    running: "Working out your price",
    done: "Your price is worked out",
    refused: "We could not price this",
  },
  hold: {
    running: "Setting your things aside",
    done: "Your things are set aside",
    refused: "Somebody was quicker: sold out",
    undone: "Your things went back on the shelf",
  },
  takePromotions: {
    running: "Taking your promotion",
    done: "Your promotion is kept for you",
    refused: "The promotion was used up",
    undone: "Your promotion went back",
  },
  givePromotionsBack: {
    running: "Giving your promotion back",
    done: "Your promotion is free for others",
  },
  claim: {
    running: "Reserving your cart for this checkout",
    done: "Your cart waits with this checkout",
    refused: "Your cart has moved on",
    undone: "Your cart is free again",
  },
  consumeCart: { running: "Emptying your cart", done: "Your cart is empty again" },
  extendHold: {
    running: "Keeping them aside a little longer",
    done: "Kept aside a little longer",
  },
  authorize: {
    running: "Asking your bank",
    done: "Your bank said yes",
    refused: "Your bank said no",
    undone: "Your bank was told to forget it",
  },
  shopper: {
    waiting: "Your bank wants a word with you",
    done: "You confirmed it with your bank",
    refused: "Your bank got no yes from you",
    undone: "You need not confirm it any more",
  },
  allocate: {
    running: "Putting your name on them",
    done: "Your name is on them",
    refused: "They were gone after all",
    undone: "Your name came off again",
  },
  place: { done: "Order placed" },
  capture: {
    running: "Taking the payment",
    done: "Payment taken, once",
    refused: "The payment could not be taken",
  },
  requestFulfilment: { done: "The packing table has your order" },
  close: { done: "Checkout closed" },
  release: {
    running: "Putting your things back",
    done: "Everything is back on the shelf",
  },
  grow: { running: "Setting more aside", done: "More is set aside" },
  shrink: { running: "Putting the rest back", done: "The rest is back on the shelf" },
  requote: { done: "Your new price stands" },
  reopen: { done: "Ready to pay" },
  beginCancel: { done: "The order is being called off" },
  reverse: { running: "Telling your bank to let go", done: "Your bank let the money go" },
  restock: { running: "Putting your things back", done: "Everything is back on the shelf" },
  cancelOrder: { done: "Order cancelled, nothing charged" },
  send: { done: "A refund is on its way" },
  refund: { running: "Sending money back", done: "Money sent back" },
};

const moods: Readonly<Record<string, Mood>> = {
  started: "running",
  undoing: "running",
  waiting: "waiting",
  done: "done",
  refused: "refused",
  unknown: "undone",
  undone: "undone",
};

type Entries = readonly TimelineEntry[];

/** What a run still waited for when it went back is not waited for any more. */
export function moodOf(entry: TimelineEntry, all: Entries): Mood {
  const mood = moods[entry.state] ?? "running";
  return mood === "waiting" && hasTurned(entry, all) ? "undone" : mood;
}

function hasTurned({ detail }: TimelineEntry, all: Entries): boolean {
  return all.some((other) => other.detail?.run === detail?.run && other.state.startsWith("und"));
}

export function sentenceOf(entry: TimelineEntry, all: Entries): string {
  const { step, state, detail } = entry;
  const isAsked = all.some(
    (other) => other.step === "shopper" && other.detail?.run === detail?.run,
  );
  if (step === "authorize" && state === "done" && isAsked) return "Your bank answered";
  if (state === "undoing") return "Taking it back";
  if (state === "unknown") return "No clear answer came, so it is taken back";
  if (state === "started" && detail?.reason) return "No answer came. Asking again in a moment";
  const mood = moodOf(entry, all);
  const words = steps[step]?.[mood] ?? PLAIN[mood];
  const tries = detail?.attempt ?? 1;
  return tries === 1 ? words : `${words}, ${TRIES[tries] ?? `at try ${tries}`}`;
}

const TRIES: Readonly<Record<number, string>> = { 2: "at the second try", 3: "at the third try" };

/** What a bank gave as its reason, where a shopper can do something about it. */
const reasons: Readonly<Record<string, string>> = {
  insufficient_funds: "There is not enough money on this card.",
  expired_card: "This card has expired.",
  incorrect_cvc: "The security code is not right.",
  generic_decline: "Your bank gave no reason.",
  refused: "Your bank gave no reason.",
  payment_intent_authentication_failure: "The confirmation at your bank did not succeed.",
  "3d_not_authenticated": "The confirmation at your bank did not succeed.",
  not_enough_balance: "There is not enough money on this card.",
  cvc_declined: "The security code is not right.",
  authentication_required: "Your bank wants to ask you first.",
  shopper_did_not_confirm: "The payment was not confirmed with your bank.",
  expired: "The payment was not made before its time was over.",
  payment_intent_payment_attempt_expired: "The payment was not made before its time was over.",
  provider_unavailable: "We could not reach your bank in time.",
};

/** The shopper's time ran out, and no bank has said no. */
export function isRunOut(reason: unknown): boolean {
  return typeof reason === "string" && runOut.includes(reason);
}

const runOut: readonly string[] = [
  "expired",
  "payment_intent_payment_attempt_expired",
  "shopper_did_not_confirm",
];

export function reasonText(reason: unknown): string {
  return typeof reason === "string" ? (reasons[reason] ?? "") : "";
}

/** The small print for who wants to know: run, step, attempt, provider, time. */
export function smallPrint({ step, detail }: TimelineEntry): readonly string[] {
  if (!detail) return [step];
  const { run, attempt = 1, option, durationMs } = detail;
  return [
    `${run} · ${step}`,
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(option ? [option] : []),
    ...(durationMs === undefined ? [] : [`${durationMs} ms`]),
  ];
}
