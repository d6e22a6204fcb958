import type { TimelineEntry } from "../../../schema/timeline.ts";
import { isOutOfReach } from "./reasons.ts";

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
  borrow: {
    running: "Looking farther away",
    done: "Found farther away, and set aside",
    refused: "Sold out there too",
    undone: "Given back there",
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
    waiting: "Waiting for your yes",
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
  captureSettled: {
    waiting: "Waiting to hear that it was taken",
    done: "Payment taken, once",
    refused: "The payment could not be taken",
  },
  takePaid: { done: "Payment received, once" },
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
  if (state === "undoing") return "Taking it back";
  if (state === "unknown") return "No clear answer came, so it is taken back";
  if (state === "started" && detail?.reason) return "No answer came. Asking again in a moment";
  const words = special(entry, all) ?? steps[step]?.[moodOf(entry, all)];
  const said = words ?? PLAIN[moodOf(entry, all)];
  const tries = detail?.attempt ?? 1;
  return tries === 1 ? said : `${said}, ${TRIES[tries] ?? `at try ${tries}`}`;
}

/** Where the same step means something else: what is still to come, and why it was refused. */
function special({ step, state, detail }: TimelineEntry, all: Entries): string | undefined {
  const has = (other: string) =>
    all.some((each) => each.step === other && each.detail?.run === detail?.run);
  if (step === "authorize" && state === "done" && has("shopper")) {
    return "Your bank is ready for you";
  }
  if (step === "authorize" && state === "refused" && isOutOfReach(detail?.reason)) {
    return "Your bank could not be asked";
  }
  if (step === "capture" && state === "done" && has("captureSettled")) {
    return "Your payment was asked for";
  }
  return undefined;
}

const TRIES: Readonly<Record<number, string>> = { 2: "at the second try", 3: "at the third try" };

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
