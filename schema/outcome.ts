/**
 * A "no" that is an answer: nothing happened, and asking again with the same input says no again.
 * Faults (unknown outcome) are thrown; bugs are asserted. Generic on purpose: the engine knows
 * refusals without knowing what is refused. The closed list of codes is `refusals.ts`.
 */
export type Refusal<Code extends string = string> = {
  readonly refused: Code;
  readonly detail?: RefusalDetail;
};

/** What the caller should know about a "no". Not deep on purpose: it crosses RPC and is shown. */
export type RefusalDetail = { readonly [key: string]: DetailValue };
type Plain = string | number | boolean;
type Facts = { readonly [key: string]: Plain };
/** By a name, such as a line's SKU: how many, and how much. */
type NamedFacts = { readonly [key: string]: { readonly [key: string]: Plain | Facts } };
type DetailValue = Plain | readonly string[] | Facts | NamedFacts;

export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === "object" &&
    value !== null &&
    "refused" in value &&
    typeof value.refused === "string"
  );
}

/** What remains of a result once "no" has been dealt with. */
export type Accepted<T> = Exclude<T, Refusal>;

/** States a belief of the code; a failure is a bug in Tender, never bad input. */
export function assert(condition: unknown, belief: string): asserts condition {
  if (!condition) throw new Error(`Bug: ${belief}`);
}

/**
 * Thrown when a call's outcome is unknown and cannot be learnt by making it again, as with an
 * encrypted card that was not stored (decision 9): it is not repeated, and is undone.
 */
export class Unrepeatable extends Error {
  override readonly name = "Unrepeatable";
}

/**
 * Thrown when a mistake of ours stopped a call before anything was sent: nothing happened, nobody
 * else is at fault, and the same call would be stopped again.
 */
export class UnsentBug extends Error {
  override readonly name = "UnsentBug";
}

/** By its name: it is the same mistake where the code stands twice in one process. */
export function isUnsentBug(cause: unknown): boolean {
  return cause instanceof Error && cause.name === "UnsentBug";
}

/**
 * What a call is about to send. Whatever `build` throws is a bug, and it is known that nothing left;
 * what is thrown over an answer is not, for there something may have happened.
 *
 * Throws: UnsentBug.
 */
export function beforeSending<T>(build: () => T): T {
  try {
    return build();
  } catch (cause) {
    throw new UnsentBug(String(cause), { cause });
  }
}
