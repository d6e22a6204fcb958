import * as z from "zod";

/** What became of a letter: nobody decided yet, it was sent again, or somebody let it go. */
export const DeadLetterState = z.enum(["open", "redriven", "discarded"]);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

/** A message that no consumer could take, as it came, and why. */
export type DeadLetter = {
  /** The same failure of the same message is the same letter: `letterIdOf`. */
  readonly letterId: string;
  readonly queue: string;
  /** Whose it is; undefined where the message does not say. Every operator sees those. */
  readonly shopId: string | undefined;
  /** The order or checkout that it is about, where the message says so. */
  readonly reference: string | undefined;
  /** A sentence for an operator. Holds no value of the message, only its shape. */
  readonly cause: string;
  readonly body: string;
  readonly attempts: number;
  /** When it failed last, and first where that was not the same. Epoch ms. */
  readonly atMs: number;
  readonly firstAtMs?: number | undefined;
};

export type KeptDeadLetter = Omit<DeadLetter, "atMs" | "firstAtMs"> & {
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly state: DeadLetterState;
  /** Since when the state is not "open" any more. */
  readonly decidedAtMs: number | undefined;
  /** Why it was let go. */
  readonly discardReason: string | undefined;
};

/** Newest first; `after` is the last letter of the page before. */
export type DeadLetterPage = {
  readonly queue?: string | undefined;
  readonly state?: DeadLetterState | undefined;
  readonly after?: Pick<KeptDeadLetter, "firstAtMs" | "letterId"> | undefined;
  readonly limit: number;
};

/**
 * A letter's name, fit for a URL. `id` is the event's where the message is one: an outbox that
 * sends it again and again makes one letter, not many. Else it is the message's.
 */
export function letterIdOf(queue: string, id: string): string {
  return `${queue}.${id.replaceAll(/[^A-Za-z0-9_-]/g, ".")}`;
}
