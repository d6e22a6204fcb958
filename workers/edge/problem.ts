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
  code: z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]]),
  then: z.string(),
  requestId: z.string(),
  detail: z.record(z.string(), z.unknown()).optional(),
});
type Problem = z.infer<typeof Problem>;

const RETRY_AFTER_S = "1";

/** Answers a refusal of the table as a problem document. */
export function problem(c: Context<EdgeEnv>, refusal: Refusal<RefusalCode>): Response {
  const document = problemDocument(refusal, c.var.requestId);
  const headers = {
    "Content-Type": "application/problem+json",
    ...(document.status === 503 ? { "Retry-After": RETRY_AFTER_S } : {}),
  };
  return c.body(JSON.stringify(document), refusals[refusal.refused].status, headers);
}

export function problemDocument(
  { refused, detail }: Refusal<RefusalCode>,
  requestId: string,
): Problem {
  const { status, sentence, then } = refusals[refused];
  const type = `/docs/problems#${refused}`;
  const said = { type, title: sentence, status, code: refused, then, requestId };
  return { ...said, ...(detail ? { detail } : {}) };
}
