import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { registry } from "../../payments/providers/registry.ts";
import { ReconciliationBook } from "../../payments/reconciliation/reconciliation-store.ts";
import {
  type UnroutedWebhook,
  UnroutedWebhooks,
  WEBHOOK_LETTERS,
} from "../../payments/unrouted-webhooks.ts";
import type { RoutedNotice } from "../../payments/webhook-notice.ts";
import { regionOf } from "../../schema/ids.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { graceMs } from "./books.ts";
import { deliver, eachOf } from "./deliver-notice.ts";
import { keepOrphan, tellsOfMoney } from "./orphans.ts";

const MINUTE_MS = 60_000;
const GAP_MAX_MS = 6 * 60 * MINUTE_MS;
const GIVE_UP_MS = 3 * 86_400_000; // as long as providers themselves send a webhook again
const BATCH = 200;

/** How long after a look in vain the next one comes: ever longer. */
export function gapMs(tries: number): number {
  return Math.min(GAP_MAX_MS, MINUTE_MS * 2 ** Math.min(tries, 20));
}

type End =
  | { readonly is: "delivered" | "handed_over" | "not_ours" | "letter" }
  | { readonly is: "again"; readonly cause: string };

/**
 * Looks again at webhooks that no sale has taken: brings those of a known sale there, and fetches the
 * others from their provider. Twice at a time does no harm, and no row holds up another.
 */
export async function redeliverWebhooks(env: Env, nowMs: number): Promise<void> {
  const kept = new UnroutedWebhooks(env.CATALOG);
  const counts: Record<string, number> = {};
  const count = (end: string) => {
    counts[end] = (counts[end] ?? 0) + 1;
  };
  await eachOf(await kept.due(nowMs, BATCH), async (row) => {
    if ("unreadable" in row) {
      const { provider, event_id: eventId } = row.unreadable;
      console.error({ event: "webhook.unreadable", provider, eventId });
      await kept.close(row.unreadable, "unreadable");
      return count("unreadable");
    }
    const end = await lookAt(env, row, nowMs);
    const dueAtMs = end.is === "again" ? nowMs + gapMs(row.attempts) : undefined;
    await kept.postpone(row, { dueAtMs, cause: end.is === "again" ? end.cause : end.is });
    return count(end.is);
  });
  if (Object.keys(counts).length > 0) console.log({ event: "webhooks.redelivered", ...counts });
}

async function lookAt(env: Env, row: UnroutedWebhook, nowMs: number): Promise<End> {
  try {
    const routed = row.routed ?? (await fetched(env, row));
    if (routed === undefined) return { is: "not_ours" };
    const delivery = await deliver(env, routed);
    if (delivery.is === "taken") return { is: "delivered" };
    if (delivery.is === "failed") return await againOrLetter(env, row, nowMs, delivery.cause);
    const isOld = nowMs - row.firstAtMs >= graceMs(env);
    if (tellsOfMoney(routed.notice) && isOld) {
      await keepOrphan(env, routed, nowMs);
      return { is: "handed_over" };
    }
    // What is told of money that was given back has no sale to go to.
    const book = new ReconciliationBook(env.CATALOG);
    if (await book.isOrphan(routed.notice)) return { is: "handed_over" };
    return await againOrLetter(env, row, nowMs, delivery.is);
  } catch (problem) {
    return againOrLetter(env, row, nowMs, String(problem));
  }
}

/** Undefined when its provider says that it names no sale of ours, or has no more to say. */
async function fetched(env: Env, row: UnroutedWebhook): Promise<RoutedNotice | undefined> {
  const event = await registry[row.provider].events?.fetch(env, row.eventId);
  return event && "notice" in event ? event : undefined;
}

const NOBODYS_REGION: RegionCode = "eu"; // of what names no sale that it could tell of

/** The same webhook is the same letter. */
async function againOrLetter(
  env: Env,
  row: UnroutedWebhook,
  nowMs: number,
  cause: string,
): Promise<End> {
  const { provider, eventId, type, routed, attempts, firstAtMs } = row;
  if (nowMs - firstAtMs < GIVE_UP_MS) return { is: "again", cause };
  const letter: DeadLetter = {
    letterId: letterIdOf(WEBHOOK_LETTERS, `${provider}.${eventId}`),
    queue: WEBHOOK_LETTERS,
    shopId: routed?.shopId,
    reference: routed?.checkoutId,
    cause: "No sale took this webhook of a provider for three days.",
    body: JSON.stringify({ provider, eventId, type, routed }),
    attempts,
    atMs: nowMs,
  };
  const region = routed ? regionOf(routed.checkoutId) : NOBODYS_REGION;
  await orderStoreOf(env, region).keepDeadLetters([letter]);
  console.error({ event: "dead_letter.kept", letterId: letter.letterId, queue: WEBHOOK_LETTERS });
  return { is: "letter" };
}
