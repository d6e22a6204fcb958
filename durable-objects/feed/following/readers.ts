import type { DeadLetter } from "../../../orders/dead-letter.ts";
import { type RetryPolicy, retryDelayMs } from "../../saga/retry.ts";
import type { Effect, Outcome } from "./effect.ts";
import { type Entry, type EventLog, type Page, pageAfter } from "./log-pages.ts";
import { concerned, type Part, partsOf } from "./parts.ts";
import type { ReaderRow } from "./reader.row.ts";
import type { ReaderStore } from "./reader.store.ts";

const PAGE = 200;
const PAGES_MAX = 5; // then an alarm goes on: an invocation may make so many calls and no more

const soonAgain: RetryPolicy = { firstMs: 200, delayMaxMs: 15_000, budgetMs: 0 };

export type ReadersDeps = {
  readonly store: ReaderStore;
  readonly log: EventLog;
  /** Undefined for a reader that is no longer there. */
  readonly effectOf: (reader: string) => Effect | undefined;
  /** One transaction, with the alarm. */
  readonly transact: <R>(work: () => R) => R;
  readonly lettersOf: (failed: Failed) => readonly DeadLetter[];
  readonly nowMs: () => number;
  readonly chance: () => number;
  readonly report: (event: string, detail: Record<string, string>) => void;
};

type Failed = {
  readonly entry: Entry;
  readonly problem: string;
  readonly tries: number;
};
/** What failed before goes one by one, so that what is passed by is one entry. */
type PassedBy = { readonly entry: Entry; readonly to: number };

type Running = { promise: Promise<boolean>; again: boolean };
/** What became of a part of a page: read on, the reader was moved or removed meanwhile, or it failed. */
type Went = "on" | "elsewhere" | "failed";

/**
 * Moves readers along the log. Each has its own position and its own failures, and is driven once at a
 * time: a slow or failing reader delays no other one.
 */
export class Readers {
  readonly #deps: ReadersDeps;
  readonly #running = new Map<string, Running>();

  constructor(deps: ReadersDeps) {
    this.#deps = deps;
  }

  /** Who is being driven: each comes to an end by itself, and is not due meanwhile. */
  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** Reads on to the log's end, to a failure, or as far as one go may. Answers whether there is more. */
  drive(reader: string): Promise<boolean> {
    const running = this.#running.get(reader);
    if (running) {
      running.again = true; // it may have seen the end before there was more
      return running.promise;
    }
    const mine: Running = { promise: Promise.resolve(false), again: false };
    this.#running.set(reader, mine);
    mine.promise = this.#follow(reader, mine).finally(() => this.#running.delete(reader));
    return mine.promise;
  }

  async #follow(reader: string, running: Running): Promise<boolean> {
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      running.again = false;
      const hasMore = await this.#readPage(reader);
      if (!hasMore && !running.again) return false;
    }
    return true;
  }

  async #readPage(reader: string): Promise<boolean> {
    const { store, log, nowMs, effectOf } = this.#deps;
    const row = store.read(reader);
    const effect = effectOf(reader);
    if (!row || !effect || row.paused_at_ms !== null || store.paused()) return false;
    if ((row.due_at_ms ?? 0) > nowMs()) return false;
    const { shopId } = effect;
    const request = { afterOffset: row.position, limit: PAGE, shopId };
    const page = await pageAfter(log, request).catch((problem: unknown) => {
      // No fault of whoever is read to: it is never paused for this, and soon tried again.
      const unread = { ...effect, retry: soonAgain, whenSpent: "pass" } as const;
      this.#fail(row, unread, { is: "failed", problem: `The log cannot be read: ${problem}` });
      return undefined;
    });
    if (!page || page.end === row.position) return false;
    const went = await this.#takePage(row, effect, page);
    return went === "elsewhere" || (went === "on" && !page.isLast);
  }

  async #takePage(start: ReaderRow, effect: Effect, { entries, end }: Page): Promise<Went> {
    let row = start;
    const wanted = entries.flatMap((entry) => concerned(entry, effect));
    const changesMax = row.failures > 0 ? 1 : effect.changesMax;
    const parts = partsOf(wanted, { changesMax, reached: row.reached });
    for (const [index, part] of parts.entries()) {
      const last = part.at(-1)?.offset ?? row.position;
      const to = index === parts.length - 1 ? end : last;
      const went = await this.#takePart(row, effect, { part, last, to });
      if (went !== "on") return went;
      // Well again, as `advance` wrote it: what fails next has its own tries.
      row = { ...row, position: to, failures: 0, failing_since_ms: null };
    }
    if (row.position === end) return "on";
    const { store, transact } = this.#deps;
    return transact(() => store.advance(row, end)) ? "on" : "elsewhere";
  }

  async #takePart(row: ReaderRow, effect: Effect, { part, last, to }: Part): Promise<Went> {
    const changes = part.flatMap((entry) => entry.changes);
    const about = { isReplay: last <= row.reached, isFirstTry: row.failures === 0 };
    const outcome = await effect.perform(changes, about).catch((problem: unknown): Outcome => {
      return { is: "failed", problem: String(problem) };
    });
    if (outcome.is !== "done") return this.#notDone(row, effect, outcome, { part, to });
    const { store, transact } = this.#deps;
    try {
      return transact(() => {
        if (!store.advance(row, to)) return "elsewhere";
        outcome.write?.();
        return "on";
      });
    } catch (problem) {
      const failed = { is: "failed", problem: String(problem) } as const;
      return this.#notDone(row, effect, failed, { part, to });
    }
  }

  async #notDone(
    row: ReaderRow,
    effect: Effect,
    outcome: Exclude<Outcome, { is: "done" }>,
    { part, to }: Omit<Part, "last">,
  ): Promise<Went> {
    const [entry] = part;
    const isSpent = this.#isSpent(row, effect);
    if (outcome.is === "failed" && isSpent && effect.whenSpent === "pass" && entry) {
      if (await this.#passBy(row, outcome.problem, { entry, to })) return "on";
    }
    this.#fail(row, effect, outcome);
    return "failed";
  }

  #isSpent({ failing_since_ms }: ReaderRow, { retry }: Effect): boolean {
    return failing_since_ms !== null && this.#deps.nowMs() - failing_since_ms > retry.budgetMs;
  }

  /** What always fails must not stop what follows: it is kept as a letter, and passed. */
  async #passBy(row: ReaderRow, problem: string, { entry, to }: PassedBy): Promise<boolean> {
    const { store, log, transact, lettersOf, report } = this.#deps;
    try {
      await log.keepDeadLetters(lettersOf({ entry, problem, tries: row.failures + 1 }));
    } catch {
      return false; // the store is away: it stays a failure, and comes again
    }
    report("feed.passed_by", { reader: row.reader, offset: String(entry.offset), problem });
    return transact(() => store.advance(row, to));
  }

  #fail(row: ReaderRow, effect: Effect, outcome: Exclude<Outcome, { is: "done" }>): void {
    const { store, transact, nowMs, chance, report } = this.#deps;
    const { reader, failures } = row;
    const now = nowMs();
    const { problem } = outcome;
    const isSpent = effect.whenSpent === "pause" && this.#isSpent(row, effect);
    report("feed.failed", { reader, attempt: String(failures + 1), problem });
    transact(() => {
      // A replay moved it, or it was removed, meanwhile.
      if (store.read(reader)?.position !== row.position) return;
      const dueAtMs = now + retryDelayMs(effect.retry, failures + 1, chance());
      store.fail(reader, { nowMs: now, dueAtMs, problem });
      outcome.write?.();
      if (outcome.is === "stop") store.pause(reader, problem, now);
      else if (isSpent) store.pause(reader, `gave up: ${problem}`, now);
    });
  }
}
