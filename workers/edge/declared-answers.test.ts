import { exports } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { shopKeys } from "../../scripts/machine/local-keys.ts";
import { app } from "./app.ts";
import { Problem } from "./gate/problem.ts";
import { routesOf } from "./reference/zod-schemas.ts";
import { endingOperations, type Operation } from "./testing/operations.ts";
import { fillOwnShop, type OwnShop } from "./testing/own-shop.ts";
import { type Made, requestsOf } from "./testing/requests.ts";

const RUNS = 12; // of each call and key; `npm run fuzz` makes more
const keys = Object.entries(shopKeys);
const routes = routesOf(app);
let own: OwnShop;
beforeAll(async () => {
  own = await fillOwnShop();
}, 60_000);

test.each(endingOperations)(
  "answers only what the reference declares: $name",
  async (operation) => {
    for (const [kind, key] of keys) {
      await fc
        .assert(
          fc.asyncProperty(requestsOf(operation, own), async (request) => {
            await isDeclared(operation, { ...request, key });
          }),
          { numRuns: RUNS, endOnFailure: true, seed: 16 },
        )
        .catch((problem: unknown) => {
          const { cause, message } = problem as Error;
          throw new Error(`with a ${kind} key: ${message}\n${String(cause)}`, { cause });
        });
    }
  },
);

async function isDeclared({ name, method, operation }: Operation, made: Made & { key: string }) {
  const headers = new Headers({ authorization: `Bearer ${made.key}`, ...made.headers });
  if (made.body !== undefined) headers.set("content-type", "application/json");
  const body = made.body === undefined ? {} : { body: JSON.stringify(made.body) };
  const request = new Request(`https://tender.test${made.path}`, {
    ...{ method, headers, redirect: "manual", ...body },
  });
  const response = await exports.default.fetch(request);
  const text = await response.text();
  const what = `${method} ${made.path} ${JSON.stringify(made)}: ${response.status} ${text}`;
  expect(response.status, what).toBeLessThan(500);
  expect(Object.keys(operation.responses ?? {}), what).toContain(String(response.status));
  const { content } = (routes.get(name)?.responses[response.status] ?? {}) as { content?: object };
  if (response.status >= 400) {
    expect(response.headers.get("content-type"), what).toBe("application/problem+json");
    const { code } = Problem.parse(JSON.parse(text));
    expect(codesOf(operation, response.status), what).toContain(code);
    return;
  }
  const [type, { schema }] = Object.entries(content ?? {})[0] ?? ["", {}];
  if (type !== "application/json" || !(schema instanceof z.ZodType)) return;
  expect(schema.safeParse(JSON.parse(text)).error?.issues, what).toBeUndefined();
}

function codesOf({ responses = {} }: Operation["operation"], status: number): readonly string[] {
  const { content } = (responses[status] ?? {}) as {
    content?: Record<string, { examples?: object }>;
  };
  return Object.keys(content?.["application/problem+json"]?.examples ?? {});
}
