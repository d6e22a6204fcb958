import type { Journal, RunJournal } from "./journal.ts";
import type { Run } from "./run.ts";

type Kept = { readonly run: Run; readonly dueAtMs: number | undefined };

/**
 * A journal whose object is its only writer: rows are read once, when an object comes back, and are known
 * from then on. Whoever takes a transaction back has it `forget`.
 */
export class RememberedJournal implements RunJournal {
  readonly #journal: Journal;
  #kept: Map<string, Kept> | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  read(runId: string): Run | undefined {
    return this.#all().get(runId)?.run;
  }

  /** In the order in which they began. */
  readAll(): readonly Run[] {
    return [...this.#all().values()]
      .map(({ run }) => run)
      .toSorted((a, b) => a.startedAtMs - b.startedAtMs || (a.runId < b.runId ? -1 : 1));
  }

  insert(run: Run, dueAtMs: number | undefined): void {
    const all = this.#all();
    this.#journal.insert(run, dueAtMs);
    all.set(run.runId, { run, dueAtMs });
  }

  update(run: Run, dueAtMs: number | undefined): void {
    this.#journal.update(run, dueAtMs);
    this.#all().set(run.runId, { run, dueAtMs });
  }

  amend(run: Run): void {
    this.#journal.amend(run);
    const dueAtMs = this.#all().get(run.runId)?.dueAtMs;
    this.#all().set(run.runId, { run, dueAtMs });
  }

  dueBefore(nowMs: number): readonly string[] {
    return this.#due()
      .filter(({ dueAtMs }) => dueAtMs <= nowMs)
      .map(({ runId }) => runId);
  }

  earliestDueMs(): number | undefined {
    return this.#due()[0]?.dueAtMs;
  }

  /** Storage is no longer what is known of it. */
  forget(): void {
    this.#kept = undefined;
  }

  #due() {
    return [...this.#all().values()]
      .flatMap(({ run: { runId }, dueAtMs }) => (dueAtMs === undefined ? [] : [{ runId, dueAtMs }]))
      .toSorted((a, b) => a.dueAtMs - b.dueAtMs);
  }

  #all(): Map<string, Kept> {
    this.#kept ??= new Map(this.#journal.readKept().map((kept) => [kept.run.runId, kept]));
    return this.#kept;
  }
}
