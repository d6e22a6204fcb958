import { CALL_TIMEOUT_MS } from "../../../durable-objects/saga/planned-call.ts";
import { findAct, type Run } from "../../../durable-objects/saga/run.ts";
import { isRefusal, isUnsentBug } from "../../../schema/outcome.ts";
import type { Call, Entry, Where } from "./seen-log.ts";
import { pathFindings } from "./seen-path.ts";
import type { Attempt, Spy } from "./spied.ts";

const CALLS_MAX = 2_000; // several times what the longest budget allows for

type Effect = () => Promise<unknown>;
type Surroundings = {
  stage(): { readonly isolates: number; stored(runId: string): Run | undefined };
  /** What becomes of a call: its effect, or the fault that is planned for it. */
  meet(attempt: Attempt, effect: Effect): Promise<unknown>;
};

/** Stands between the engine and the world, and notes what it sees of the engine. */
export class Witness implements Spy {
  readonly #surroundings: Surroundings;
  readonly #log: Entry[] = [];
  readonly #findings: string[] = [];
  #isOn = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** From now on: what was needed before is nobody's business. */
  begin(): void {
    this.#isOn = true;
  }

  findings(): readonly string[] {
    return [...this.#findings, ...pathFindings(this.#log)];
  }

  turned(runId: string): void {
    this.#log.push({ is: "turned", runId });
  }

  committed(where: Where): void {
    if (this.#isOn) this.#log.push({ is: "committed", ...where });
  }

  async call(attempt: Attempt, effect: Effect): Promise<unknown> {
    if (!this.#isOn) return effect();
    if (this.#log.length > CALLS_MAX) {
      this.#findings.push(`it calls without end, at last ${attempt.step}`);
      return new Promise(() => undefined);
    }
    const call: Entry & Call = { is: "sent", ...this.#noted(attempt) };
    this.#log.push(call);
    try {
      await undefined; // on its way: nothing outside happens within the engine's own turn
      const value = await this.#surroundings.meet(attempt, effect);
      const refused = isRefusal(value);
      this.#log.push(this.#isLate(call) ? { is: "late", call } : { is: "answered", call, refused });
      return value;
    } catch (problem) {
      // What was never sent is as good as refused, unless an earlier attempt may have arrived.
      const isKnown = isUnsentBug(problem) && isTurning(call) && !this.#hasDoubt(call);
      this.#log.push(isKnown ? { is: "answered", call, refused: true } : { is: "threw", call });
      throw problem;
    }
  }

  #noted({ runId, step, option, mode, body }: Attempt): Call {
    const { isolates, stored } = this.#stage();
    const run = stored(runId);
    const act = run && findAct(run, step, option);
    return {
      ...{ runId, step, option, mode },
      isolate: isolates,
      atMs: Date.now(),
      timeoutMs: body.timeoutMs ?? CALL_TIMEOUT_MS,
      canUndo: typeof body.undo === "function",
      intent: body.reads ? "reads" : (act?.state ?? (body.lapses && !run ? "lapses" : "none")),
    };
  }

  #hasDoubt({ runId, step, option }: Call): boolean {
    return this.#log.some(
      (entry) =>
        (entry.is === "threw" || entry.is === "late") &&
        entry.call.runId === runId &&
        entry.call.step === step &&
        entry.call.option === option,
    );
  }

  #isLate({ isolate, atMs, timeoutMs }: Call): boolean {
    return isolate !== this.#stage().isolates || Date.now() - atMs >= timeoutMs;
  }

  #stage() {
    const stage = this.#surroundings.stage();
    return { isolates: stage.isolates, stored: (runId: string) => stage.stored(runId) };
  }
}

/** Below the pivot nothing turns back: the run is stuck, and goes on where it was. */
function isTurning({ mode, canUndo }: Call): boolean {
  return mode === "do" && canUndo;
}
