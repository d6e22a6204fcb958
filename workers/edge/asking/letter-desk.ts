import { checkoutStub, feedStub } from "../../../durable-objects/placement.ts";
import type { DeadLetterPage, KeptDeadLetter } from "../../../orders/dead-letter.ts";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import {
  type ToldOf,
  UnroutedWebhooks,
  WEBHOOK_LETTERS,
} from "../../../payments/unrouted-webhooks.ts";
import type { DeadLetterView } from "../../../schema/dead-letters.ts";
import { OrderEvent } from "../../../schema/events.ts";
import { FeedName } from "../../../schema/feeds.ts";
import { CheckoutId, checkoutIdOf, type ShopId } from "../../../schema/ids.ts";
import { assert, isRefusal, type Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { type RegionCode, regionCodes, regions } from "../../../schema/regions.ts";
import { ReservationExpired } from "../../../schema/reservation.ts";
import { WebhookGivenUp } from "../../../schema/webhook-given-up.ts";
import { ask } from "./ask.ts";

type Place = { readonly region: RegionCode; readonly letter: KeptDeadLetter };
type Whose = { readonly env: Env; readonly shopId: ShopId };

/** Newest first, over the given regions. A place in that order is one in each of them. */
export async function lettersIn(
  { env, shopId }: Whose,
  places: readonly RegionCode[],
  page: DeadLetterPage,
): Promise<readonly Place[]> {
  const found = await Promise.all(
    places.map(async (region) => {
      const letters = await orderStoreOf(env, region).deadLetters(shopId, page);
      return letters.map((letter) => ({ region, letter }));
    }),
  );
  return found.flat().toSorted(newestFirst).slice(0, page.limit);
}

/** Looks in every region: a letter's id does not always say where it lies. */
export async function letterNamed({ env, shopId }: Whose, letterId: string) {
  const found = await Promise.all(
    regionCodes.map(async (region) => {
      const letter = await orderStoreOf(env, region).deadLetter(shopId, letterId);
      return letter && { region, letter };
    }),
  );
  return found.find((place) => place !== undefined);
}

/**
 * Does again what failed, then marks the letter; in between it may be done twice, which changes
 * nothing. A letter that is marked already is left as it is.
 */
export async function redrive(
  whose: Whose,
  letterId: string,
): Promise<Place | Refusal<"not_found" | "letter_discarded">> {
  const place = await letterNamed(whose, letterId);
  if (!place) return refuse("not_found");
  const { region, letter } = place;
  if (letter.state === "discarded") return refuse("letter_discarded");
  if (letter.state === "redriven") return place;
  await doAgain(whose, place);
  const store = orderStoreOf(whose.env, region);
  const marked = await store.redriven(whose.shopId, letterId, Date.now());
  return marked ? { region, letter: marked } : refuse("not_found");
}

export async function discard(
  whose: Whose,
  letterId: string,
  reason: string,
): Promise<Place | Refusal<"not_found" | "letter_redriven">> {
  const place = await letterNamed(whose, letterId);
  if (!place) return refuse("not_found");
  if (place.letter.state === "redriven") return refuse("letter_redriven");
  const store = orderStoreOf(whose.env, place.region);
  const by = { reason, nowMs: Date.now() };
  const letter = await store.discarded(whose.shopId, letterId, by);
  return letter ? { region: place.region, letter } : refuse("not_found");
}

/** The letter's queue tells how: each kind of failure has one way to be tried again. */
async function doAgain({ env }: Whose, { region, letter }: Place): Promise<void> {
  const { queue, body } = letter;
  const message: unknown = JSON.parse(body);
  if (queue === `events-${region}-dlq`) {
    await env[regions[region].bindings.events].send(message);
    return;
  }
  if (queue === "payment-capture-failed") return resumeSale(env, OrderEvent.parse(message));
  if (queue === "reservation-expired") return reopenSale(env, ReservationExpired.parse(message));
  if (queue === "log-gap") return sendUnapplied(env, region, letter);
  if (queue === WEBHOOK_LETTERS) {
    return new UnroutedWebhooks(env.CATALOG).lookAgain(message as ToldOf, Date.now());
  }
  if (queue === "sale-webhooks") return lookAgain(env, WebhookGivenUp.parse(message));
  const feed = FeedName.safeParse(queue.replace(/^feed-/, ""));
  assert(feed.success, `${queue} is a queue that letters come from`);
  const { subject: orderId, sequence } = OrderEvent.parse(message);
  const place = { region, feed: feed.data };
  await ask(() => feedStub(env, region, feed.data).redo(place, { orderId, sequence }));
}

/** The checkout opens again when its stock allows; else it stays closed, and the letter is done. */
async function reopenSale(env: Env, { shopid, subject }: ReservationExpired): Promise<void> {
  const status = await ask(() => checkoutStub(env, shopid, subject).reopen(shopid));
  if (isRefusal(status)) throw new Error(`The sale of a dead letter is ${status.refused}`);
}

/** The sale looks into a webhook as if it had just come. */
async function lookAgain(env: Env, { shopid, subject, data }: WebhookGivenUp): Promise<void> {
  const { provider, noticeId } = data;
  const isKnown = await ask(() =>
    checkoutStub(env, shopid, subject).receiveAgain(provider, noticeId),
  );
  if (!isKnown) throw new Error("The sale of a dead letter is not_found");
}

/** What gave up tries again. A sale that is not stuck has been dealt with otherwise. */
async function resumeSale(env: Env, { shopid, data }: OrderEvent): Promise<void> {
  const resumed = await ask(() => checkoutStub(env, shopid, data.checkoutId).resume(shopid));
  if (isRefusal(resumed) && resumed.refused !== "not_stuck") {
    throw new Error(`The sale of a dead letter is ${resumed.refused}`);
  }
}

/** Sends the events that the sale's object was not told are stored (decision 10). */
async function sendUnapplied(
  env: Env,
  region: RegionCode,
  { shopId, reference }: KeptDeadLetter,
): Promise<void> {
  assert(shopId && reference, "a gap of the log is some order's");
  const checkoutId = CheckoutId.parse(
    checkoutIdOf(reference as Parameters<typeof checkoutIdOf>[0]),
  );
  const stub = checkoutStub(env, shopId as ShopId, checkoutId);
  const { unapplied = [] } = (await ask(() => stub.snapshot())) ?? {};
  if (unapplied.length === 0) return;
  await env[regions[region].bindings.events].sendBatch(unapplied.map((body) => ({ body })));
}

const iso = (atMs: number) => new Date(atMs).toISOString();

export function letterView({ region, letter }: Place): DeadLetterView {
  const { letterId, queue, state, cause, attempts, reference, decidedAtMs, discardReason } = letter;
  return {
    ...{ letterId, region, queue, state, cause, attempts },
    firstAt: iso(letter.firstAtMs),
    lastAt: iso(letter.lastAtMs),
    ...(reference === undefined ? {} : { reference }),
    ...(decidedAtMs === undefined ? {} : { decidedAt: iso(decidedAtMs) }),
    ...(discardReason === undefined ? {} : { discardReason }),
  };
}

function newestFirst({ letter: a }: Place, { letter: b }: Place): number {
  if (a.firstAtMs !== b.firstAtMs) return b.firstAtMs - a.firstAtMs;
  return a.letterId < b.letterId ? 1 : -1;
}
