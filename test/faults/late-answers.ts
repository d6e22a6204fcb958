const SAGA = "durable-objects/saga";

/** A line of the product, and the mistake that is made in its place. */
export type Edit = { readonly file: string; readonly line: string; readonly mistake: string };

/** Late answers are recorded, not dropped with their attempt: only the fence stands in their way. */
export const lateAnswers: readonly Edit[] = [
  {
    file: `${SAGA}/make-call.ts`,
    line: "deps: unknown, nowMs: number): Promise<Outcome> {",
    mistake: "deps: unknown, nowMs: number, hear): Promise<Outcome> {",
  },
  {
    file: `${SAGA}/make-call.ts`,
    line: "const value = await Promise.race([answer, timeout]);",
    mistake: `
    let isLate = false;
    timeout.catch(() => { isLate = true; });
    Promise.resolve(answer).then((late) => isLate && hear(late), () => undefined);
    const value = await Promise.race([answer, timeout]);`,
  },
  {
    file: `${SAGA}/runner.ts`,
    line: "const outcome = await makeCall(made, this.#options.deps, this.#options.nowMs());",
    mistake: `
        const { sagas, deps, nowMs, chance, journal, transact } = this.#options;
        const outcome = await makeCall(made, deps, nowMs(), (value) => {
          if (this.#unsaved.has(runId)) return;
          transact((tx) => {
            const move = new Move(sagas, tx, nowMs(), chance);
            const run = move.recordOutcome(this.#current(runId), made, { is: "answer", value });
            journal.amend(run);
            this.#runs.set(runId, run);
          });
        });`,
  },
];
