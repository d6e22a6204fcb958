import { exports } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import * as z from "zod";
import { withoutQueues } from "../../durable-objects/checkout/testing/sale.ts";
import { shopKeys } from "../../scripts/machine/local-keys.ts";
import { app } from "./app.ts";
import { Problem } from "./gate/problem.ts";
import { openApi, operationsOf } from "./reference/openapi.ts";
import { routesOf } from "./reference/zod-schemas.ts";
import { type Schema, spoiled, valuesOf } from "./testing/from-schema.ts";
import { fillOwnShop, type OwnShop } from "./testing/own-shop.ts";

const RUNS = 12; // of each call and key; `npm run fuzz` makes more
const keys = Object.entries(shopKeys);
const routes = routesOf(app);
const operations = operationsOf(openApi(app))
  // What it answers does not end.
  .filter(({ path }) => !path.endsWith("/stream"))
  .map(({ path, method, operation }) => ({
    ...{ method: method.toUpperCase(), path, operation },
    name: `${method.toUpperCase()} ${path}`,
  }));
type Operation = (typeof operations)[number];
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
};

let own: OwnShop;
beforeAll(async () => {
  for (const level of ["error", "warn", "log"] as const) {
    vi.spyOn(console, level).mockImplementation(() => undefined);
  }
  withoutQueues();
  own = await fillOwnShop();
}, 60_000);

test.each(operations)("answers only what the reference declares: $name", async (operation) => {
  for (const [kind, key] of keys) {
    await fc
      .assert(
        fc.asyncProperty(requestsOf(operation), async (request) => {
          await isDeclared(operation, { ...request, key });
        }),
        { numRuns: RUNS, endOnFailure: true, seed: 16 },
      )
      .catch((problem: unknown) => {
        const { cause, message } = problem as Error;
        throw new Error(`with a ${kind} key: ${message}\n${String(cause)}`, { cause });
      });
  }
});

type Made = {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
};

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

/** Requests of a call's form, the ids of things that exist among them; one in three has something wrong. */
function requestsOf({ path, operation }: Operation): fc.Arbitrary<Made> {
  const parameters = (operation.parameters ?? []) as readonly Parameter[];
  const inPath = parameters.filter((each) => each.in === "path");
  const segments = fc.record(
    Object.fromEntries(inPath.map((each) => [each.name, segmentOf(each)])),
  );
  const body = schemaOf(operation.requestBody);
  const bodies = body
    ? fc.oneof({ arbitrary: valuesOf(body), weight: 2 }, spoiled(valuesOf(body)))
    : fc.constant(undefined);
  const headers = fc.record({
    ...fieldsOf(parameters, "header"),
    "checkout-secret": fc.constantFrom("cs_guess", ""),
  });
  return fc
    .tuple(segments, optional(parameters, "query"), headers, bodies)
    .map(([named, query, sent, value]) => ({
      path: `${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(named[name])))}${searchOf(query)}`,
      headers: headersOf(path, sent),
      ...(value === undefined ? {} : { body: value }),
    }));
}

function headersOf(path: string, sent: Record<string, unknown>): Record<string, string> {
  const { checkout, order } = own.secrets;
  const secret = path.startsWith("/v1/orders") ? order : checkout;
  const all = Object.entries({ "idempotency-key": crypto.randomUUID(), ...sent });
  return {
    ...Object.fromEntries(
      all
        .filter(([, value]) => /^[\x21-\x7e]*$/.test(String(value)))
        .map(([name, value]) => [name, String(value)]),
    ),
    ...(sent["checkout-secret"] === "" ? { "checkout-secret": secret } : {}),
  };
}

function segmentOf({ name, schema }: Parameter): fc.Arbitrary<unknown> {
  const known = { ...own, sku: "mug", country: "DE", secrets: undefined }[name];
  const made = valuesOf(schema).filter((value) => !/^\.{0,2}$/.test(String(value)));
  return known === undefined ? made : fc.oneof({ arbitrary: fc.constant(known), weight: 2 }, made);
}

function fieldsOf(parameters: readonly Parameter[], place: string) {
  const own = parameters.filter((each) => each.in === place);
  return Object.fromEntries(own.map(({ name, schema }) => [name, valuesOf(schema)]));
}

function optional(parameters: readonly Parameter[], place: string) {
  const required = parameters.filter((each) => each.in === place && each.required);
  return fc.record(fieldsOf(parameters, place), { requiredKeys: required.map(({ name }) => name) });
}

function searchOf(query: Record<string, unknown>): string {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  );
  return search.size === 0 ? "" : `?${search}`;
}

function schemaOf(body: unknown): Schema | undefined {
  const { content } = (body ?? {}) as { content?: Record<string, { schema?: Schema }> };
  return content?.["application/json"]?.schema;
}
