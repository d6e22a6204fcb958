import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Answer } from "../../../durable-objects/checkout/sale/answers.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { EdgeEnv } from "../gate/edge-env.ts";
import { problem } from "../gate/problem.ts";

const TRIES_MAX = 3;

type ObjectFault = { readonly retryable?: boolean; readonly overloaded?: boolean };

/**
 * Asks an object, and asks again when it was reset or moved meanwhile: its calls are idempotent.
 * One that is overloaded is left in peace; the caller hears 503.
 *
 * Source: https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
 */
export async function ask<P extends PromiseLike<unknown>>(call: () => P): Promise<Awaited<P>> {
  for (let tried = 1; ; tried++) {
    try {
      return await call();
    } catch (error) {
      const { retryable, overloaded } = error as ObjectFault;
      if (!retryable || overloaded || tried === TRIES_MAX) throw error;
    }
  }
}

/** Passes an object's answer on: a view, or a refusal as a problem document. */
export function answered(c: Context<EdgeEnv>, { reply, replayed }: Answer): Response {
  if (replayed) c.header("Idempotent-Replayed", "true");
  if (isRefusal(reply)) return problem(c, reply);
  return c.json(reply.body, reply.status);
}

/** An object that cannot be asked is a passing fault; anything else is ours. */
export function faultOf(error: unknown) {
  // The router's own: a call that needs a body has none, or an empty one of another type.
  if (error instanceof HTTPException && error.status === 400) return refuse("malformed_json");
  if (error instanceof HTTPException && error.status === 415) return refuse("json_expected");
  const { retryable, overloaded } = error as ObjectFault;
  return retryable || overloaded ? refuse("unavailable") : refuse("internal");
}
