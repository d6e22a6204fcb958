import { registry } from "../../payments/providers/registry.ts";
import { UnroutedWebhooks } from "../../payments/unrouted-webhooks.ts";
import type { RoutedNotice, Unroutable } from "../../payments/webhook-notice.ts";
import { ProviderName } from "../../schema/payment.ts";
import { deliver, eachOf } from "./deliver-notice.ts";
import { JobMarks } from "./job-marks.ts";

const OVERLAP_MS = 120_000; // an event may be listed a little after its time
const FIRST_LOOK_BACK_MS = 3_600_000;
const WINDOW_MS = 3_600_000; // what an isolate holds at once; a longer outage is caught up with

/**
 * Looks through the events of every provider that can be asked for them, since the last look, and
 * brings each to its sale: what a webhook told already counts once.
 * Throws: when a provider could not be looked through; the others were.
 */
export async function deliverMissedWebhooks(env: Env, nowMs: number): Promise<void> {
  const looks = await Promise.allSettled(
    ProviderName.options.map((provider) => lookThrough(env, provider, nowMs)),
  );
  const failures = looks.flatMap((look) => (look.status === "rejected" ? [look.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, "Some events were not looked for");
}

/** The mark moves on only when all events were brought or kept. */
async function lookThrough(env: Env, provider: ProviderName, nowMs: number): Promise<void> {
  const source = registry[provider].events;
  if (!source) return;
  const job = `${provider}_events`;
  const marks = new JobMarks(env.CATALOG);
  const mark = (await marks.mark(job)) ?? nowMs - FIRST_LOOK_BACK_MS;
  const sinceMs = Math.max(mark - OVERLAP_MS, nowMs - source.lookBackMaxMs);
  const isBehind = sinceMs + WINDOW_MS + OVERLAP_MS < nowMs;
  const untilMs = isBehind ? sinceMs + WINDOW_MS : undefined;
  const events: (RoutedNotice | Unroutable)[] = [];
  for await (const event of source.since(env, sinceMs, untilMs)) events.push(event);
  await bring(env, events, nowMs);
  await marks.setMark(job, untilMs ?? nowMs);
}

/** Brings events to their sales, the oldest first, and keeps what no sale takes. */
async function bring(env: Env, events: readonly (RoutedNotice | Unroutable)[], nowMs: number) {
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
  if (events.length > 0) {
    console.log({
      event: "webhooks.looked_for",
      events: events.length,
      untaken: untaken.flat().length,
    });
  }
}
