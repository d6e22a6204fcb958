import type { ActState } from "../../../durable-objects/saga/run.ts";

/** A call, or a commit, as the world outside of the engine sees it. */
export type Where = {
  readonly runId: string;
  readonly step: string;
  readonly option?: string | undefined;
};

export type Call = Where & {
  readonly mode: "do" | "undo";
  /** Counts isolates: after a crash another one calls. */
  readonly isolate: number;
  readonly atMs: number;
  readonly timeoutMs: number;
  readonly canUndo: boolean;
  /** The state of the call's act in storage when it left; what only reads, or lapses and is the first, needs none. */
  readonly intent: ActState | "none" | "reads" | "lapses";
};

export type Entry =
  | (Call & { readonly is: "sent" })
  /** In time: its isolate lived and its attempt was not given up. */
  | { readonly is: "answered"; readonly call: Call; readonly refused: boolean }
  /** Too late for the engine to hear. */
  | { readonly is: "late"; readonly call: Call }
  | { readonly is: "threw"; readonly call: Call }
  | (Where & { readonly is: "committed" })
  /** The engine promised to turn this run back. */
  | { readonly is: "turned"; readonly runId: string };

export function whereName({ runId, step, option }: Where): string {
  return option === undefined ? `${runId}/${step}` : `${runId}/${step}/${option}`;
}
