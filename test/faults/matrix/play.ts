import type { AnySaga } from "../../../durable-objects/saga/next-action.ts";
import type { Run } from "../../../durable-objects/saga/run.ts";
import { Stage } from "../../../durable-objects/saga/testing/stage.ts";
import { Delayed } from "../troubles/delayed.ts";
import type { Fault, Stricken } from "../troubles/fault.ts";
import type { Target } from "../troubles/targets.ts";
import type { WaitFault } from "../troubles/wait-faults.ts";
import { waitsOf, winningKey } from "../troubles/waits.ts";
import { Witness } from "../witness/engine-witness.ts";
import { type Attempt, spied } from "../witness/spied.ts";
import { Client } from "./caller.ts";
import { endFindings, FOREIGN } from "./end.ts";
import { type Build, type Scenario, sagaOf, type World } from "./scenario.ts";

const STEPS_MAX = 4_000; // twice what an operator's second budget needs

/** A fault at a place of a saga; without a place, a run in which nothing goes wrong. */
export type Plan = { readonly target: Target; readonly fault: Fault | WaitFault } | undefined;

/** One run of a scenario with a fault planted in it, and everything that was wrong about it. */
export class Play<D = unknown, T = unknown> implements Stricken {
  readonly stage: Stage<D, T>;
  readonly #saga: AnySaga;
  readonly #world: World<D, T>;
  readonly #plan: Plan;
  readonly #witness: Witness;
  readonly #client: Client;
  readonly #findings: string[] = [];
  readonly #nth = { do: 0, undo: 0, ahead: 0 };
  readonly #met = new Set<string>();
  /** Answers and calls that are on their way for longer than they should. */
  readonly delayed = new Delayed(() => this.#idle());
  #isMended = false;
  #busy = 0;

  constructor(scenario: Scenario<D, T>, build: Build, plan: Plan) {
    this.#saga = sagaOf(scenario);
    this.#plan = plan;
    this.#world = scenario.open(build);
    const { deps, storage } = this.#world;
    this.#witness = new Witness({
      stage: () => this.stage,
      meet: (attempt, effect) => this.#handled(attempt, effect),
    });
    const sagas = scenario.sagas.map((saga) => spied(saga, this.#witness));
    this.stage = new Stage<D, T>({ sagas, deps, storage, Engine: build.Runner });
    this.#client = new Client({
      call: () => this.#world.begin(this.stage.runner),
      isolates: () => this.stage.isolates,
      broke: (problem) => this.run && this.#findings.push(`the call broke: ${problem}`),
    });
  }

  get isMended(): boolean {
    return this.#isMended;
  }

  /** How the target says no. */
  get no(): unknown {
    const step = this.#plan?.target.step ?? "";
    return this.#world.noes?.[step] ?? { refused: "refused_in_test" };
  }

  get run(): Run | undefined {
    return this.stage.stored(this.#world.runId);
  }

  /** Plays it to its end. Answers what was wrong, in sentences. */
  async toTheEnd(): Promise<readonly string[]> {
    await this.#world.prepare?.(this.stage.runner);
    await this.stage.idle();
    this.#witness.begin();
    this.#client.ask();
    await this.#rest();
    const { fault } = this.#plan ?? {};
    if (fault && "afterwards" in fault) {
      await fault.afterwards?.(this);
      await this.#rest();
    }
    return [
      ...new Set([
        ...this.#findings,
        ...this.#witness.findings(),
        ...endFindings(this.stage, this.#world),
      ]),
    ];
  }

  cancel(): void {
    const { runId } = this.#world;
    if (!this.stage.runner.read(runId)) return;
    const answer = this.stage.runner.turn(runId, { refused: "cancelled" });
    if (answer === "turning") this.#witness.turned(runId);
  }

  abandon(): void {
    this.#client.leave();
  }

  lapse(): void {
    this.#world.lapse?.();
  }

  crash(): Promise<never> {
    this.stage.crash();
    return new Promise(() => undefined);
  }

  /** Calls, events and alarms that all come while another drives the run. */
  async crowd(): Promise<void> {
    const { runner } = this.stage;
    const { runId } = this.#world;
    if (!runner.read(runId)) return;
    for (const other of [runner.nudge(runId), runner.resume(runId), runner.wake()]) {
      other.catch((problem) => this.#findings.push(`a second caller broke: ${problem}`));
    }
    await this.#idle();
  }

  /** Delivers what the run waits for, or will. */
  async tell(payload?: unknown): Promise<void> {
    const run = this.stage.runner.read(this.#world.runId);
    if (!run) return;
    for (const wait of waitsOf(this.#saga)) {
      const key = winningKey(this.#saga, run, wait.from, this.#plan?.target);
      const told = payload ?? this.#world.events?.[wait.event];
      if (told !== undefined) await this.#deliver({ name: wait.event, key, payload: told });
    }
  }

  /** The right events for another run, and one that nobody knows. */
  async tellForeign(): Promise<void> {
    const names = [...waitsOf(this.#saga).map(({ event }) => event), "nobody.knows"];
    for (const name of names) {
      await this.#deliver({ name, key: "another/1/step", payload: FOREIGN });
    }
  }

  /** What was broken works again, and an operator resumes the runs that gave up. */
  async mend(expected: { readonly mustBeStuck?: true } = {}): Promise<void> {
    this.#isMended = true;
    const stuck = this.#world.runs().filter(({ stuckAt }) => stuckAt);
    if (expected.mustBeStuck && stuck.length === 0) this.#findings.push("nothing was stuck");
    for (const { runId } of stuck) await this.stage.runner.resume(runId);
  }

  expectAlarm(): void {
    if (!this.stage.isInAlarm) this.#findings.push("the second attempt is not the alarm's");
  }

  expectNoRepeat(nth: number): void {
    if (nth > 1) this.#findings.push("a call that a bug of ours stopped was made again");
  }
  /** While a fault is at work the clock stands still. */
  async #idle(): Promise<void> {
    this.#busy += 1;
    await this.stage.idle();
    this.#busy -= 1;
  }

  async #rest(): Promise<void> {
    for (let step = 0; step < STEPS_MAX; step++) {
      await this.stage.idle();
      if (this.#busy > 0 || (await this.#meetWait()) || (await this.stage.tick())) continue;
      if (this.run || !this.#client.isWaiting) return;
      this.#client.ask();
    }
    this.#findings.push("it never comes to rest");
  }

  /** The outside answers every wait once; the plan's wait first has what is planned for it. */
  async #meetWait(): Promise<boolean> {
    const step = this.#unmet();
    if (!step) return false;
    this.#met.add(step);
    const { fault, target } = this.#plan ?? {};
    const isPlanned = target?.kind === "wait" && target.step === step;
    if (isPlanned && fault && "whenWaiting" in fault) {
      await fault.whenWaiting(this);
      if (fault.isSilent) return true;
    }
    await this.tell();
    return true;
  }

  #unmet(): string | undefined {
    const { run } = this;
    if (!run || run.ended || run.turned) return undefined;
    return run.acts.find(({ step, state }) => state === "waiting" && !this.#met.has(step))?.step;
  }

  async #deliver(event: { name: string; key: string; payload: unknown }): Promise<void> {
    const { runId } = this.#world;
    if (!this.stage.runner.read(runId)) return;
    this.stage.runner.deliver(runId, event).catch(() => undefined);
    await this.#idle();
  }

  #handled({ runId, step, option, mode }: Attempt, effect: () => Promise<unknown>) {
    const { target } = this.#plan ?? {};
    if (runId !== this.#world.runId || !target) return effect();
    if (step === target.ahead && mode === "do") return this.#struck("ahead", effect);
    if (step !== target.step) return effect();
    const isBefore = option !== undefined && target.before.includes(option);
    if (isBefore && mode === "do") return Promise.resolve(this.no);
    return option === target.option ? this.#struck(mode, effect) : effect();
  }

  #struck(what: "do" | "undo" | "ahead", effect: () => Promise<unknown>): Promise<unknown> {
    const { fault } = this.#plan ?? {};
    if (!fault || !("appliesTo" in fault)) return effect();
    this.#nth[what] += 1;
    return (fault as Fault)[what]?.(this, effect, this.#nth[what]) ?? effect();
  }
}
