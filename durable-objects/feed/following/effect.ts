import type { OrderEvent } from "../../../schema/events.ts";
import type { ShopId } from "../../../schema/ids.ts";
import type { RetryPolicy } from "../../saga/retry.ts";
import type { OrderChange } from "./log-pages.ts";

/** A write to the object's own tables, made in the transaction that moves the position. */
type Write = () => void;

/** `stop`: no further try makes sense until somebody resumes the reader. */
export type Outcome =
  | { readonly is: "done"; readonly write?: Write }
  | { readonly is: "failed" | "stop"; readonly problem: string; readonly write?: Write };

export type About = {
  /** All of it was read before. */
  readonly isReplay: boolean;
  /** The reader has not failed here: whatever this is, it is tried for the first time, or a crash took the last try. */
  readonly isFirstTry: boolean;
};

/** What one reader does with the log. */
export interface Effect {
  /** Whose events it is for; all shops' where it does not say. */
  readonly shopId?: ShopId;
  /** Whether an event is any of its business; what is not costs nothing but the offset. All, where absent. */
  readonly concerns?: (event: OrderEvent) => boolean;
  /** How many changes it takes in one go. After a failure they are taken one by one. */
  readonly changesMax: number;
  readonly retry: RetryPolicy;
  /**
   * Performed at least once: whatever leaves the object may leave again after a crash, so that its
   * far end has to know an event by its id. Local writes come back as `write` and are made once.
   * A throw is a failure.
   */
  perform(changes: readonly OrderChange[], about: About): Promise<Outcome>;
  /** What a reader does when its tries are spent: pass the event by as a dead letter, or pause. */
  readonly whenSpent: "pass" | "pause";
}
