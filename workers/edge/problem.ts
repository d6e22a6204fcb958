import type { Context } from "hono";
import * as z from "zod";
import type { Refusal } from "../../schema/outcome.ts";
import { type RefusalCode, refusals } from "../../schema/refusals.ts";
import type { EdgeEnv } from "./edge-env.ts";

/** RFC 9457, with our `code`, and `then`: what the caller can do about it. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  then: z.string(),
  requestId: z.string(),
  detail: z.record(z.string(), z.unknown()).optional(),
});

const RETRY_AFTER_S = "1";

/** Answers a refusal of the table as a problem document. */
export function problem(c: Context<EdgeEnv>, { refused, detail }: Refusal<RefusalCode>): Response {
  const { status, sentence, then } = refusals[refused];
  const document: z.infer<typeof Problem> = {
    type: `/docs/problems#${refused}`,
    title: sentence,
    status,
    code: refused,
    then,
    requestId: c.var.requestId,
    ...(detail ? { detail } : {}),
  };
  const headers = {
    "Content-Type": "application/problem+json",
    ...(status === 503 ? { "Retry-After": RETRY_AFTER_S } : {}),
  };
  return c.body(JSON.stringify(document), status, headers);
}
