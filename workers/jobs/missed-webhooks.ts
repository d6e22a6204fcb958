import { eventsSince } from "../../payments/stripe/events.ts";
import { UnroutedWebhooks } from "../../payments/unrouted-webhooks.ts";
import type { RoutedNotice, Unroutable } from "../../payments/webhook-notice.ts";
import { deliver, eachOf } from "./deliver-notice.ts";
import { JobMarks } from "./job-marks.ts";

const JOB = "stripe_events";
const OVERLAP_MS = 120_000; // an event may be listed a little after its time
const FIRST_LOOK_BACK_MS = 3_600_000;
const WINDOW_MS = 3_600_000; // what an isolate holds at once; a longer outage is caught up with
const LOOK_BACK_MAX_MS = 29 * 86_400_000; // Stripe lists events for 30 days

/**
 * Looks through Stripe's events since the last look and brings each to its sale: what a webhook told
 * already counts once. The mark moves on only when all of them were brought or kept.
 */
export async function deliverMissedWebhooks(env: Env, nowMs: number): Promise<void> {
  const marks = new JobMarks(env.CATALOG);
  const mark = (await marks.mark(JOB)) ?? nowMs - FIRST_LOOK_BACK_MS;
  const sinceMs = Math.max(mark - OVERLAP_MS, nowMs - LOOK_BACK_MAX_MS);
  const isBehind = sinceMs + WINDOW_MS + OVERLAP_MS < nowMs;
  const untilMs = isBehind ? sinceMs + WINDOW_MS : undefined;
  const config = { apiBase: env.STRIPE_API_BASE, secretKey: env.STRIPE_SECRET_KEY };
  const events: (RoutedNotice | Unroutable)[] = [];
  for await (const event of eventsSince(config, sinceMs, untilMs)) events.push(event);
  const kept = new UnroutedWebhooks(env.CATALOG);
  const untaken = await eachOf(events.toReversed(), async (event) => {
    if (!("notice" in event)) return [];
    const delivery = await deliver(env, event);
    if (delivery.is === "taken") return [];
    return [{ ...event, cause: "cause" in delivery ? delivery.cause : delivery.is }];
  });
  await kept.keepNotices(untaken.flat(), nowMs);
  await kept.keepEvents(
    events.filter((event): event is Unroutable => !("notice" in event)),
    nowMs,
  );
  await marks.setMark(JOB, untilMs ?? nowMs);
  if (events.length > 0) {
    console.log({
      event: "webhooks.looked_for",
      events: events.length,
      untaken: untaken.flat().length,
    });
  }
}
