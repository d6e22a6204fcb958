import { type Call, type Entry, type Where, whereName } from "./seen-log.ts";

/**
 * What was wrong with the way, whatever the end: sentences, none when all was well. It goes by
 * what left the engine alone, so that an engine which deceives itself is caught as well.
 */
export function pathFindings(log: readonly Entry[]): readonly string[] {
  return log.flatMap((entry, index) => {
    const before = log.slice(0, index);
    if (entry.is === "committed" && hasUnwound(withoutLaterNoes(before, entry), entry.runId)) {
      return [`${whereName(entry)} committed after the unwind began`];
    }
    if (entry.is !== "sent") return [];
    return [
      ...withoutIntent(entry),
      ...secondDrive(before, entry),
      ...(entry.mode === "do" ? doAfterUnwind(before, entry) : undoOutOfOrder(before, entry)),
    ];
  });
}

function withoutIntent(call: Call): readonly string[] {
  const wanted: readonly Call["intent"][] =
    call.mode === "do" ? ["started", "foreseen", "reads", "lapses"] : ["undoing"];
  if (wanted.includes(call.intent)) return [];
  return [`${call.mode} ${whereName(call)} left without its intent, stored was: ${call.intent}`];
}

/** An answer may be written with the next call's, which may have said no meanwhile: it came before that. */
function withoutLaterNoes(before: readonly Entry[], committed: Where): readonly Entry[] {
  const answeredAt = before.findLastIndex(
    (entry) => entry.is === "answered" && whereName(entry.call) === whereName(committed),
  );
  if (answeredAt === -1) return before;
  return before.filter((entry, at) => at < answeredAt || entry.is !== "answered");
}

/** Of one run one call is out, unless its isolate died or it was given up after its time. */
function secondDrive(before: readonly Entry[], call: Call): readonly string[] {
  const over = new Set(before.flatMap((entry) => ("call" in entry ? [entry.call] : [])));
  return before
    .filter((entry) => entry.is === "sent")
    .filter((other) => other.runId === call.runId && other.isolate === call.isolate)
    .filter((other) => !over.has(other) && call.atMs - other.atMs < other.timeoutMs)
    .map((other) => `${whereName(call)} left while ${whereName(other)} was out: two drives`);
}

function doAfterUnwind(before: readonly Entry[], call: Call): readonly string[] {
  return hasUnwound(before, call.runId)
    ? [`do ${whereName(call)} left after the unwind began`]
    : [];
}

/** Whether a run has begun to go back: it was promised, or a step said no, or one was undone. */
function hasUnwound(before: readonly Entry[], runId: string): boolean {
  return before.some((entry, index) => {
    if (entry.is === "turned") return entry.runId === runId;
    // An option that says no, or is undone because nobody knows, gives way to the next one.
    if (entry.is === "answered" && entry.refused) {
      return entry.call.runId === runId && entry.call.option === undefined;
    }
    if (entry.is !== "sent" || entry.runId !== runId || entry.mode === "do") return false;
    return entry.option === undefined || isDone(before.slice(0, index), whereName(entry));
  });
}

/** What was asked again is not known: its answer died with its isolate. */
function isDone(before: readonly Entry[], name: string): boolean {
  const latest = latestDo(before, name);
  return before.some((entry) => entry.is === "answered" && !entry.refused && entry.call === latest);
}

function latestDo(before: readonly Entry[], name: string): Call | undefined {
  const isIts = (entry: Entry) =>
    entry.is === "sent" && entry.mode === "do" && whereName(entry) === name;
  return before.findLast(isIts) as Call | undefined;
}

/**
 * It left with an intent that was written ahead, and nobody heard of it. It does not build on what came before it, which
 * may be undone as an option that nobody knows while this one stays for the next.
 */
function isLostAhead(before: readonly Entry[], name: string): boolean {
  const latest = latestDo(before, name);
  const isHeard = before.some((entry) => "call" in entry && entry.call === latest);
  return latest?.intent === "foreseen" && !isHeard;
}

/** What began after a step goes back before it. */
function undoOutOfOrder(before: readonly Entry[], call: Call): readonly string[] {
  const dos = before.filter(
    (entry) => entry.is === "sent" && entry.mode === "do" && entry.runId === call.runId,
  ) as readonly Call[];
  const names = [...new Set(dos.map(whereName))];
  const own = names.indexOf(whereName(call));
  if (own === -1) return []; // it was foreseen and never left: nothing began after it
  const later = names.slice(own + 1);
  const settled = new Set(
    before.flatMap((entry) =>
      entry.is === "answered" && (entry.refused || entry.call.mode === "undo")
        ? [whereName(entry.call)]
        : [],
    ),
  );
  const undoable = new Set(
    before.flatMap((entry) => (entry.is === "sent" && entry.canUndo ? [whereName(entry)] : [])),
  );
  return later
    .filter((name) => undoable.has(name) && !settled.has(name) && !isLostAhead(before, name))
    .map((name) => `${whereName(call)} was undone before ${name}, which began after it`);
}
