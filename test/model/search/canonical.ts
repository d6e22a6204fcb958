import { createHash } from "node:crypto";
import type { World } from "./model-world.ts";

const TIME = /"(20\d\d-[^"]+Z)"|\b(1[78]\d{11})\b/g;
const ATTEMPTS_TOLD_APART = 2;

/**
 * A state by its name: what storage holds, what is under way, what stands at the providers, and what
 * may still happen. Times count by their order alone, what has passed as passed; a call that was
 * repeated counts as repeated, however often.
 */
export function canonical(world: World): string {
  const { outside, witness, clock, left, asked } = world;
  const { clientSecret: _random, ...checkout } = world.checkout;
  const state = {
    checkout,
    runs: world.runs.map((run) => ({ ...run, acts: run.acts.map(plain) })),
    owed: world.rows("SELECT route, idempotency_key FROM answers WHERE reply IS NULL"),
    notices: world.rows("SELECT notice_id, applied_at_ms IS NULL AS fresh FROM notices"),
    outbox: world.rows("SELECT sequence FROM outbox"),
    calls: outside.calls.map(({ name, listener, answer }) => [name, !listener, answer]),
    news: outside.news.map(({ name }) => name).toSorted(),
    ledger: outside.ledger.entries.toSorted((a, b) => (a.reference < b.reference ? -1 : 1)),
    standing: [...witness.standing].toSorted(),
    alarm: world.alarmMs,
    behind: world.isolate.behind > 0,
    asked: asked.map(({ name, answer }) => [name, answer !== undefined]),
    told: left.troubles > 0 ? world.told?.noticeId : undefined,
    left,
  };
  const json = JSON.stringify(state);
  return createHash("sha256").update(timeless(json, clock.nowMs)).digest("base64");
}

type Act = World["runs"][number]["acts"][number];

/** How an act came to its end decides nothing any more. */
function plain({ fault: _text, attempt, ...act }: Act) {
  const { step, option, state, value, refusal } = act;
  if (act.endedAtMs !== undefined) return { step, option, state, value, refusal };
  return { ...act, attempt: Math.min(attempt, ATTEMPTS_TOLD_APART) };
}

function timeless(json: string, nowMs: number): string {
  const toMs = (iso: string | undefined, ms: string | undefined) =>
    iso === undefined ? Number(ms) : Date.parse(iso);
  const times = [...json.matchAll(TIME)].map(([, iso, ms]) => toMs(iso, ms));
  const future = [...new Set(times.filter((each) => each > nowMs))].toSorted((a, b) => a - b);
  return json.replaceAll(TIME, (_found, iso, ms) => {
    const atMs = toMs(iso, ms);
    return atMs <= nowMs ? '"past"' : `"future ${future.indexOf(atMs)}"`;
  });
}
