import { isRefusal, isUnsentBug } from "../../schema/outcome.ts";
import type { Outcome, PlannedCall } from "./planned-call.ts";

/**
 * Makes a call and hears how it ended, within its time. What hangs is a fault like any other: a
 * drive that could hang would hang every alarm that joins it. A later answer reaches nobody.
 */
export async function makeCall(call: PlannedCall, deps: unknown, nowMs: number): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${call.timeoutMs} ms`));
    timer = setTimeout(late, call.timeoutMs);
  });
  try {
    const answer = call.make(deps, nowMs);
    const value = await Promise.race([answer, timeout]);
    return isRefusal(value) ? { is: "refusal", refusal: value } : { is: "answer", value };
  } catch (cause) {
    if (isUnsentBug(cause)) return { is: "bug", fault: String(cause), cause };
    return { is: "fault", fault: String(cause), cause };
  } finally {
    clearTimeout(timer);
  }
}
