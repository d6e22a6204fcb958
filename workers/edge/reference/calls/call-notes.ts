import type { RefusalCode } from "../../../../schema/refusals.ts";
/** What the reference adds to a route: examples, and the refusals of the call's own. */
export type CallNotes = {
  readonly body?: unknown;
  /** By status. */
  readonly answers?: Readonly<Record<number, unknown>>;
  readonly refuses?: readonly RefusalCode[];
};
