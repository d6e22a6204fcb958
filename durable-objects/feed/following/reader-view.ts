import type { ReaderView } from "../../../schema/feeds.ts";
import type { EventLog } from "./log-pages.ts";
import { NEW, type ReaderRow } from "./reader.row.ts";
import type { Pause } from "./reader.store.ts";

const iso = (atMs: number) => new Date(atMs).toISOString();

/** Where a reader stands, against a log that ends at `head`. */
export function readerView(row: ReaderRow, lag: ReaderView["lag"], feedPause?: Pause): ReaderView {
  const { position, paused_at_ms, pause_reason, failures, failing_since_ms, due_at_ms } = row;
  const own =
    paused_at_ms === null ? undefined : { atMs: paused_at_ms, reason: pause_reason ?? "" };
  const pause = feedPause ?? own;
  return {
    state: pause ? "paused" : failures > 0 ? "failing" : "running",
    offset: position,
    lag,
    ...(pause ? { paused: { at: iso(pause.atMs), reason: pause.reason } } : {}),
    ...(failures > 0
      ? {
          failure: {
            since: iso(failing_since_ms ?? 0),
            attempts: failures,
            nextAttemptAt: iso(due_at_ms ?? 0),
            problem: row.problem ?? "",
          },
        }
      : {}),
  };
}

/** The one that is furthest behind; a new one that stands at `otherwise` where there is none. */
export function slowest(rows: readonly ReaderRow[], otherwise: number): ReaderRow {
  const [first] = rows.toSorted((a, b) => a.position - b.position);
  return first ?? { ...NEW, position: otherwise };
}

/** Of endpoints: a merchant's server that is down or gone is no delay of the feed. */
export function isWell({ paused_at_ms, failures }: ReaderRow): boolean {
  return paused_at_ms === null && failures === 0;
}

/** Offsets are dense: how many entries lie between is a subtraction. */
export async function lagOf(
  log: EventLog,
  position: number,
  now: { readonly head: number; readonly nowMs: number },
): Promise<ReaderView["lag"]> {
  const events = Math.max(0, now.head - position);
  if (events === 0) return { events, seconds: 0 };
  const [oldest] = await log.log({ afterOffset: position, limit: 1 });
  const sinceMs = oldest ? Date.parse(oldest.event.time) : now.nowMs;
  return { events, seconds: Math.max(0, Math.floor((now.nowMs - sinceMs) / 1000)) };
}
