import { vi } from "vitest";
import type { RunJournal } from "../journal.ts";
import type { AnySaga } from "../next-action.ts";
import type { Run } from "../run.ts";
import { Runner } from "../runner.ts";

export const START_MS = Date.UTC(2026, 0, 1);
const STEPS_MAX = 20_000; // many times the retries of the longest budget

/** What outlives an isolate: rows, and the transaction that writes them or takes them back. */
export type StageStorage<T> = {
  readonly journal: RunJournal;
  transact<R>(work: (tx: T) => R): R;
  /** The earliest that a run is due: what the alarm is set for. */
  earliestDueMs(): number | undefined;
};

type StageOptions<D, T> = {
  readonly sagas: readonly AnySaga[];
  readonly deps: D;
  readonly storage: StageStorage<T>;
  /** Another build of the engine, with a mistake planted in it. */
  readonly Engine?: typeof Runner | undefined;
};

type Isolate<D, T> = {
  readonly runner: Runner<D, T>;
  isAlive: boolean;
  /** As the objects remember it: an alarm that rings earlier is left alone. */
  armedAtMs: number | undefined;
};

/**
 * One object without a server: storage and an alarm that outlive every crash, a clock that only
 * the test moves, and isolates that die. A dead one commits nothing more, so nothing leaves it.
 */
export class Stage<D, T> {
  readonly storage: StageStorage<T>;
  /** What no caller was there to hear. */
  readonly problems: unknown[] = [];
  readonly #options: StageOptions<D, T>;
  #isolate: Isolate<D, T>;
  #alarm: ReturnType<typeof setTimeout> | undefined;
  #ringing: Promise<void> | undefined;
  #isolates = 1;
  #isOverdue = false;

  /** A new stage begins at `START_MS` and takes over the test's clock. */
  constructor(options: StageOptions<D, T>) {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: START_MS });
    this.storage = options.storage;
    this.#options = options;
    this.#isolate = this.#born();
  }

  /** Of the isolate that is alive now. */
  get runner(): Runner<D, T> {
    return this.#isolate.runner;
  }

  /** How many there were, the living one among them. */
  get isolates(): number {
    return this.#isolates;
  }

  get isInAlarm(): boolean {
    return this.#ringing !== undefined;
  }

  /** What storage holds of a run: all that a new isolate would know. */
  stored(runId: string): Run | undefined {
    return this.storage.journal.read(runId);
  }

  /** Kills the isolate. Calls that left it may still take effect; their answers reach nobody. */
  crash(): void {
    this.#isolates += 1;
    this.#isolate.isAlive = false;
    this.#ringing = undefined;
    this.#isolate = this.#born();
    if (this.#isOverdue) this.#alarm = setTimeout(() => this.#alarmed(), 0);
  }

  /** Until nothing moves any more but the clock. */
  async idle(): Promise<void> {
    await new Promise((resume) => setImmediate(resume));
  }

  /** Moves the clock to the next time-out or alarm. Answers false when there is none. */
  async tick(): Promise<boolean> {
    await this.idle();
    if (vi.getTimerCount() === 0) return false;
    vi.advanceTimersToNextTimer();
    await this.idle();
    return true;
  }

  /** Moves the clock by so much, and lets everything happen on the way. */
  async pass(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
    await this.idle();
  }

  /** Lets everything happen that ever will. */
  async rest(): Promise<void> {
    for (let step = 0; step < STEPS_MAX; step++) if (!(await this.tick())) return;
    throw new Error(`the stage does not come to rest within ${STEPS_MAX} steps`);
  }

  #born(): Isolate<D, T> {
    const { storage, sagas, deps, Engine = Runner } = this.#options;
    const runner = new Engine<D, T>({
      journal: storage.journal,
      sagas,
      deps,
      transact: (work) => {
        if (!isolate.isAlive) throw new Error("a dead isolate commits nothing");
        const result = storage.transact(work);
        this.#arm(isolate);
        return result;
      },
      nowMs: () => Date.now(),
      chance: () => 0.5,
      report: (_runId, problem) => isolate.isAlive && this.problems.push(problem),
    });
    const isolate: Isolate<D, T> = { runner, isAlive: true, armedAtMs: undefined };
    return isolate;
  }

  /** As the objects do it: one alarm, and one that rings earlier is left alone. */
  #arm(isolate: Isolate<D, T>): void {
    const dueAtMs = this.storage.earliestDueMs();
    if (dueAtMs === undefined) return;
    if (isolate.armedAtMs !== undefined && isolate.armedAtMs <= dueAtMs) return;
    isolate.armedAtMs = dueAtMs;
    clearTimeout(this.#alarm);
    this.#alarm = setTimeout(() => this.#alarmed(), Math.max(0, dueAtMs - Date.now()));
  }

  #alarmed(): void {
    this.#ring().catch((problem) => this.problems.push(problem));
  }

  /** Alarms do not overlap: one that is due while another runs comes after it. */
  async #ring(): Promise<void> {
    this.#alarm = undefined;
    this.#isOverdue = this.#ringing !== undefined;
    if (this.#isOverdue) return;
    const isolate = this.#isolate;
    isolate.armedAtMs = undefined;
    const ringing = isolate.runner.wake();
    this.#ringing = ringing;
    await ringing;
    if (this.#isolate !== isolate) return;
    this.#ringing = undefined;
    if (this.#isOverdue) return this.#ring();
    this.#arm(isolate);
  }
}

/** What commits of a test write to: lines that a rollback takes back. */
export type Notes = { write(line: string): void };

type Row = { readonly json: string; readonly dueAtMs: number | undefined };

/** Storage in memory. Runs go in and out as JSON, as they do in a database. */
export class MemoryStorage<T = Notes> implements StageStorage<T>, RunJournal {
  readonly journal: RunJournal = this;
  readonly #txOf: (write: Notes["write"]) => T;
  #rows: ReadonlyMap<string, Row> = new Map();
  #notes: readonly string[] = [];
  #commits = 0;

  /** What commits write to comes down to lines. */
  constructor(txOf: (write: Notes["write"]) => T) {
    this.#txOf = txOf;
  }

  get notes(): readonly string[] {
    return this.#notes;
  }

  /** How many transactions left something behind. */
  get commits(): number {
    return this.#commits;
  }

  runs(): readonly Run[] {
    return [...this.#rows.values()].map(({ json }) => JSON.parse(json));
  }

  transact<R>(work: (tx: T) => R): R {
    const before = { rows: this.#rows, notes: this.#notes };
    const write = (line: string) => {
      this.#notes = [...this.#notes, line];
    };
    try {
      const result = work(this.#txOf(write));
      const isChanged = this.#rows !== before.rows || this.#notes !== before.notes;
      this.#commits += isChanged ? 1 : 0;
      return result;
    } catch (problem) {
      this.#rows = before.rows;
      this.#notes = before.notes;
      throw problem;
    }
  }

  read(runId: string): Run | undefined {
    const row = this.#rows.get(runId);
    return row && JSON.parse(row.json);
  }

  insert(run: Run, dueAtMs: number | undefined): void {
    if (this.#rows.has(run.runId)) throw new Error(`${run.runId} is there already`);
    this.update(run, dueAtMs);
  }

  update(run: Run, dueAtMs: number | undefined): void {
    this.#rows = new Map(this.#rows).set(run.runId, { json: JSON.stringify(run), dueAtMs });
  }

  amend(run: Run): void {
    this.update(run, this.#rows.get(run.runId)?.dueAtMs);
  }

  dueBefore(nowMs: number): readonly string[] {
    return this.#due()
      .filter(([, dueAtMs]) => dueAtMs <= nowMs)
      .map(([runId]) => runId);
  }

  earliestDueMs(): number | undefined {
    return this.#due()[0]?.[1];
  }

  #due(): readonly (readonly [string, number])[] {
    return [...this.#rows]
      .flatMap(([runId, { dueAtMs }]) => (dueAtMs === undefined ? [] : [[runId, dueAtMs] as const]))
      .toSorted(([, a], [, b]) => a - b);
  }
}
