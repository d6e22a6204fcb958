import { presentTurn } from "./turns.ts";

/**
 * What a sale costs in counts: exact, the same on every machine. The counted build of the product
 * (worker.ts) fills them in, the guards and the bench read them. Groups, then what was counted.
 */
export type Counts = { readonly [Group in CountedGroup]: Readonly<Record<string, number>> };

export type CountedGroup = (typeof groups)[number];

const groups = [
  "commits",
  "calls",
  "statements",
  "sql",
  "sqlRowsRead",
  "sqlRowsWritten",
  "rowsRead",
  "rowsWritten",
  "alarms",
  "d1",
  "queues",
  "outside",
  "requests",
  "activeMs",
  "storedBytes",
] as const;

/** A sum that is only known once its cursor has been read to the end. */
type Pending = () => void;
const PENDING_MAX = 2_000; // cursors as old as this have been read

/** Counts, and which calls had left by then; those of one line left side by side. */
export type Moment = { readonly counts: Counts; readonly departures: readonly string[] };

type Departure = { readonly turn: number; readonly calls: string[] };

const kept = new Map<CountedGroup, Map<string, number>>();
let pending: Pending[] = [];
/** Each moment is a copy of everything, and the list grows with each call: only for one sale at a time. */
let keepsMoments = false;
let departures: Departure[] = [];
const whenAnswered = new Map<string, Moment>();

export function count(group: CountedGroup, name: string, by = 1): void {
  if (by === 0) return;
  const counts = kept.get(group) ?? new Map<string, number>();
  kept.set(group, counts.set(name, (counts.get(name) ?? 0) + by));
}

const TEXT_MAX = 140; // characters of a statement that tell it from the others

/** One run of a statement, by its text. */
export function countSql(where: string, sql: string): string {
  const text = `${where}: ${sql.replace(/\s+/g, " ").trim().slice(0, TEXT_MAX)}`;
  count("sql", text);
  return text;
}

/** Counts later what nobody knows yet. */
export function countLater(settle: Pending): void {
  pending.push(settle);
  if (pending.length > PENDING_MAX) settlePending(PENDING_MAX / 2);
}

function settlePending(howMany = pending.length): void {
  for (const settle of pending.splice(0, howMany)) settle();
}

/** How large each object's database was when last looked at. A new count does not forget it. */
const sizes = new Map<string, { readonly name: string; readonly bytes: number }>();

export function noteSize(name: string, id: string, bytes: number): void {
  sizes.set(id, { name, bytes });
}

function storedBytes(): Record<string, number> {
  const byClass: Record<string, number> = {};
  for (const { name, bytes } of sizes.values()) byClass[name] = (byClass[name] ?? 0) + bytes;
  return byClass;
}

export function startCounting(detail: "sums" | "moments" = "sums"): void {
  kept.clear();
  whenAnswered.clear();
  pending = [];
  departures = [];
  keepsMoments = detail === "moments";
}

/** Everything counted since the last start, names in order. */
export function countsSoFar(): Counts {
  settlePending();
  const sorted = (group: CountedGroup) =>
    Object.fromEntries([...(kept.get(group) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
  const sums = Object.fromEntries(groups.map((group) => [group, sorted(group)])) as Counts;
  return { ...sums, storedBytes: storedBytes() };
}

/** A call leaves for an object or the world outside. */
export function noteDeparture(call: string): void {
  if (!keepsMoments) return;
  const last = departures.at(-1);
  if (last?.turn === presentTurn()) last.calls.push(call);
  else departures.push({ turn: presentTurn(), calls: [call] });
}

export function noteAnswer(call: string): void {
  if (keepsMoments) whenAnswered.set(call, now());
}

export function now(): Moment {
  const lines = departures.map(({ calls }) => [...calls].sort().join(" + "));
  return { counts: countsSoFar(), departures: lines };
}

/** How all stood when this call was last answered; later work is not in it. */
export function whenAnsweredLast(call: string): Moment | undefined {
  return whenAnswered.get(call);
}
