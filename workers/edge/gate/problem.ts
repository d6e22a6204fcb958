import type { Context } from "hono";
import * as z from "zod";
import type { Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refusals } from "../../../schema/refusals.ts";
import type { EdgeEnv } from "./edge-env.ts";

/**
 * RFC 9457, with our `code`, and `then`: what the caller can do about it. What else there is to
 * know (`skus`, `total`, `issues`, …) stands beside them, as the RFC's extension members.
 */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]]),
  then: z.string(),
  requestId: z.string(),
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
  return { ...detail, type, title: sentence, status, code: refused, then, requestId };
}
