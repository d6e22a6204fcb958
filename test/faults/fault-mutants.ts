import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "../../schema/outcome.ts";
import { type Edit, lateAnswers } from "./late-answers.ts";
import type { Build } from "./matrix/scenario.ts";

export type Mutant = {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Cases that have to notice, and what they have to say. */
  readonly caughtBy: string;
  readonly finding: RegExp;
};

const SAGA = "durable-objects/saga";

/** Mistakes that somebody might make one day. Each breaks a promise of the engine. */
export const mutants: readonly Mutant[] = [
  {
    name: "no tombstone",
    edits: [
      {
        file: "durable-objects/inventory/inventory.ts",
        line: "if (!row) bury(store, request, nowMs);",
        mistake: "if (!row) return ACCEPTED;",
      },
    ],
    caughtBy: "opening: hold arrives late, after its undo",
    finding: /pieces held 3, not 0/,
  },
  {
    name: "no single flight",
    edits: [{ file: `${SAGA}/runner.ts`, line: "this.#drives.set(runId, drive);", mistake: "" }],
    caughtBy: "allocate is repeated in parallel",
    finding: /two drives/,
  },
  {
    name: "no alarm behind a call that is out",
    edits: [
      {
        file: `${SAGA}/move.ts`,
        line: "dueAtMs: this.#nowMs + timeoutMs + LEASE_SLACK_MS,",
        mistake: "",
      },
    ],
    caughtBy: "allocate is aborted right after its effect",
    finding: /never ended: allocate is started/,
  },
  {
    name: "an unknown option not undone before the next",
    edits: [
      {
        file: `${SAGA}/next-action.ts`,
        line: 'if (act.state === "unknown" || act.state === "undoing") return undo(saga, run, act, nowMs);',
        mistake: "",
      },
    ],
    caughtBy: "authorize/stripe takes effect and never answers",
    finding: /live payments 2, not 1/,
  },
  {
    name: "a bug of ours taken for an unknown outcome",
    edits: [
      {
        file: `${SAGA}/make-call.ts`,
        line: 'if (isUnsentBug(cause)) return { is: "bug", fault: String(cause), cause };',
        mistake: "",
      },
    ],
    caughtBy: "capture is kept from being sent by a bug of ours",
    finding: /was made again/,
  },
  {
    name: "no intent",
    edits: [
      {
        file: `${SAGA}/journal.ts`,
        line: "const { acts, events, turned, stuckAt, ended } = run;",
        mistake: `const { events, turned, stuckAt, ended } = run;
  const acts = run.acts.filter(({ state }) => state !== "started" && state !== "undoing");`,
      },
    ],
    caughtBy: "allocate goes well",
    finding: /left without its intent/,
  },
  {
    name: "a turn not stored",
    edits: [
      {
        file: `${SAGA}/journal.ts`,
        line: "return JSON.stringify({ acts, events, turned, stuckAt, ended });",
        mistake: "void turned; return JSON.stringify({ acts, events, stuckAt, ended });",
      },
    ],
    caughtBy: "authorize/stripe is undone, and aborted right after that",
    finding: /left after the unwind began/,
  },
  {
    name: "the fence ignored",
    edits: [
      ...lateAnswers,
      {
        file: `${SAGA}/move.ts`,
        line: "if (act?.state !== state || act.attempt !== call.attempt) return run;",
        mistake: "if (!act || state === undefined) return run;",
      },
    ],
    caughtBy: "capture answers when it was given up and another attempt is out",
    finding: /events/,
  },
  {
    name: "a turn after the pivot",
    edits: [
      {
        file: `${SAGA}/runner.ts`,
        line: 'if (isPastPivot(sagaOf(this.#options.sagas, run), run)) return "too_late";',
        mistake: "",
      },
    ],
    caughtBy: "capture is cancelled while it is out",
    finding: /live payments 0, not 1|never ended/,
  },
  {
    name: "an event of anybody",
    edits: [
      {
        file: `${SAGA}/next-action.ts`,
        line: "stored.name === step.event && stored.key === key",
        mistake: "key !== undefined && stored.name === step.event",
      },
    ],
    caughtBy: "shopper gets somebody else's event first",
    finding: /took somebody else's event/,
  },
  {
    name: "the oldest undone first",
    edits: [
      {
        file: `${SAGA}/next-action.ts`,
        line: "for (const act of run.acts.toReversed()) {",
        mistake: "for (const act of run.acts) {",
      },
    ],
    caughtBy: "allocate is cancelled while it is out",
    finding: /was undone before .*allocate, which began after it/,
  },
  {
    name: "a fault of what lapses not written",
    edits: [
      {
        file: `${SAGA}/move.ts`,
        line: 'return lapses && state === "started" && fault === undefined;',
        mistake: 'void fault; return lapses && state === "started";',
      },
    ],
    caughtBy: "opening: hold throws after its effect",
    finding: /the run ends nowhere and the checkout is processing/,
  },
  {
    name: "an intent ahead not written",
    edits: [
      {
        file: `${SAGA}/move.ts`,
        line: "const intended = ahead ? recordForeseen(own, ahead, this.#nowMs) : own;",
        mistake: "const intended = own; void ahead; void recordForeseen;",
      },
      {
        file: `${SAGA}/planned-call.ts`,
        line: 'if (!step || findAct(run, step)?.state !== "foreseen") return undefined;',
        mistake: "if (!step) return undefined;",
      },
    ],
    caughtBy: "allocate goes well",
    finding: /allocate left without its intent, stored was: none/,
  },
  {
    name: "what was foreseen leaving after a turn",
    edits: [
      {
        file: `${SAGA}/planned-call.ts`,
        line: 'outcome.is !== "answer" || run.turned) return undefined;',
        mistake:
          'outcome.is !== "answer") return undefined;\n  run = { ...run, turned: undefined };',
      },
    ],
    caughtBy: "authorize/stripe is cancelled while it is out",
    finding: /do .*allocate left after the unwind began/,
  },
  {
    name: "what was foreseen not undone",
    edits: [
      {
        file: `${SAGA}/next-action.ts`,
        line: '["foreseen", "started", "done", "unknown", "undoing"]',
        mistake: '["started", "done", "unknown", "undoing"]',
      },
    ],
    caughtBy: "waiter crashes, and is then cancelled",
    finding: /0 are to be taken, not .*waiter/,
  },
  {
    name: "what was foreseen dropped though it may have left",
    edits: [
      {
        file: `${SAGA}/record.ts`,
        line: 'if (act?.state !== "foreseen" || act.attempt > 1) return run;',
        mistake: 'if (act?.state !== "foreseen") return run;',
      },
    ],
    caughtBy: "it is called off when it is repeated",
    finding: /0 are to be taken, not .*waiter/,
  },
];

const INVENTORY = "durable-objects/inventory";
const COPIED = [SAGA, INVENTORY, "schema"];
const STOCK = [
  "inventory",
  "backstop",
  "hold",
  "allocation",
  "hold-changes",
  "movements",
  "transfers",
];
const LOADED = [
  `${SAGA}/runner.ts`,
  `${SAGA}/journal.ts`,
  ...STOCK.map((file) => `${INVENTORY}/${file}.ts`),
];

/** The product with mistakes in it, beside the product: no path of the real one knows of them. */
export async function buildWith(edits: readonly Edit[]): Promise<Build> {
  const root = join(import.meta.dirname, "../..");
  const copy = await mkdtemp(join(tmpdir(), "tender-mutant-"));
  for (const part of COPIED) await cp(join(root, part), join(copy, part), { recursive: true });
  for (const edit of edits) await plant(join(copy, edit.file), edit);
  const load = (file: string) => import(/* @vite-ignore */ join(copy, file));
  const [{ Runner }, { Journal }, ...inventory] = await Promise.all(LOADED.map(load));
  await rm(copy, { recursive: true });
  return { Runner, Journal, inventory: Object.assign({}, ...inventory) };
}

export async function plant(path: string, { file, line, mistake }: Edit): Promise<void> {
  const source = await readFile(path, "utf8");
  const [before, after, ...more] = source.split(line);
  const isThere = before !== undefined && after !== undefined && more.length === 0;
  assert(isThere, `${file} has this line once, to be broken: ${line}`);
  await writeFile(path, `${before}${mistake}${after}`);
}
