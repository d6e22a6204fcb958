import { isDeepStrictEqual } from "node:util";
import { ATTEMPT_TIMEOUT_MS } from "../../durable-objects/saga/move.ts";
import type { AnySaga } from "../../durable-objects/saga/next-action.ts";
import { actKey, doneAct, doneValues, findAct, type Run } from "../../durable-objects/saga/run.ts";
import { Stage } from "../../durable-objects/saga/test-stage.ts";
import { isRefusal } from "../../schema/outcome.ts";
import type { Fault, WaitFault } from "./faults.ts";
import type { Call, Entry, Where } from "./log.ts";
import { pathFindings } from "./path.ts";
import { type Build, type Scenario, sagaOf, type World } from "./scenario.ts";
import { type Attempt, spied } from "./spied.ts";
import type { Target } from "./targets.ts";

const CALLS_MAX = 2_000; // several times what the longest budget allows for
const STEPS_MAX = 4_000; // twice what an operator's second budget needs
const ASKS_MAX = 5; // a client that got no answer asks again, but not for ever
const FOREIGN = { isForeign: true };

/** A fault at a place of a saga; without a place, a run in which nothing goes wrong. */
export type Plan = { readonly target: Target; readonly fault: Fault | WaitFault } | undefined;

/** One run of a scenario with a fault planted in it, and everything that was wrong about it. */
export class Play<D = unknown, T = unknown> {
  readonly stage: Stage<D, T>;
  readonly #saga: AnySaga;
  readonly #world: World<D, T>;
  readonly #plan: Plan;
  readonly #log: Entry[] = [];
  readonly #findings: string[] = [];
  readonly #nth = { do: 0, undo: 0 };
  readonly #met = new Set<string>();
  readonly #late: (() => Promise<unknown>)[] = [];
  #released = Promise.withResolvers<void>();
  #isOn = false;
  #isMended = false;
  #isolate = 0;
  #busy = 0;
  #asks = 0;
  #isAnswered = false;

  constructor(scenario: Scenario<D, T>, build: Build, plan: Plan) {
    this.#saga = sagaOf(scenario);
    this.#plan = plan;
    this.#world = scenario.open(build);
    const { deps, storage } = this.#world;
    const spy = {
      call: (attempt: Attempt, effect: () => Promise<unknown>) => this.#called(attempt, effect),
      committed: (where: Where) => this.#isOn && this.#log.push({ is: "committed", ...where }),
    };
    const sagas = scenario.sagas.map((saga) => spied(saga, spy));
    this.stage = new Stage<D, T>({ sagas, deps, storage, Engine: build.Runner });
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
    this.#isOn = true;
    this.#ask();
    await this.#rest();
    const fault = this.#plan?.fault;
    if (fault && "afterwards" in fault) {
      await fault.afterwards?.(this as Play);
      await this.#rest();
    }
    return [...new Set([...this.#findings, ...pathFindings(this.#log), ...this.#endFindings()])];
  }

  // What faults do.

  cancel(): void {
    const { runId } = this.#world;
    if (!this.stage.runner.read(runId)) return;
    const answer = this.stage.runner.turn(runId, { refused: "cancelled" });
    if (answer === "turning") this.#log.push({ is: "turned", runId });
  }

  crash(): Promise<never> {
    this.#isolate += 1;
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
    for (const wait of this.#waits()) {
      const key = this.#winningKey(wait.from);
      const told = payload ?? this.#world.events?.[wait.event];
      await this.#deliver({ name: wait.event, key, payload: told });
    }
  }

  /** The right events for another run, and one that nobody knows. */
  async tellForeign(): Promise<void> {
    const names = [...this.#waits().map(({ event }) => event), "nobody.knows"];
    for (const name of names) {
      await this.#deliver({ name, key: "another/1/step", payload: FOREIGN });
    }
  }

  /** An answer that is on its way until `release`. */
  async hold(value: unknown): Promise<unknown> {
    await this.#released.promise;
    return value;
  }

  async release(): Promise<void> {
    this.#released.resolve();
    await this.#idle();
  }

  later(effect: () => Promise<unknown>): void {
    this.#late.push(effect);
  }

  async arriveLate(): Promise<void> {
    for (const effect of this.#late.splice(0)) await effect().catch(() => undefined);
  }

  /** What was broken works again, and an operator resumes the runs that gave up. */
  async mend(expected: { mayBeStuck?: true; mustBeStuck?: true }): Promise<void> {
    this.#isMended = true;
    const stuck = this.#world.runs().filter(({ stuckAt }) => stuckAt);
    if (expected.mustBeStuck && stuck.length === 0) this.#findings.push("nothing was stuck");
    for (const { runId } of stuck) await this.stage.runner.resume(runId);
  }

  expectAlarm(): void {
    if (!this.stage.isInAlarm) this.#findings.push("the second attempt is not the alarm's");
  }

  // How the rest of the world behaves.

  /** The client's call; asked again when nothing came of it. */
  #ask(): void {
    this.#asks += 1;
    const isolate = this.#isolate;
    this.#world.begin(this.stage.runner).then(
      () => (this.#isAnswered = true),
      (problem) => {
        if (isolate !== this.#isolate || !this.run) return;
        this.#isAnswered = true;
        this.#findings.push(`the call broke: ${problem}`);
      },
    );
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
      if (this.#busy > 0) continue;
      if (await this.#meetWait()) continue;
      if (await this.stage.tick()) continue;
      if (this.#isAnswered || this.run || this.#asks >= ASKS_MAX) return;
      this.#ask();
    }
    this.#findings.push("it never comes to rest");
  }

  /** The outside answers every wait once; the plan's wait first has what is planned for it. */
  async #meetWait(): Promise<boolean> {
    const run = this.#world.runs().find((each) => this.#unmet(each));
    const step = run && this.#unmet(run);
    if (!run || !step) return false;
    this.#met.add(`${run.runId}/${step}`);
    const fault = this.#plan?.fault;
    const isPlanned = this.#plan?.target.kind === "wait" && this.#plan.target.step === step;
    if (isPlanned && fault && "whenWaiting" in fault) {
      await fault.whenWaiting(this as Play);
      if (fault.isSilent) return true;
    }
    await this.tell();
    return true;
  }

  #unmet(run: Run): string | undefined {
    if (run.ended || run.turned || run.runId !== this.#world.runId) return undefined;
    const waiting = run.acts.find(({ state }) => state === "waiting")?.step;
    return waiting && !this.#met.has(`${run.runId}/${waiting}`) ? waiting : undefined;
  }

  async #deliver(event: { name: string; key: string; payload: unknown }): Promise<void> {
    const { runId } = this.#world;
    if (!this.stage.runner.read(runId)) return;
    this.stage.runner.deliver(runId, event).catch(() => undefined);
    await this.#idle();
  }

  #waits() {
    return this.#saga.steps.filter((step) => step.kind === "waitFor");
  }

  /** Of the option that won, or that will win. */
  #winningKey(from: string): string {
    const { runId } = this.#world;
    const target = this.#plan?.target;
    const run = this.stage.runner.read(runId);
    const winner = run && doneAct(run, from);
    if (winner) return actKey(runId, from, winner.option);
    if (target?.step === from) return actKey(runId, from, target.option);
    const step = this.#saga.steps.find(({ name }) => name === from);
    if (!run || step?.kind !== "firstOf") return actKey(runId, from);
    return actKey(runId, from, step.options({ input: run.input, done: doneValues(run) })[0]);
  }

  // Between the engine and the world.

  async #called(attempt: Attempt, effect: () => Promise<unknown>): Promise<unknown> {
    if (!this.#isOn) return effect();
    if (this.#log.length > CALLS_MAX) {
      this.#findings.push(`it calls without end, at last ${attempt.step}`);
      return new Promise(() => undefined);
    }
    const call = this.#recorded(attempt);
    this.#log.push({ is: "sent", ...call });
    const sent = this.#log.at(-1) as Call;
    try {
      await undefined; // on its way: nothing outside happens within the engine's own turn
      const value = await this.#handled(attempt, effect);
      const isLate = call.isolate !== this.#isolate || Date.now() - call.atMs >= call.timeoutMs;
      const refused = isRefusal(value);
      this.#log.push(isLate ? { is: "late", call: sent } : { is: "answered", call: sent, refused });
      return value;
    } catch (problem) {
      this.#log.push({ is: "threw", call: sent });
      throw problem;
    }
  }

  #recorded({ runId, step, option, mode, body }: Attempt): Call {
    const run = this.stage.stored(runId);
    const act = run && findAct(run, step, option);
    return {
      ...{ runId, step, option, mode },
      isolate: this.#isolate,
      atMs: Date.now(),
      timeoutMs: body.timeoutMs ?? ATTEMPT_TIMEOUT_MS,
      canUndo: typeof body.undo === "function",
      intent: body.reads ? "reads" : (act?.state ?? "none"),
    };
  }

  #handled({ runId, step, option, mode }: Attempt, effect: () => Promise<unknown>) {
    const { target, fault } = this.#plan ?? {};
    if (runId !== this.#world.runId || step !== target?.step) return effect();
    const isBefore = option !== undefined && target.before.includes(option);
    if (isBefore && mode === "do") return Promise.resolve(this.no);
    if (option !== target.option || !fault || !("appliesTo" in fault)) return effect();
    const handler = mode in fault ? (fault as Fault)[mode] : undefined;
    this.#nth[mode] += 1;
    return handler ? handler(this as Play, effect, this.#nth[mode]) : effect();
  }

  #endFindings(): readonly string[] {
    const runs = this.#world.runs();
    return [
      ...runs
        .filter(({ ended }) => !ended)
        .map((run) => `${run.runId} never ended: ${stateOf(run)}`),
      ...runs
        .filter((run) => !isDeepStrictEqual(plain(this.stage.runner.read(run.runId)), plain(run)))
        .map(({ runId }) => `${runId} is another in memory than in storage`),
      ...runs
        .filter(({ acts }) => acts.some(({ value }) => isDeepStrictEqual(value, FOREIGN)))
        .map(({ runId }) => `${runId} took somebody else's event`),
      ...this.stage.problems.map((problem) => `reported: ${problem}`),
      ...this.#world.judge(this.run?.ended),
    ];
  }
}

function stateOf({ stuckAt, acts, turned }: Run): string {
  if (stuckAt) return `stuck at ${stuckAt.step}`;
  const last = acts.at(-1);
  return `${last?.step} is ${last?.state}${turned ? `, turned by ${turned.because.refused}` : ""}`;
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
