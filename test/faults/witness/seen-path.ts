import { type Call, type Entry, whereName } from "./seen-log.ts";

/**
 * What was wrong with the way, whatever the end: sentences, none when all was well. It goes by
 * what left the engine alone, so that an engine which deceives itself is caught as well.
 */
export function pathFindings(log: readonly Entry[]): readonly string[] {
  return log.flatMap((entry, index) => {
    const before = log.slice(0, index);
    if (entry.is === "committed" && hasUnwound(before, entry.runId)) {
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
  const wanted = call.mode === "do" ? "started" : "undoing";
  if (call.intent === "reads" || call.intent === wanted) return [];
  return [`${call.mode} ${whereName(call)} left without its intent, stored was: ${call.intent}`];
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

function isDone(before: readonly Entry[], name: string): boolean {
  return before.some(
    (entry) =>
      entry.is === "answered" &&
      entry.call.mode === "do" &&
      !entry.refused &&
      whereName(entry.call) === name,
  );
}

/** What began after a step goes back before it. */
function undoOutOfOrder(before: readonly Entry[], call: Call): readonly string[] {
  const dos = before.filter(
    (entry) => entry.is === "sent" && entry.mode === "do" && entry.runId === call.runId,
  ) as readonly Call[];
  const names = [...new Set(dos.map(whereName))];
  const later = names.slice(names.indexOf(whereName(call)) + 1);
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
    .filter((name) => undoable.has(name) && !settled.has(name))
    .map((name) => `${whereName(call)} was undone before ${name}, which began after it`);
}
