import type { RouteConfig } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import * as z from "zod";
import { refusals } from "../../../schema/refusals.ts";
import { app } from "../app.ts";
import { calls } from "./calls/noted-calls.ts";
import { openApi, operationsOf } from "./openapi.ts";

const document = openApi(app);
const operations = operationsOf(document);
const nameOf = ({ path, method }: { path: string; method: string }) =>
  `${method.toUpperCase()} ${path}`;

/** Pages and documents about the API, not calls of it. */
const PAGES = [
  ...["GET /docs", "GET /docs/events", "GET /docs/problems"],
  ...["GET /asyncapi.json", "GET /openapi.json", "GET /storefront.json"],
  "POST /storefront/login",
];

test("every registered route is in the reference, and the reference has no other", () => {
  const registered = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`)
    .filter((name) => !PAGES.includes(name));

  expect([...new Set(registered)].toSorted()).toEqual(operations.map(nameOf).toSorted());
});

test("every call of the reference says in a sentence what it does, and who may make it", () => {
  for (const { path, method, operation } of operations) {
    expect(operation.summary, nameOf({ path, method })).toMatch(/\.$/);
    expect(operation.security, nameOf({ path, method })).toBeDefined();
  }
  expect(Object.keys(document.components?.securitySchemes ?? {})).toEqual(
    expect.arrayContaining(operations.flatMap(({ operation }) => schemesOf(operation))),
  );
});

test("the notes on calls are about calls that exist", () => {
  const names = operations.map(nameOf);
  expect(Object.keys(calls).filter((name) => !names.includes(name))).toEqual([]);
});

/** Of a call that the reference has not. */
const OF_NO_CALL = ["method_not_allowed"];

test("every refusal of the table can be met by a call of the reference", () => {
  const documented = operations.flatMap(({ operation }) => refusalsOf(operation.responses ?? {}));
  documented.push(...OF_NO_CALL);
  expect([...new Set(documented)].toSorted()).toEqual(Object.keys(refusals).toSorted());
});

test("every example has the shape of its call", () => {
  const routes = app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === "route" ? [definition.route] : [],
  );
  for (const [name, { body, answers = {} }] of Object.entries(calls)) {
    const route = routes.find((each) => nameOf(each) === name);
    if (body) expect(schemaOf(route?.request?.body).safeParse(body), name).toMatchObject(PARSED);
    for (const [status, answer] of Object.entries(answers)) {
      const schema = schemaOf(route?.responses[status]);
      expect(schema.safeParse(answer), `${name} ${status}`).toMatchObject(PARSED);
    }
  }
});

test("a problem points to its line of the page of refusals", async () => {
  const page = await (await app.request("/docs/problems")).text();
  for (const code of Object.keys(refusals)) expect(page).toContain(`id="${code}"`);
});

test("the reference page loads nothing from elsewhere", async () => {
  const response = await app.request("/docs");
  const page = await response.text();
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(response.headers.get("Content-Security-Policy")).toContain("script-src 'self'");
});

const PARSED = { success: true };

type Answers = NonNullable<RouteConfig["responses"]>;

function schemaOf(place: unknown): z.ZodType {
  const { content = {} } = z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) })
    .partial()
    .parse(place ?? {});
  const schema = Object.values(content)[0]?.schema;
  return schema instanceof z.ZodType ? schema : z.never();
}

function refusalsOf(responses: object): string[] {
  return Object.values(responses as Answers).flatMap((response) => {
    const content = "content" in response ? (response.content ?? {}) : {};
    const problem = content["application/problem+json"];
    return problem && "examples" in problem ? Object.keys(problem.examples ?? {}) : [];
  });
}

function schemesOf({ security = [] }: (typeof operations)[number]["operation"]): string[] {
  return security.flatMap((scheme) => Object.keys(scheme));
}
