import { assert, type Refusal } from "../../schema/outcome.ts";
import type { RunJournal } from "./journal.ts";
import { makeCall } from "./make-call.ts";
import { latest, Move, type Planned, sagaOf } from "./move.ts";
import { type AnySaga, isPastPivot } from "./next-action.ts";
import { foreseenCall, type Heard, type PlannedCall } from "./planned-call.ts";
import { recordEvent, recordNudge, recordResumed, recordTurn } from "./record.ts";
import type { Run } from "./run.ts";

const BROKEN_PAUSE_MS = 60_000; // a bug is not mended sooner, and the next deployment tries again

export type RunnerOptions<D, T> = {
  readonly journal: RunJournal;
  /** Every version that a live run may have begun with; new runs take the highest. */
  readonly sagas: readonly AnySaga[];
  readonly deps: D;
  /** Runs `work` in one storage transaction and sets the alarm in it; a throw rolls it back. */
  readonly transact: <R>(work: (tx: T) => R) => R;
  readonly nowMs: () => number;
  /** In [0, 1): full jitter needs it. */
  readonly chance: () => number;
  /** Faults and bugs that no caller is there to hear. */
  readonly report: (runId: string, problem: unknown) => void;
};

/** What became of a wish to turn a run back. */
export type TurnAnswer = "turning" | "too_late" | "ended";

/** Writes that join the first commit of a new run, ahead of its own. */
type Alongside<T> = (tx: T, run: Run) => void;

/**
 * Drives runs: one transaction holds a call's outcome, all local steps after it and the next
 * call's intent; only then the call leaves. One drive per run: whoever comes second joins.
 */
export class Runner<D, T> {
  readonly #options: RunnerOptions<D, T>;
  /** Runs as of their last commit; set only after its transaction returned. */
  readonly #runs = new Map<string, Run>();
  /** Runs that have written nothing yet. */
  readonly #unsaved = new Map<string, Alongside<T> | undefined>();
  readonly #drives = new Map<string, Promise<void>>();

  constructor(options: RunnerOptions<D, T>) {
    this.#options = options;
  }

  /**
   * Begins a run and drives it until it ends, rests or waits. When its first steps only read,
   * nothing is written before they are done: a run refused there never existed. A step that lapses is
   * written with its first answer.
   *
   * Throws: what a reading step threw before the run was written.
   */
  async start(name: string, runId: string, input: unknown, alongside?: Alongside<T>): Promise<Run> {
    assert(!this.read(runId), `${runId} begins once`);
    const { version } = latest(this.#options.sagas, name);
    const startedAtMs = this.#options.nowMs();
    const run = { runId, saga: name, version, input, startedAtMs, acts: [], events: [] };
    this.#runs.set(runId, run);
    this.#unsaved.set(runId, alongside);
    try {
      await this.#drive(runId, () => this.#commit(runId, (current) => current));
      return this.#current(runId);
    } finally {
      if (this.#unsaved.delete(runId)) this.#runs.delete(runId);
    }
  }

  /** Stores an event for a run and moves it on; a second of the same name and key is ignored. */
  deliver(runId: string, event: { name: string; key: string; payload: unknown }): Promise<void> {
    const stored = { ...event, atMs: this.#options.nowMs() };
    return this.#change(runId, (run) => recordEvent(run, stored));
  }

  /**
   * Turns a run back for good, unless it passed its pivot or ended. Committed before it answers;
   * what is out comes in first, then everything is undone behind the caller's back.
   */
  turn(runId: string, because: Refusal): TurnAnswer {
    const run = this.#current(runId);
    if (run.ended) return "ended";
    if (isPastPivot(sagaOf(this.#options.sagas, run), run)) return "too_late";
    const nowMs = this.#options.nowMs();
    this.#change(runId, (current) => recordTurn(current, because, nowMs)).catch((problem) =>
      this.#options.report(runId, problem),
    );
    return "turning";
  }

  /** Lets a stuck run try again where it gave up, with a fresh budget. */
  resume(runId: string): Promise<void> {
    return this.#change(runId, (run) => recordResumed(run, this.#options.nowMs()));
  }

  /** Repeats at once what waits for its next attempt: the outcome may be known by now. */
  nudge(runId: string): Promise<void> {
    return this.#change(runId, (run) => recordNudge(run, this.#options.nowMs()));
  }

  /** What the alarm calls: drives every run that is due. A fault stays with its run. */
  async wake(): Promise<void> {
    const due = this.#options.journal.dueBefore(this.#options.nowMs());
    const move = (runId: string) => this.#drive(runId, () => this.#commit(runId, (run) => run));
    await Promise.all(
      due.map((runId) => move(runId).catch((problem) => this.#postpone(runId, problem))),
    );
  }

  /** A run that breaks before it gets to its call stays due: the alarm would never rest. */
  #postpone(runId: string, problem: unknown): void {
    const { journal, report, transact } = this.#options;
    const nowMs = this.#options.nowMs();
    report(runId, problem);
    if (!journal.dueBefore(nowMs).includes(runId)) return;
    transact(() => journal.update(this.#current(runId), nowMs + BROKEN_PAUSE_MS));
  }

  /** Ends when the drive of a run does; at once when there is none. */
  async joined(runId: string): Promise<void> {
    await this.#drives.get(runId);
  }

  /** Ends when no call of any run is out. */
  async quiet(): Promise<void> {
    await undefined; // a drive that has just committed is not there yet
    while (this.#drives.size > 0) await Promise.allSettled(this.#drives.values());
  }

  /** Runs that have ended, and whose rows are gone. */
  forget(runIds: readonly string[]): void {
    for (const runId of runIds) this.#runs.delete(runId);
  }

  read(runId: string): Run | undefined {
    return this.#runs.get(runId) ?? this.#options.journal.read(runId);
  }

  /** Commits a change now. A live drive sees it when its call is back; else a drive begins. */
  async #change(runId: string, change: (run: Run) => Run): Promise<void> {
    const alive = this.#drives.get(runId);
    if (!alive) return this.#drive(runId, () => this.#commit(runId, change));
    const run = change(this.#current(runId));
    if (!this.#unsaved.has(runId)) {
      this.#options.transact(() => this.#options.journal.amend(run));
    }
    this.#runs.set(runId, run);
    return alive;
  }

  /** Makes the first move now, or joins who is already at it. A drive lasts while calls are out. */
  async #drive(runId: string, first: () => PlannedCall | undefined): Promise<void> {
    const alive = this.#drives.get(runId);
    if (alive) return alive;
    const call = first();
    if (!call) return;
    const drive = this.#follow(runId, call);
    this.#drives.set(runId, drive);
    return drive;
  }

  async #follow(runId: string, first: PlannedCall): Promise<void> {
    let heard: Heard[] = [];
    try {
      let call: PlannedCall | undefined = first;
      while (call) {
        const made: PlannedCall = call;
        const outcome = await makeCall(made, this.#options.deps, this.#options.nowMs());
        if ("cause" in outcome && this.#unsaved.has(runId) && !made.lapses) throw outcome.cause;
        const last = { call: made, outcome, atMs: this.#options.nowMs() };
        const told = [...heard, last];
        call = this.#foreseen(runId, last);
        heard = call ? told : [];
        call ??= this.#commit(runId, (run, move) => move.recordHeard(run, told));
      }
    } finally {
      // With its last commit, not a turn later: what comes in between would find nobody to plan.
      this.#drives.delete(runId);
    }
  }

  /** The call whose intent stands already: what was heard is written with what comes of it. */
  #foreseen(runId: string, heard: Heard): PlannedCall | undefined {
    const { sagas, nowMs } = this.#options;
    const run = this.#current(runId);
    return foreseenCall(sagaOf(sagas, run), run, heard, nowMs());
  }

  #commit(runId: string, change: (run: Run, move: Move<T>) => Run): PlannedCall | undefined {
    const { sagas, chance, nowMs, journal, transact } = this.#options;
    const before = this.#current(runId);
    const isNew = this.#unsaved.has(runId);
    const reading = new Move<T>(sagas, undefined, nowMs(), chance);
    const quiet = isNew && reading.unwritten(before, (run) => change(run, reading));
    if (quiet) {
      this.#runs.set(runId, quiet.run);
      return quiet.call;
    }
    const planned = transact((tx) => {
      const move = new Move(sagas, tx, nowMs(), chance);
      const alongside = (run: Run) => this.#unsaved.get(runId)?.(tx, run);
      const runs = move.make(before, isNew, (run) => change(run, move), alongside);
      for (const each of runs) save(journal, each);
      return runs;
    });
    const [first, ...begun] = planned;
    if (first.isWritten) this.#unsaved.delete(runId);
    for (const { run } of planned) this.#runs.set(run.runId, run);
    for (const { run, call } of begun) {
      this.#drive(run.runId, () => call).catch((problem) =>
        this.#options.report(run.runId, problem),
      );
    }
    return first.call;
  }

  #current(runId: string): Run {
    const run = this.read(runId);
    assert(run, `there is a run ${runId}`);
    return run;
  }
}

function save(journal: RunJournal, { run, isNew, isWritten, dueAtMs }: Planned): void {
  if (!isWritten) return;
  if (isNew) journal.insert(run, dueAtMs);
  else journal.update(run, dueAtMs);
}
