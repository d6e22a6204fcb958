import { OpenAPIHono, type RouteConfig, type RouteHandler } from "@hono/zod-openapi";
import * as z from "zod";
import { refuse } from "../../../schema/refusals.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { Problem, problem } from "./problem.ts";

/** A router whose every refused request reads the same: a problem that names each wrong field. */
export function newApi() {
  return new OpenAPIHono<EdgeEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const { issues } = result.error;
      const isKey = issues.some(({ path }) => path[0] === IDEMPOTENCY_KEY);
      if (isKey && !c.req.header(IDEMPOTENCY_KEY))
        return problem(c, refuse("idempotency_key_missing"));
      const told = issues.slice(0, ISSUES_MAX).map(sentenceOf);
      return problem(c, refuse("invalid_request", { issues: told }));
    },
  });
}

type Api = ReturnType<typeof newApi>;
type ContextOf<R extends RouteConfig> = Parameters<RouteHandler<R, EdgeEnv>>[0];

/**
 * Registers a route with its validated input. Its answers are not typed against the definition,
 * since any of them may be a problem document; a test holds them against the schemas instead.
 */
export function on<R extends RouteConfig>(
  api: Api,
  route: R,
  handler: (c: ContextOf<R>) => Response | Promise<Response>,
): void {
  api.openapi(route, handler as unknown as RouteHandler<R, EdgeEnv>);
}

export const IDEMPOTENCY_KEY = "idempotency-key";
export const SECRET = "checkout-secret";

/** What a call that changes a sale carries. */
export const IdempotencyHeader = z.object({
  [IDEMPOTENCY_KEY]: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "1 to 255 visible ASCII characters")
    .openapi({ example: "5b1f8c0e-cart-42" }),
});

export const SecretHeader = z.object({
  [SECRET]: z.string().max(200).optional(),
});

export const PROBLEM_JSON = "application/problem+json";

/** Any refusal. The reference puts in its place which ones a call can meet. */
export const problemAnswer = {
  content: { [PROBLEM_JSON]: { schema: Problem } },
  description: "Refused: `code` says why, `then` what to do.",
};

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { "application/json": { schema } },
  description,
});

export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true,
  content: { "application/json": { schema } },
});

/** An answer says what is wrong; it does not send back what was sent. */
const ISSUES_MAX = 50;
const ISSUE_MAX_CHARACTERS = 300;

function sentenceOf({ path, message }: { path: PropertyKey[]; message: string }): string {
  const sentence = path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`;
  if (sentence.length <= ISSUE_MAX_CHARACTERS) return sentence;
  return `${sentence.slice(0, ISSUE_MAX_CHARACTERS).toWellFormed()}…`;
}
